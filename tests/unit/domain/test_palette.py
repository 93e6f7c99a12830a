"""Colours of labels: as the page's, and never one twice."""

import hashlib
from itertools import islice

from server.domain.palette import PALETTE, free_colors, palette_color


def test_it_is_the_palette_of_the_page():
    """tests/js/document/labels/palette.test.js says the same of the other."""
    written = ",".join(palette_color(number) for number in range(400))
    assert hashlib.sha256(written.encode()).hexdigest().startswith("6c5579437ab33a4b")


def test_colours_that_are_taken_are_passed_over():
    taken = [PALETTE[0], PALETTE[2], palette_color(30)]
    found = list(islice(free_colors(taken), 71))
    assert found[:2] == [PALETTE[1], PALETTE[3]]
    assert len({*found, *taken}) == 74
