"""A second segmenter for a server: of SAM 2's structure, made from MobileSAM so that it sees something; and waiting for
one to answer."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from server.modelkit.graphs.build_segmenter import complete_segmenter, describe_sam2
from server.modelkit.graphs.decoder_blocks import OBJECT_TOKEN
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.paths import PUBLISHED_DECODER, SEGMENTERS

STAND_IN = "squeezed_sam"
TITLE = "Squeezed SAM"
FINE = 0.3  # of the finer features against the tokens they are taken from: masks without them agree to 0.9, no more


def install_stand_in(folder: Path) -> Path:
    """Square frame, three tensors, an object token: its masks are worse than MobileSAM's, but masks."""
    reference = PUBLISHED_DECODER
    if not reference.is_file():
        pytest.skip("only a source checkout that was installed has the reference decoder")
    weights = recover_decoder_weights(onnx.load(str(reference)))
    weights[OBJECT_TOKEN] = 0.1 * np.random.default_rng(5).standard_normal((1, 256)).astype(np.float32)
    target = folder / STAND_IN
    target.mkdir(parents=True)
    onnx.save(
        _three_tensors(onnx.load(str(SEGMENTERS / "mobile_sam" / "encoder.onnx"))),
        str(target / "encoder.onnx"),
    )
    description = describe_sam2(STAND_IN, TITLE, "Apache-2.0", "encoder.onnx")
    quality = {"dataset": "Berkeley", "objects": 100, "one_click": 0.7251, "best_of_three": 0.8, "box": 0.9}
    complete_segmenter(
        target,
        {**description, "encoder": {"file": "encoder.onnx", "input": "input"}, "quality": quality},
        weights,
    )
    return target


def in_use(annotate, segmenter: str) -> None:
    """It has taken over, and what was said is answered by it."""
    annotate.until("() => samphire.segmenters().next === null")
    now = annotate.ask("samphire.segmenters()")
    assert now["inUse"] == segmenter, now["failure"]
    annotate.until("(id) => shown.decoded.peek()?.segmenter.id === id", segmenter)


def _three_tensors(model: onnx.ModelProto) -> onnx.ModelProto:
    """MobileSAM's encoder with SAM 2's outputs: the finer two are its first channels, larger."""
    graph = model.graph
    (tokens,) = [output.name for output in graph.output]
    del graph.output[:]
    graph.node.append(helper.make_node("Identity", [tokens], ["image_embed"]))
    graph.output.append(helper.make_tensor_value_info("image_embed", TensorProto.FLOAT, [1, 256, 64, 64]))
    graph.initializer.extend(
        numpy_helper.from_array(np.array(value), name)
        for name, value in (
            ("zero", [0]),
            ("axis", [1]),
            ("fine", np.float32(FINE)),
            ("whole", np.float32([])),
        )
    )
    for name, channels, scale in (("high_res_feats_1", 64, 2), ("high_res_feats_0", 32, 4)):
        graph.initializer.extend(
            [
                numpy_helper.from_array(np.array([channels]), f"{name}_end"),
                numpy_helper.from_array(np.array([1, 1, scale, scale], np.float32), f"{name}_scales"),
            ]
        )
        graph.node.extend(
            [
                helper.make_node("Slice", [tokens, "zero", f"{name}_end", "axis"], [f"{name}_some"]),
                helper.make_node("Mul", [f"{name}_some", "fine"], [f"{name}_small"]),
                helper.make_node(
                    "Resize", [f"{name}_small", "whole", f"{name}_scales"], [name], mode="nearest"
                ),
            ]
        )
        shape = [1, channels, 64 * scale, 64 * scale]
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    return model
