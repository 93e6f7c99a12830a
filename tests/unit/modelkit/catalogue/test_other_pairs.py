"""Pairs of transformers (transformers.js) and HQ-SAM, and networks all of whose dimensions are symbolic, are added."""

import numpy as np
import onnx
import pytest

from server.domain.masks import full_size_mask
from server.domain.prompts import decoder_inputs
from server.domain.types import Prompt
from server.inference.catalog import read_spec
from server.inference.decoder import Decoder
from server.modelkit.catalogue.trying import Tryout, objects, try_out
from server.paths import SEGMENTERS
from tests.unit.modelkit.catalogue import exports, other_pairs

pytestmark = pytest.mark.usefixtures("reference_decoder")


@pytest.fixture
def add(samphire, tmp_path):
    def run(encoder: onnx.ModelProto, decoder: onnx.ModelProto, name: str) -> int:
        paths = (
            exports.write(encoder, tmp_path / "encoder.onnx"),
            exports.write(decoder, tmp_path / "decoder.onnx"),
        )
        return samphire("add", *paths, "--id", name)

    return run


def iou(one: np.ndarray, other: np.ndarray) -> float:
    return np.count_nonzero(one & other) / np.count_nonzero(one | other)


def test_a_pair_of_transformers_answers_as_the_bundled_one(add, installed, capsys):
    assert add(other_pairs.transformers_encoder(), other_pairs.transformers_decoder(), "hf") == 0
    told = "decoder: run as it is: 3 masks, takes a box as a click in its middle, takes no mask back"
    assert told in capsys.readouterr().out
    theirs, ours = Tryout(read_spec(installed / "hf")), Tryout(read_spec(SEGMENTERS / "mobile_sam"))
    for prompt, _ in objects():
        [one] = theirs.answers(Decoder(read_spec(installed / "hf")), [prompt])
        [other] = ours.answers(Decoder(read_spec(SEGMENTERS / "mobile_sam")), [prompt])
        for token in (1, 2, 3):
            assert np.abs(one.predicted_iou[token] - other.predicted_iou[token]) < 0.1
        masks = [full_size_mask(answer.low_res_logits[3], theirs.frame) for answer in (one, other)]
        assert iou(*masks) > 0.97  # the published encoder in float32, and the bundled in 8 bits


@pytest.mark.slow
def test_a_box_is_a_click_in_its_middle_where_corners_mean_nothing(add, installed):
    add(other_pairs.transformers_encoder(), other_pairs.transformers_decoder(), "hf")
    spec = read_spec(installed / "hf")
    tryout, decoder = Tryout(spec), Decoder(spec)
    prepared = decoder.prepare(tryout.embedding)
    box, click = (
        Prompt(box=(200.0, 120.0, 460.0, 380.0)),
        Prompt(points=((330.0, 250.0, 1), (330.0, 250.0, 1))),
    )
    one, other = (
        decoder.decode(prepared, *decoder_inputs(prompt, tryout.frame), tryout.frame)
        for prompt in (box, click)
    )
    assert np.allclose(one.low_res_logits, other.low_res_logits, atol=1e-3)


@pytest.mark.slow
def test_the_positional_encoding_has_to_be_the_encoder_s(add, capsys):
    assert add(onnx.load(str(exports.ENCODER)), other_pairs.transformers_decoder(), "hf") == 2
    assert "wants image_positional_embeddings, which the encoder does not give" in capsys.readouterr().err


@pytest.mark.slow
def test_hq_sam_takes_the_features_of_its_first_early_layer(add, installed):
    assert add(other_pairs.hq_encoder(), other_pairs.hq_decoder(), "hq") == 0
    spec = read_spec(installed / "hq")
    assert [(one.name, one.grid, one.channels) for one in spec.embedding] == [
        ("image_tokens", 64, 256), ("early_features", 64, other_pairs.EARLY),
    ]  # fmt: skip
    assert spec.resize == "longest_side"
    assert try_out(spec).object_iou > 0.9
    tryout, decoder = Tryout(spec), Decoder(spec)
    [before] = tryout.answers(decoder, [objects()[0][0]])
    tryout.embedding["early_features"] = tryout.embedding["early_features"] + 2
    [after] = tryout.answers(decoder, [objects()[0][0]])
    assert np.abs(before.low_res_logits - after.low_res_logits).max() > 0.1


def test_hq_sam_of_one_layer_is_taken_and_one_that_reads_another_is_refused(add, capsys):
    assert add(other_pairs.hq_encoder(1), other_pairs.hq_decoder(1), "light") == 0
    assert add(other_pairs.hq_encoder(), other_pairs.hq_decoder(reads=2), "late") == 2
    assert "reads more than the first layer of interm_embeddings" in capsys.readouterr().err


def symbolic(model: onnx.ModelProto, *names: str) -> onnx.ModelProto:
    for value in [*model.graph.input, *model.graph.output]:
        if value.name in names or not names:
            for number, dim in enumerate(value.type.tensor_type.shape.dim):
                dim.dim_param = f"{value.name}_{number}"
    return model


@pytest.mark.parametrize(
    ("encoder", "decoder"),
    [
        (lambda: symbolic(exports.folded_nhwc()), lambda: symbolic(exports.four_masks(), "image_embeddings", "masks")),
        (lambda: symbolic(other_pairs.transformers_encoder()), lambda: symbolic(other_pairs.transformers_decoder())),
    ],
)  # fmt: skip
def test_symbolic_dimensions_are_found_out_by_running(add, installed, encoder, decoder):
    assert add(encoder(), decoder(), "any") == 0
    assert try_out(read_spec(installed / "any")).object_iou > 0.9


def test_a_fixed_number_of_points_is_told(add, capsys):
    decoder = exports.four_masks()
    for value in decoder.graph.input:
        if value.name.startswith("point_"):
            value.type.tensor_type.shape.dim[1].dim_value = 5
    assert add(onnx.load(str(exports.ENCODER)), decoder, "five") == 2
    told = capsys.readouterr().err
    assert "takes points as 1x5x2; SAM's take any number" in told
    assert "dynamic number of points" in told
