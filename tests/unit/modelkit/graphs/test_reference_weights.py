"""The decoder's weights are found in a graph whatever its exporter called the modules around them."""

import numpy as np
import onnx
import pytest

from server.errors import UnsupportedSegmenter
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from tests.unit.modelkit.catalogue.exports import DECODER

PARTS = ("prompt_encoder.", "mask_decoder.")


@pytest.fixture(scope="module", autouse=True)
def _needs_the_reference_decoder():
    if not DECODER.is_file():
        pytest.skip("only a source checkout that was installed has the reference decoder")


def renamed(change) -> onnx.ModelProto:
    """The usual export with every weight's name changed."""
    model = onnx.load(str(DECODER))
    names = {one.name: change(one.name) for one in model.graph.initializer}
    for one in model.graph.initializer:
        one.name = names[one.name]
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
    return model


def _module_called(prefix):
    def change(name):
        public = name.removeprefix("model.")
        return prefix + public if public.startswith(PARTS) else name

    return change


@pytest.mark.parametrize(
    "change",
    [
        _module_called("model."),
        _module_called("sam.sam_"),
        lambda name: name.replace("onnx::", "val_").replace(
            "::", "_"
        ),  # as torch's newer exporter calls them
    ],
    ids=["one module", "SAM 2's", "newer exporter's"],
)
def test_other_names_give_the_same_weights(change):
    usual, found = recover_decoder_weights(onnx.load(str(DECODER))), recover_decoder_weights(renamed(change))
    assert len(usual) == 137
    assert found.keys() == usual.keys()
    assert all(np.array_equal(found[name], usual[name]) for name in usual)


def test_an_export_without_a_part_is_refused():
    """--use-stability-score drops the head that predicts IoUs."""
    model = onnx.load(str(DECODER))
    kept = [one for one in model.graph.initializer if "iou_prediction_head" not in one.name]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    with pytest.raises(UnsupportedSegmenter):
        recover_decoder_weights(model)


def test_a_number_nobody_reads_does_not_matter():
    model = onnx.load(str(DECODER))
    model.graph.initializer.append(
        onnx.numpy_helper.from_array(np.zeros((256, 256), np.float32), "val_left_over")
    )
    assert len(recover_decoder_weights(model)) == 137
