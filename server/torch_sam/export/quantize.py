"""Encoders with 8-bit weights: onnxruntime's dynamic quantisation of the matrix products, a scale for each column."""

import logging
from pathlib import Path

import onnx

QUANTIZATIONS = ("none", "dynamic")


def quantize_dynamic(path: Path) -> None:
    """Replace the encoder at `path` by its quantised self, metadata kept. Raises OSError.

    Only matrix products: convolutions in integers are slower than in floats on onnxruntime's CPU kernels.
    """
    from onnxruntime import quantization

    whole = path.with_name("whole-" + path.name)
    path.rename(whole)
    properties = {
        one.key: one.value for one in onnx.load(str(whole), load_external_data=False).metadata_props
    }
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)  # it advises preprocessing that the export has done already
    try:
        quantization.quantize_dynamic(
            str(whole), str(path), op_types_to_quantize=["MatMul"], per_channel=True,
            weight_type=quantization.QuantType.QInt8, extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    finally:
        root.setLevel(before)
    whole.unlink()
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, properties)
    path.write_bytes(model.SerializeToString(deterministic=True))
