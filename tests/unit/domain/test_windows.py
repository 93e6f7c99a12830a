"""The pyramid of windows: which there are, which holds what, and what they are called."""

from itertools import pairwise

import numpy as np
import pytest

from server.domain.frames import InputFrame
from server.domain.masks import logits_in_frame, mask_in_image
from server.domain.windows import (
    SMALLEST_SIDE,
    find_window,
    holds,
    levels,
    window_of_prompt,
    window_of_view,
)
from server.errors import WindowNotFound

SIZES = [(4000, 3000), (3000, 4000), (12001, 1200), (1600, 1599), (20000, 20000)]


def all_windows(width, height, level):
    found = []
    for column in range(400):
        for row in range(400):
            try:
                found.append(find_window(f"{level}-{column}-{row}", width, height))
            except WindowNotFound:
                break
        if not found or not found[-1].key.startswith(f"{level}-{column}-"):
            return found
    raise AssertionError


@pytest.mark.parametrize("size", [*SIZES, (1534, 20), (800, 600)])
def test_levels_end_where_a_window_has_fewer_pixels_than_the_encoder_has_places(size):
    longest = max(size)
    count = levels(*size)
    assert count == 0 or longest / 2**count > SMALLEST_SIDE - 1
    assert longest / 2 ** (count + 1) < SMALLEST_SIDE


def test_small_images_have_no_windows():
    assert levels(1534, 1200) == 0
    assert window_of_view((0, 0, 10, 10), 1534, 1200) is None
    assert window_of_prompt((0, 0, 10, 10), 1534, 1200) is None


@pytest.mark.parametrize("size", SIZES[:4])
def test_windows_of_a_level_reach_from_edge_to_edge_and_overlap(size):
    width, height = size
    for level in range(1, levels(*size) + 1):
        windows = all_windows(width, height, level)
        side = -(-max(size) >> level)
        assert {(each.width, each.height) for each in windows} == {(min(side, width), min(side, height))}
        for starts, length in (({each.x for each in windows}, width), ({each.y for each in windows}, height)):
            ordered = sorted(starts)
            assert ordered[0] == 0
            assert ordered[-1] == max(0, length - side)
            assert all(after - before <= side / 3 + 1 for before, after in pairwise(ordered))


@pytest.mark.parametrize("size", SIZES)
def test_a_view_of_less_than_a_third_has_a_window_around_its_centre(size):
    width, height = size
    random = np.random.default_rng(0)
    for _ in range(200):
        side = float(random.uniform(10, max(size) / 2))
        x, y = (float(each) for each in random.uniform((0, 0), np.maximum(np.array(size) - side, 1)))
        view = (x, y, min(x + side, width), min(y + side, height))
        seen = max(view[2] - view[0], view[3] - view[1])
        window = window_of_view(view, width, height)
        assert (window is not None) == (seen <= -(-max(size) // 2) / 1.5)
        if window is not None:
            centre = ((view[0] + view[2]) / 2, (view[1] + view[3]) / 2) * 2
            assert holds(window, centre, width, height)
            assert window == find_window(window.key, width, height)
            smaller = -(-max(size) >> int(window.key[0]) + 1)
            assert smaller < SMALLEST_SIDE or 1.5 * seen > smaller


@pytest.mark.parametrize("size", SIZES)
def test_a_prompt_has_the_smallest_window_with_room_around_it(size):
    width, height = size
    random = np.random.default_rng(1)
    for _ in range(200):
        side = float(random.uniform(0, 0.6) ** 2 * max(size))
        x, y = (float(each) for each in random.uniform((0, 0), size))
        prompt = (x, y, min(x + side, width), min(y + side, height))
        window = window_of_prompt(prompt, width, height)
        if window is not None:
            assert holds(window, prompt, width, height)
        if side < min(256, min(size) / 8):  # so small that each level has one
            assert window is not None
            assert window.key.startswith(f"{levels(*size)}-")


def test_the_edge_of_a_window_holds_nothing_unless_the_image_ends_there():
    middle, corner = find_window("2-4-3", 4000, 3000), find_window("2-0-0", 4000, 3000)
    assert not holds(middle, (middle.x + 10, middle.y + 500, middle.x + 20, middle.y + 510), 4000, 3000)
    assert holds(corner, (0, 0, 5, 5), 4000, 3000)
    assert not holds(corner, (990, 500, 995, 505), 4000, 3000)


@pytest.mark.parametrize(
    "key", ["", "0-0-0", "3-0-0", "1-9-0", "1-0-9", "1-00-0", "1-0", "1-0-0 ", "a-0-0", "1--1-0", "١-0-0"]
)
def test_keys_of_no_window_are_refused(key):
    with pytest.raises(WindowNotFound):
        find_window(key, 4000, 3000)


def test_a_mask_over_a_window_lies_in_the_image_and_nothing_outside_of_it():
    window = find_window("1-1-2", 4000, 3000)
    frame = InputFrame(window.width, window.height, x=window.x, y=window.y)
    mask = mask_in_image(np.ones((256, 256), np.float32), frame, 4000, 3000)
    assert mask.shape == (3000, 4000)
    assert mask.sum() == window.width * window.height
    assert mask[window.y : window.y + window.height, window.x : window.x + window.width].all()


def test_logits_pass_into_a_window_and_back():
    whole = InputFrame(4000, 3000)
    window = find_window("1-1-1", 4000, 3000)
    part = InputFrame(window.width, window.height, x=window.x, y=window.y)
    row, column = np.indices((4 * whole.token_rows, 4 * whole.token_columns))
    logits = (8 - np.hypot(row - 96, column - 128) / 3).astype(np.float32)  # a disc in the middle
    inside = logits_in_frame(logits, whole, part)
    back = logits_in_frame(inside, part, whole)
    disc, again = (mask_in_image(each, whole, 4000, 3000) for each in (logits, back))
    through = mask_in_image(inside, part, 4000, 3000)
    for mask in (again, through):
        assert (mask & disc).sum() / (mask | disc).sum() > 0.97
