"""Prompts are checked before they reach a network, and become what SAM's prompt encoder expects."""

import pytest

from server.domain.frames import InputFrame
from server.domain.prompts import MAX_POINTS, decoder_inputs, parse_prompt
from server.errors import InvalidPrompt


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"points": []},
        {"points": "abc"},
        {"points": [[1, 2]]},
        {"points": [[1, 2, 3]]},
        {"points": [[1, 2, 0.5]]},
        {"points": [[float("nan"), 2, 1]]},
        {"points": [[float("inf"), 2, 1]]},
        {"points": [[10**400, 2, 1]]},
        {"points": [[True, 2, 1]]},
        {"points": [["1", 2, 1]]},
        {"points": [[1, 2, 1]] * (MAX_POINTS + 1)},
        {"box": [1, 2, 3]},
        {"box": [5, 5, 5, 9]},
        {"box": [-9, -9, -1, -1]},
        {"box": {"x": 1}},
    ],
)
def test_refuses(data):
    with pytest.raises(InvalidPrompt):
        parse_prompt(data, 100, 50)


def test_clamps_to_the_picture_and_orders_the_box():
    prompt = parse_prompt({"points": [[-5, 500, 1]], "box": [90, 40, 10, -20]}, 100, 50)
    assert prompt.points == ((0.0, 50.0, 1),)
    assert prompt.box == (10.0, 0.0, 90.0, 40.0)


def test_padding_point_stands_exactly_where_no_box_does():
    frame = InputFrame(1024, 1024)
    coords, labels = decoder_inputs(parse_prompt({"points": [[10, 20, 0]]}, 1024, 1024), frame)
    assert labels.tolist() == [0, -1]
    assert coords.tolist() == [[10, 20], [0, 0]]
    _, labels = decoder_inputs(
        parse_prompt({"points": [[10, 20, 1]], "box": [1, 2, 3, 4]}, 1024, 1024), frame
    )
    assert labels.tolist() == [1, 2, 3]
