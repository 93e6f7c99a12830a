"""Boxes of COCO objects against their polygons: what jobs make of imported boxes, and which masks they doubt.

Runs where SAMPHIRE_EVAL_DATA names a folder with `eval/coco128-seg`; -s prints the figures of docs/measurements.md.
"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from server.domain.masks import tight_box
from server.domain.runs import read_window
from server.features.mask_runs.boxes import Boxed, segment
from server.features.prediction.scenes import Scene
from server.inference.catalog import DEFAULT, Catalog
from server.inference.decoder import Decoder
from server.inference.encoder import Encoder
from server.lab.evaluation.clicks import mask_iou
from server.paths import SEGMENTERS
from tests.bench.test_selection import coco

pytestmark = pytest.mark.slow

BAD = 0.6  # IoU of a mask that a person should look at


def measured(catalog: Catalog, segmenter: str, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """IoU of each object over 1 % of its image, and whether its mask is doubted."""
    spec = catalog.find(segmenter)
    encoder, decoder = Encoder(spec), Decoder(spec, threads=0)
    ious, doubted, scene, path = [], [], None, None
    for photograph, truth in coco(folder):
        height, width = truth.mask.shape
        if scene is None or photograph != path:
            path = photograph
            with Image.open(path) as picture:
                rgb = np.asarray(picture.convert("RGB"))
            scene = Scene(decoder, decoder.prepare(encoder.encode(rgb)), spec.frame(width, height))
        found = segment(scene, Boxed("", 1, tight_box(truth.mask)), spec)
        mask = np.zeros((height, width), bool)
        if found.values:
            window = read_window(found.values["rle_counts"], width, height)
            high, wide = window.mask.shape
            mask[window.y : window.y + high, window.x : window.x + wide] = window.mask
        ious.append(mask_iou(mask, truth))
        doubted.append(bool(found.doubts))
    return np.array(ious), np.array(doubted)


def check(ious: np.ndarray, doubted: np.ndarray, least: float) -> None:
    bad = ious < BAD
    print(
        f"\n{len(ious)} boxes: mean IoU {ious.mean():.3f}; doubted {doubted.sum()} with {ious[doubted].mean():.3f}, "
        f"the others {ious[~doubted].mean():.3f}; of {bad.sum()} bad ones {np.count_nonzero(bad & doubted)} doubted"
    )
    assert ious.mean() >= least
    assert np.count_nonzero(bad & doubted) >= bad.sum() / 3
    assert doubted.mean() < 0.25


def test_masks_of_boxes_by_mobile_sam(eval_data):
    check(*measured(Catalog(SEGMENTERS), DEFAULT, eval_data / "eval" / "coco128-seg"), 0.755)


def test_masks_of_boxes_by_sam2(eval_data, sam2):
    catalog = Catalog(sam2.parent)
    check(*measured(catalog, sam2.name, eval_data / "eval" / "coco128-seg"), 0.81)
