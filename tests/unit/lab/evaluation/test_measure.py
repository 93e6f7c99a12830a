"""One object from first click to box, with a decoder that answers what it is told: exact numbers."""

import numpy as np
import pytest

from server.domain.frames import InputFrame
from server.inference.decoder import DecoderOutput
from server.lab.evaluation.measure import ObjectResult, Scene, measure_object
from server.lab.evaluation.truth import Truth

SIDE = 256  # one image pixel for each low-res pixel
FRAME = InputFrame(SIDE, SIDE)
NOTHING = np.zeros((SIDE, SIDE), bool)


def columns(start: int, end: int) -> np.ndarray:
    mask = NOTHING.copy()
    mask[100:140, start:end] = True
    return mask


TRUTH = Truth("m.png", columns(100, 140), None, "")  # 40x40


class Told:
    """A decoder whose answers are given: for each prompt four masks, and which of them it likes best."""

    def __init__(self, *answers: tuple[list[np.ndarray], int]) -> None:
        self._answers = iter(answers)
        self.asked = []

    def decode(self, prepared, coords, labels, frame, mask_input=None):
        self.asked.append((coords.tolist(), labels.tolist(), mask_input))
        masks, liked = next(self._answers)
        return DecoderOutput(np.where(masks, 8.0, -8.0).astype(np.float32), np.eye(4)[liked])


def all_four(mask: np.ndarray) -> tuple[list[np.ndarray], int]:
    return [mask] * 4, 0


def measured(decoder: Told, most_clicks=20, truth=TRUTH) -> ObjectResult:
    return measure_object(Scene(decoder, {}, FRAME), "i.jpg", truth, most_clicks)


def test_first_choice_refinement_and_box_in_numbers():
    quarter, half, most, exact = columns(100, 110), columns(100, 120), columns(100, 136), columns(100, 140)
    decoder = Told(
        ([exact, quarter, most, half], 3),  # half is shown; the best of the three candidates is most
        (
            [most, exact, exact, exact],
            1,
        ),  # a second click: the single mask is shown, unless it leaves the one before
        all_four(exact),
        ([half, half, most, half], 1),  # of the box: what fills it is shown, whatever is liked
    )
    result = measured(decoder)
    assert result.iou == pytest.approx([0.5, 0.9, 1.0])
    assert result.candidates == pytest.approx([0.25, 0.9, 0.5])
    assert result.best_of_three == pytest.approx(0.9)
    assert result.box == pytest.approx(0.9)
    assert (result.image, result.object, result.pixels) == ("i.jpg", "m.png", 1600)
    # the middle of the object, of its missing right half, of the last missing stripe
    assert result.clicks == ((119.5 + 0.0, 119.5 + 0.0, 1), (129.5, 109.5, 1), (137.5, 101.5, 1))


def test_what_the_decoder_is_asked():
    decoder = Told(all_four(columns(100, 120)), *[all_four(columns(100, 140))] * 2)
    measured(decoder)
    first, second, boxed = decoder.asked
    assert first[:2] == ([[478.0, 478.0], [0.0, 0.0]], [1, -1])
    assert second[:2] == ([[478.0, 478.0], [518.0, 438.0], [0.0, 0.0]], [1, 1, -1])
    assert boxed[:2] == ([[400.0, 400.0], [560.0, 560.0]], [2, 3])
    assert first[2] is None
    assert boxed[2] is None
    assert np.array_equal(second[2][0, 0] > 0, columns(100, 120))  # the logits of the mask shown before


def test_a_negative_click_where_the_mask_is_too_large():
    decoder = Told(all_four(columns(100, 200)), *[all_four(columns(100, 140))] * 2)
    assert measured(decoder).clicks[1] == (159.5, 119.5, 0)


def test_nobody_clicks_on_after_five_clicks_and_90():
    good = columns(100, 137)  # 0.925
    result = measured(Told(*[all_four(good)] * 6))
    assert result.iou == pytest.approx([0.925] * 5)
    late = [*[all_four(columns(100, 120))] * 6, all_four(good), all_four(good)]
    assert measured(Told(*late)).iou == pytest.approx([0.5] * 6 + [0.925])


def test_clicks_end_at_the_most_allowed():
    half = all_four(columns(100, 120))
    assert len(measured(Told(*[half] * 21)).iou) == 20
    assert len(measured(Told(*[half] * 3), most_clicks=2).iou) == 2


def test_undecided_pixels_do_not_count():
    border = columns(140, 150)
    result = measured(Told(*[all_four(columns(100, 150))] * 2), truth=Truth("m.png", TRUTH.mask, border, ""))
    assert result.iou == (1.0,)
    assert result.box == 1.0


def test_after_the_last_click_the_iou_stays():
    result = ObjectResult("i", "o", 1, (), (0.4, 0.86, 0.8), (0.1, 0.2, 0.4), 0.7)
    assert [result.iou_after(k) for k in (1, 2, 3, 4, 5)] == [0.4, 0.86, 0.8, 0.8, 0.8]
    assert result.clicks_to(0.85) == 2
    assert result.clicks_to(0.9) is None
