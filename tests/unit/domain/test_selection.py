"""Which candidate is shown first."""

import numpy as np

from server.domain.selection import default_token, offered_tokens
from server.domain.types import Prompt

CLICK = Prompt(points=((1.0, 1.0, 1),))
FLAT = np.full(4, 0.9)


def test_one_click_offers_three_and_more_is_no_longer_ambiguous():
    assert offered_tokens(CLICK) == (1, 2, 3)
    for prompt in (
        Prompt(points=((1.0, 1.0, 1), (2.0, 2.0, 0))),
        Prompt(box=(0.0, 0.0, 5.0, 5.0)),
        Prompt(points=((1.0, 1.0, 1),), has_mask=True),
    ):
        assert offered_tokens(prompt) == (0, 1, 2, 3)
        assert default_token(prompt, FLAT, FLAT, FLAT) == 0


def test_the_single_mask_token_is_never_first_for_one_click():
    assert default_token(CLICK, np.array([1.0, 0.5, 0.6, 0.4]), FLAT, FLAT) == 2


def test_an_unstable_rating_loses_and_size_breaks_near_ties():
    iou = np.array([0, 0.9, 0.93, 0.5])
    assert default_token(CLICK, iou, np.array([1, 0.98, 0.8, 1]), FLAT) == 1
    assert default_token(CLICK, np.array([0, 0.90, 0.91, 0.5]), FLAT, np.array([1, 0.3, 0.01, 0.01])) == 1


def test_an_empty_candidate_is_no_error():
    assert default_token(CLICK, FLAT, np.zeros(4), np.zeros(4)) in (1, 2, 3)
