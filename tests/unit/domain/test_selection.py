"""Which candidate is shown first."""

import numpy as np
import pytest

from server.domain.frames import InputFrame
from server.domain.selection import Ratings, agreement, candidates_iou, default_token, offered_tokens, rate
from server.domain.types import Prompt

CLICK = Prompt(points=((1.0, 1.0, 1),))
POINTS = Prompt(points=((1.0, 1.0, 1), (2.0, 2.0, 0)))
SECOND_CLICK = Prompt(points=POINTS.points, has_mask=True)
BOX = Prompt(box=(0.0, 0.0, 400.0, 400.0))
FLAT = np.full(4, 0.9)
FRAME = InputFrame(1024, 512)  # four image pixels a low-res pixel, 128 rows


def rated(**given):
    """Ratings that are flat but for these."""
    flat = dict.fromkeys(("predicted_iou", "stability", "area_fraction", "agreement"), FLAT)
    return Ratings(**{name: np.array(values) for name, values in (flat | given).items()})


def first(prompt, ratings, resize="longest_side"):
    return default_token(prompt, ratings, resize)


def test_one_click_offers_three_and_more_is_no_longer_ambiguous():
    assert offered_tokens(CLICK) == (1, 2, 3)
    for prompt in (POINTS, BOX, SECOND_CLICK, Prompt(points=CLICK.points, has_mask=True)):
        assert offered_tokens(prompt) == (0, 1, 2, 3)
        assert first(prompt, rated()) == 0


def test_the_single_mask_token_is_never_first_for_one_click():
    assert first(CLICK, rated(predicted_iou=[1.0, 0.5, 0.6, 0.4])) == 2


def test_an_unstable_rating_loses_and_size_breaks_near_ties():
    assert first(CLICK, rated(predicted_iou=[0, 0.9, 0.93, 0.5], stability=[1, 0.98, 0.8, 1])) == 1
    assert first(CLICK, rated(predicted_iou=[0, 0.90, 0.91, 0.5], area_fraction=[1, 0.3, 0.01, 0.01])) == 1


def test_a_click_corrects_the_mask_before_it():
    assert first(SECOND_CLICK, rated(agreement=[0.3, 0.8, 0.5, 0.1])) == 1
    assert first(SECOND_CLICK, rated(agreement=[0.6, 0.8, 0.5, 0.1])) == 0
    assert first(SECOND_CLICK, rated(agreement=[0.6, 0.8, 0.5, 0.1], stability=[0.5, 0.9, 0.9, 0.9])) == 1


def test_the_single_mask_token_is_trusted_the_more_has_been_said():
    fourth = Prompt(points=tuple((float(x), 1.0, 1) for x in range(4)), has_mask=True)
    assert first(fourth, rated(agreement=[0.1, 0.95, 0.5, 0.1])) == 0
    boxed = Prompt(points=CLICK.points, box=BOX.box, has_mask=True)
    assert first(boxed, rated(agreement=[0.3, 0.8, 0.5, 0.1])) == 1


def test_sam_2_trusts_its_single_mask_token_more():
    ratings = rated(agreement=[0.3, 0.8, 0.5, 0.1])
    assert (first(SECOND_CLICK, ratings), first(SECOND_CLICK, ratings, "square")) == (1, 0)


def test_an_object_fills_its_box():
    assert first(BOX, rated(agreement=[0.5, 0.6, 0.9, 0.1])) == 2
    assert first(BOX, rated(agreement=[0.5, 0.6, 0.7, 0.1], stability=[0.9, 0.9, 0.5, 0.9])) == 1


def test_without_a_mask_or_a_box_points_go_by_stability():
    assert (
        first(
            POINTS,
            rated(predicted_iou=[1, 0.1, 1, 1], stability=[0.8, 0.95, 0.9, 0.9], agreement=np.zeros(4)),
        )
        == 1
    )


def square(left, top, side):
    """Logits (128, 256) of a square."""
    logits = np.full((128, 256), -5.0, np.float32)
    logits[top : top + side, left : left + side] = 5
    return logits


def test_agreement_is_the_iou_with_the_mask_before():
    logits = np.stack([square(0, 0, 10), square(5, 0, 10), square(100, 50, 4), np.full((128, 256), -1.0)])
    found = agreement(SECOND_CLICK, logits, FRAME, square(0, 0, 10))
    assert found == pytest.approx([1, 50 / 150, 0, 0])
    whole = np.full((256, 256), 9.0, np.float32)  # with logits of the padding, which do not count
    whole[:128] = square(0, 0, 10)
    assert agreement(SECOND_CLICK, logits, FRAME, whole) == pytest.approx([1, 50 / 150, 0, 0])


def test_agreement_is_that_of_bounding_box_and_box():
    ring = square(0, 0, 100)
    ring[10:90, 10:90] = -5
    logits = np.stack([ring, square(0, 0, 50), square(150, 0, 50), np.full((128, 256), -1.0)])
    assert agreement(BOX, logits, FRAME, None) == pytest.approx([1, 0.25, 0, 0])


def test_there_is_nothing_for_one_click_to_agree_with():
    logits = np.stack([square(0, 0, 10)] * 4)
    assert not agreement(CLICK, logits, FRAME, None).any()


def test_an_empty_candidate_is_no_error():
    empty = np.full((4, 128, 256), -1.0, np.float32)
    for prompt in (CLICK, POINTS, BOX):
        ratings = rate(prompt, empty, FLAT, FRAME)
        assert first(prompt, ratings) in offered_tokens(prompt)
    assert first(SECOND_CLICK, rate(SECOND_CLICK, empty, FLAT, FRAME, empty[0])) == 0


def test_candidates_that_disagree():
    """Of one click the single-mask token does not count, nor what lies beside the picture."""
    logits = np.full((4, 256, 256), -1.0)
    logits[1, :10, :10] = logits[2, :10, :20] = logits[3, :10, :8] = logits[:2, 200:] = 1
    iou = np.array([1.0, 0.9, 0.8, 0.7])
    assert candidates_iou(CLICK, logits, iou, 1, FRAME) == 0.5
    assert candidates_iou(CLICK, logits, iou, 3, FRAME) == 0.8
    assert candidates_iou(SECOND_CLICK, logits, iou, 1, FRAME) == 0
