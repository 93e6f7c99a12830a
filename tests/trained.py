"""A segmenter as training MobileSAM's decoder further leaves it: the same encoder file, another decoder."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from server.inference.catalog import read_spec
from server.modelkit.graphs.build_segmenter import complete_segmenter, describe
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.paths import PUBLISHED_DECODER, SEGMENTERS

TRAINED = "trained_sam"
TITLE = "Trained SAM"
_NOISE = (
    3.0  # of the deviation of each weight that is changed: masks of drawn objects then agree to 0.7 to 0.96
)


def install_trained(folder: Path) -> Path:
    """In the folder of segmenters, one that decodes MobileSAM's embeddings, to other masks."""
    if not PUBLISHED_DECODER.is_file():
        pytest.skip("only a source checkout that was installed has the reference decoder")
    rng = np.random.default_rng(3)
    weights = recover_decoder_weights(onnx.load(str(PUBLISHED_DECODER)))
    for name, array in weights.items():
        if "output_hypernetworks_mlps" in name:
            noise = _NOISE * array.std() * rng.standard_normal(array.shape)
            weights[name] = (array + noise).astype(np.float32)
    bundled = read_spec(SEGMENTERS / "mobile_sam")
    target = folder / TRAINED
    target.mkdir(parents=True)
    shutil.copyfile(bundled.encoder_path, target / "encoder.onnx")
    source = {
        "trained_from": {"segmenter": bundled.id, "weights": bundled.weights},
        "images": 40,
        "objects": 123,
        "at": "2030-01-02T03:04:05Z",
    }
    told = {**describe(TRAINED, TITLE, "Apache-2.0"), "encoding": bundled.encoding, "source": source}
    complete_segmenter(target, told, weights)
    return target
