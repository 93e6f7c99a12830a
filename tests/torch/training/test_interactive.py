"""The eleven steps: what is said in each, what is fed back, and which mask learns."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import torch
from torch import Generator, Tensor

from server.modelkit.torch_sam.sam import Prompts
from server.modelkit.training.examples import Embedded, Example
from server.modelkit.training.interactive import STEPS, Step, interact
from server.modelkit.training.losses import iou_loss, mask_iou, mask_loss

TRUTHS = ((20, 30, 60, 80), (100, 100, 110, 112))  # x0, y0, x1, y1 of low-res pixels


def square(x0: int, y0: int, x1: int, y1: int) -> Tensor:
    mask = torch.zeros(256, 256)
    mask[y0:y1, x0:x1] = 1
    return mask


def example(boxes: tuple[tuple[int, int, int, int], ...] = TRUTHS) -> Example:
    return Example(
        Embedded(torch.zeros(1, 256, 64, 64)),
        torch.stack([square(*box) for box in boxes]),
        torch.ones(256, 256),
        torch.ones(256, 256, dtype=torch.bool),
    )


def sure(mask: Tensor) -> Tensor:
    return 20 * mask - 10


class Scripted:
    """Answers every prompt with the same four masks and IoUs for each object, and keeps what was said."""

    def __init__(self, logits: Tensor, ious: Tensor) -> None:
        self.logits, self.ious = logits.clone().requires_grad_(), ious.clone().requires_grad_()
        self.said: list[Prompts] = []

    def __call__(self, _: Embedded, said: Prompts) -> tuple[Tensor, Tensor]:
        self.said.append(said)
        return self.logits, self.ious

    def learns(self, step: Step) -> tuple[Tensor, Tensor]:
        """The masks (B, 4) and IoUs (B, 4) that a step has gradients of."""
        of_masks, of_ious = torch.autograd.grad(step.loss, [self.logits, self.ious], retain_graph=True)
        return of_masks.abs().amax((-2, -1)) > 0, of_ious.abs() > 0


def always(mask: Tensor) -> Scripted:
    """One object, four times the same mask."""
    return Scripted(sure(mask).expand(1, 4, 256, 256), torch.tensor([[0.5, 0.4, 0.6, 0.3]]))


def count(said: Prompts) -> int:
    return 0 if said.points is None else said.points[0].shape[1]


def seed_that(wanted: Callable[[Prompts], bool]) -> int:
    """The first whose first step says this."""
    for seed in range(100):
        decoder = always(square(*TRUTHS[0]))
        next(iter(interact(decoder, example(TRUTHS[:1]), Generator().manual_seed(seed))))
        if wanted(decoder.said[0]):
            return seed
    raise AssertionError("no such seed")


@pytest.fixture(scope="module")
def many() -> list[list[Prompts]]:
    """What is said to a decoder that finds nothing, 60 times."""
    one, said = example(TRUTHS[1:]), []
    with torch.no_grad():
        for seed in range(60):
            decoder = always(torch.zeros(256, 256))
            assert len(list(interact(decoder, one, Generator().manual_seed(seed)))) == STEPS
            said.append(decoder.said)
    return said


def test_there_are_eleven_steps_of_which_eight_add_a_point_and_the_last_does_not(many):
    assert STEPS == 11
    for said in many:
        counts = [count(one) for one in said]
        added = [after - before for before, after in pairwise(counts)]
        assert sorted(added) == [0, 0] + [1] * 8
        assert added[-1] == 0


def test_the_other_step_without_a_point_is_anywhere_between(many):
    where: Counter[int] = Counter()
    for said in many:
        counts = [count(one) for one in said]
        where.update(step for step in range(1, 10) if counts[step] == counts[step - 1])
    assert set(where) == set(range(1, 10))
    assert max(where.values()) < 60 / 9 * 2.5


def test_without_boxes_all_begin_with_a_point():
    decoder = always(square(*TRUTHS[0]))
    for seed in range(20):
        list(interact(decoder, example(TRUTHS[:1]), Generator().manual_seed(seed), 1, boxes=0))
    assert len(decoder.said) == 20
    assert all(said.boxes is None and count(said) == 1 for said in decoder.said)


def test_half_begin_with_a_point_and_half_with_a_box_that_stays(many):
    boxes = [said[0].boxes is not None for said in many]
    assert 0.35 < sum(boxes) / len(boxes) < 0.65
    for said, box in zip(many, boxes, strict=True):
        assert count(said[0]) == (0 if box else 1)
        for one in said:
            assert (one.boxes is None) == (said[0].boxes is None)
            assert one.boxes is None or torch.equal(one.boxes, said[0].boxes)


def test_points_that_were_said_are_said_again(many):
    for said in many[:20]:
        for before, after in pairwise(said):
            if before.points is not None and after.points is not None:
                kept = before.points[0].shape[1]
                assert torch.equal(after.points[0][:, :kept], before.points[0])
                assert torch.equal(after.points[1][:, :kept], before.points[1])


def test_later_points_lie_where_the_mask_was_wrong():
    truth, shown = square(*TRUTHS[0]), square(40, 30, 80, 80)
    decoder = always(shown)
    list(
        interact(
            decoder, example(TRUTHS[:1]), Generator().manual_seed(seed_that(lambda said: said.boxes is None))
        )
    )
    places, labels = decoder.said[-1].points or (torch.empty(0), torch.empty(0))
    assert places.shape == (1, 9, 2)
    x, y = ((places[0] + 0.5) / 4).long().T
    assert bool((shown != truth)[y, x][1:].all())
    assert torch.equal(labels[0], truth[y, x])
    assert set(labels[0, 1:].tolist()) == {0.0, 1.0}


def test_the_logits_before_are_fed_back_from_the_second_step_on_without_a_gradient():
    logits = torch.stack([sure(square(*box)) * scale for box in TRUTHS for scale in (1, 2, 3, 4)])
    ious = torch.tensor([[0.1, 0.2, 0.9, 0.3], [0.1, 0.8, 0.2, 0.3]])
    decoder = Scripted(logits.unflatten(0, (2, 4)), ious)
    list(interact(decoder, example(), Generator().manual_seed(seed_that(lambda said: said.boxes is None))))
    assert decoder.said[0].masks is None
    second = decoder.said[1].masks
    assert second is not None
    assert second.shape == (2, 1, 256, 256)
    assert not second.requires_grad
    best = torch.stack([decoder.logits[0, 2], decoder.logits[1, 1]])  # highest predicted IoU of the three
    assert torch.equal(second[:, 0], best)
    for said in decoder.said[2:]:  # of the one mask for prompts that are not ambiguous
        assert said.masks is not None
        assert torch.equal(said.masks[:, 0], decoder.logits[:, 0])


def of_a_lone_point(box: tuple[int, int, int, int]) -> tuple[Scripted, Iterator[Step]]:
    """Of the three candidates the second is nearest, and the first is thought to be the best."""
    truth = square(*box)
    masks = torch.stack([truth, 1 - truth, square(20, 30, 60, 70), torch.zeros(256, 256)])
    decoder = Scripted((2 * masks - 1)[None], torch.tensor([[0.9, 0.8, 0.1, 0.2]]))
    seed = seed_that(lambda said: said.boxes is None)
    return decoder, interact(decoder, example((box,)), Generator().manual_seed(seed))


def test_after_a_lone_point_the_candidate_with_the_lowest_loss_learns():
    decoder, steps = of_a_lone_point(TRUTHS[0])
    step = next(steps)
    masks, ious = decoder.learns(step)
    assert masks.tolist() == [[False, False, True, False]]
    assert ious.tolist() == [[False, True, True, True]]
    truth, inside = square(*TRUTHS[0]), torch.ones(256, 256)
    actual = mask_iou(decoder.logits[0], truth, inside)
    assert actual.tolist() == pytest.approx([1, 0, 0.8, 0])
    by_hand = mask_loss(decoder.logits[0, 2], truth, inside)
    by_hand = by_hand + iou_loss(decoder.ious[0, 1:], actual[1:]).mean()
    assert step.loss.item() == pytest.approx(by_hand.item())
    assert step.iou.tolist() == [0]  # of the one that is offered first: what it thinks best is all wrong


def test_later_the_one_mask_for_clear_prompts_learns_alone():
    decoder, steps = of_a_lone_point(TRUTHS[0])
    next(steps)
    for step in steps:
        masks, ious = decoder.learns(step)
        assert masks.tolist() == ious.tolist() == [[True, False, False, False]]
        assert step.iou.tolist() == [1]


def test_after_a_box_the_one_mask_learns_at_once():
    decoder = always(square(*TRUTHS[1]))
    seed = seed_that(lambda said: said.boxes is not None)
    step = next(interact(decoder, example(TRUTHS[1:]), Generator().manual_seed(seed)))
    masks, ious = decoder.learns(step)
    assert masks.tolist() == ious.tolist() == [[True, False, False, False]]


def test_objects_of_an_image_count_alike():
    decoder = Scripted(torch.zeros(2, 4, 256, 256), torch.zeros(2, 4))
    step = next(interact(decoder, example(), Generator().manual_seed(1)))
    of_each = [mask_loss(torch.zeros(256, 256), square(*box), torch.ones(256, 256)).item() for box in TRUTHS]
    assert step.loss.item() == pytest.approx(sum(of_each) / 2)  # nothing is found, and nothing is expected
    assert step.iou.tolist() == [0, 0]


def test_what_is_right_already_is_still_clicked_on():
    decoder = always(square(*TRUTHS[0]))
    list(interact(decoder, example(TRUTHS[:1]), Generator().manual_seed(2)))
    places, labels = decoder.said[-1].points or (torch.empty(0), torch.empty(0))
    x, y = ((places[0] + 0.5) / 4).long().T
    assert bool(square(*TRUTHS[0])[y, x].all())
    assert bool(labels.all())


def test_fewer_steps_keep_the_last_without_a_point():
    decoder = always(torch.zeros(256, 256))
    assert len(list(interact(decoder, example(TRUTHS[:1]), Generator().manual_seed(2), steps=4))) == 4
    counts = [count(said) for said in decoder.said]
    assert counts[-1] == counts[-2] == counts[0] + 2
