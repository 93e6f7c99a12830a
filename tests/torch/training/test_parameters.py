"""What learns, and how fast."""

import pytest

from server.inference.catalog import DEFAULT, open_catalog
from server.modelkit.graphs.own_weights import read_weights
from server.modelkit.training.decoding import Decoder
from server.modelkit.training.parameters import choose


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    return Decoder(read_weights(open_catalog(tmp_path_factory.mktemp("data")).find(DEFAULT)))


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("choice", {3e-4: 132_612}),
        ("tokens", {3e-4: 132_612, 3e-5: 560_512}),
        ("decoder", {3e-4: 132_612, 3e-5: 3_931_948}),
    ],
)
def test_each_part_learns_at_its_rate(decoder, what, expected):
    groups = choose(decoder, what)
    assert {group.rate: sum(each.numel() for each in group.parameters) for group in groups} == expected
    learning = {id(each) for group in groups for each in group.parameters}
    assert {id(each) for each in decoder.parameters() if each.requires_grad} == learning


def test_a_choice_changes_no_mask(decoder):
    choose(decoder, "choice")
    names = [name for name, each in decoder.named_parameters() if each.requires_grad]
    assert names
    assert all("iou_prediction_head" in name for name in names)
