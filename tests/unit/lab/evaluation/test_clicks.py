"""Where the simulated person clicks, and what counts."""

import numpy as np
import pytest

from server.domain.masks import tight_box
from server.lab.evaluation.clicks import Clicker, mask_iou
from server.lab.evaluation.truth import Truth


def block(rows: slice, columns: slice, shape=(20, 30)) -> np.ndarray:
    mask = np.zeros(shape, bool)
    mask[rows, columns] = True
    return mask


def truth(mask: np.ndarray, undecided: np.ndarray | None = None) -> Truth:
    return Truth("one", mask, undecided, "")


NOTHING = np.zeros((20, 30), bool)
OBJECT = block(slice(4, 13), slice(6, 15))  # 9x9


def test_the_first_click_is_the_middle_of_the_object():
    assert Clicker(truth(OBJECT)).next(NOTHING) == (10.5, 8.5, 1)


def test_what_is_missing_gets_a_positive_click():
    mask = OBJECT & ~block(slice(8, 13), slice(10, 15))
    assert Clicker(truth(OBJECT)).next(mask) == (12.5, 10.5, 1)


def test_what_is_too_much_gets_a_negative_click():
    mask = OBJECT | block(slice(0, 20), slice(20, 27))
    assert Clicker(truth(OBJECT)).next(mask) == (23.5, 3.5, 0)


def test_the_wider_error_goes_first_whatever_its_area():
    missing = OBJECT & ~block(slice(6, 11), slice(8, 13))  # 25 pixels, 3 deep
    long = missing | block(slice(16, 18), slice(0, 30))  # 60 pixels, 1 deep
    assert Clicker(truth(OBJECT)).next(long) == (10.5, 8.5, 1)


def test_of_two_as_deep_the_negative_comes_first():
    mask = (OBJECT & ~block(slice(4, 7), slice(6, 9))) | block(slice(15, 18), slice(20, 23))
    assert Clicker(truth(OBJECT)).next(mask) == (21.5, 16.5, 0)


def test_no_pixel_is_clicked_twice():
    clicker = Clicker(truth(OBJECT))
    clicks = [clicker.next(NOTHING) for _ in range(81)]
    assert len(set(clicks)) == 81
    assert clicker.next(NOTHING) is None


def test_a_perfect_mask_gets_no_click():
    assert Clicker(truth(OBJECT)).next(OBJECT) is None


def test_undecided_pixels_are_not_clicked_and_do_not_count():
    undecided = block(slice(0, 20), slice(15, 30))
    mask = OBJECT | block(slice(0, 20), slice(18, 30))
    subject = truth(OBJECT, undecided)
    assert Clicker(subject).next(mask) is None
    assert mask_iou(mask, subject) == 1


@pytest.mark.parametrize(
    ("mask", "iou"),
    [
        (OBJECT, 1),
        (NOTHING, 0),
        (block(slice(4, 13), slice(6, 12)), 54 / 81),
        (block(slice(4, 13), slice(9, 18)), 54 / 108),
    ],
)
def test_intersection_over_union_in_numbers(mask, iou):
    assert mask_iou(mask, truth(OBJECT)) == pytest.approx(iou)


def test_a_box_runs_along_the_outer_edges_of_the_pixels():
    assert tight_box(OBJECT) == (6, 4, 15, 13)
    assert tight_box(block(slice(19, 20), slice(29, 30))) == (29, 19, 30, 20)
