"""One mask out of several: by majority, and by STAPLE, which knows who is to be trusted."""

import numpy as np
import pytest

from server.domain.agreement.comparing import Group
from server.domain.agreement.consensus import agreed, estimate, majority, staple
from server.domain.runs import Window
from tests.unit.domain.agreement.drawn import box

WIDTH, HEIGHT = 120, 90


def disk(x: float, y: float, radius: float) -> Window:
    ys, xs = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return Window((xs - x) ** 2 + (ys - y) ** 2 <= radius**2, 0, 0)


def pixels(window: Window) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    rows, columns = window.mask.shape
    mask[window.y : window.y + rows, window.x : window.x + columns] = window.mask
    return mask


def of_all_kinds(decisions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kinds of pixels, and how many there are of each, of what n people say of each pixel, bool (pixels, n)."""
    return np.unique(decisions, axis=0, return_counts=True)


def test_the_majority_is_more_than_half_of_them():
    masks = [Window(np.array([row], bool), 2, 5) for row in ([1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 1])]
    found = majority(masks)
    assert (found.mask.tolist(), found.x, found.y) == ([[True, True]], 2, 5)
    assert majority(masks[:2]).mask.tolist() == [[True, True]]  # half is not enough
    assert majority([Window(np.ones((2, 2), bool), 0, 0), Window(np.ones((2, 2), bool), 2, 0)]).mask.size == 0


def test_who_all_mark_the_same_agree_on_that():
    masks = [disk(60, 45, 30)] * 3
    assert pixels(staple(masks, WIDTH, HEIGHT)).tolist() == disk(60, 45, 30).mask.tolist()
    assert pixels(majority(masks)).tolist() == disk(60, 45, 30).mask.tolist()


def test_it_finds_the_performance_that_marks_were_made_with():
    random = np.random.default_rng(7)
    truth = np.zeros(400_000, bool)
    truth[:120_000] = True
    sensitivity, specificity = np.array([0.95, 0.9, 0.85, 0.6]), np.array([0.92, 0.99, 0.9, 0.7])
    draws = random.random((len(truth), 4))
    decisions = np.where(truth[:, None], draws < sensitivity, draws >= specificity)
    found = estimate(*of_all_kinds(decisions))
    # the prior is the share of marks, 0.36, not the 0.3 that is true: what is left of the error comes from there
    assert found.sensitivity == pytest.approx(sensitivity, abs=0.02)
    assert found.specificity == pytest.approx(specificity, abs=0.02)


def test_one_who_marks_something_else_is_outvoted_even_where_others_differ():
    good = [disk(60, 45, 30), disk(60, 45, 29), disk(61, 45, 30)]
    bad = disk(90, 45, 20)
    found = pixels(staple([*good, bad], WIDTH, HEIGHT))
    truth = good[0].mask
    iou = (found & truth).sum() / (found | truth).sum()
    assert iou > 0.93
    decisions = np.stack([each.mask.reshape(-1) for each in [*good, bad]], axis=1)
    performance = estimate(*of_all_kinds(decisions))
    assert performance.sensitivity[3] < 0.5 < 0.9 < performance.sensitivity[:3].min()


def test_what_nobody_marked_is_never_in_it_nor_what_lies_outside_the_image():
    found = staple([disk(0, 0, 20), disk(2, 2, 20), disk(0, 1, 20)], WIDTH, HEIGHT)
    assert min(found.x, found.y) >= 0
    either = disk(0, 0, 20).mask | disk(2, 2, 20).mask | disk(0, 1, 20).mask
    assert not (pixels(found) & ~either).any()


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_an_object_is_agreed_on_when_more_than_half_have_it(method):
    both = Group({"ann": box("a", 10, 10, 20, 20), "bob": box("b", 10, 10, 20, 18)})
    alone = Group({"cid": box("c", 60, 10, 20, 20)})
    found = list(agreed([both, alone], 3, method, 100, 80))
    assert [sorted(each.members) for each in found] == [["ann", "bob"]]
    assert list(agreed([both], 4, method, 100, 80)) == []


def test_the_label_is_the_most_frequent_one_and_of_several_that_of_the_best_mask():
    boxes = {"ann": ("a", 20, "car"), "bob": ("b", 20, "bus"), "cid": ("c", 14, "car")}
    group = Group({who: box(name, 10, 10, 20, high, label) for who, (name, high, label) in boxes.items()})
    [found] = agreed([group], 3, "majority", 100, 80)
    assert (found.label, found.closest.id) == ("car", "a")
    two = Group(
        {"ann": group.members["cid"], "bob": group.members["bob"], "cid": box("d", 10, 10, 20, 20, "van")}
    )
    [found] = agreed([two], 3, "majority", 100, 80)
    assert (found.label, found.closest.id) == ("bus", "b")
