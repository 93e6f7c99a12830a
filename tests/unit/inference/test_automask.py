"""Automatic masks of a drawn world, whose decoder knows what is where; and of a photograph, against the reference."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco

from server.domain.frames import InputFrame
from server.inference.automask import AutomaskSettings, AutomaticMask, Stopped, View, automatic_masks
from server.inference.automask_grid import crops, is_cut_off, point_grid, without_duplicates
from server.inference.automatic_decoder import (
    ClickByClick,
    Looked,
    ManyClicks,
    Part,
    automatic_decoder,
    part_of,
)
from server.inference.catalog import Catalog
from server.inference.encoder import Encoder
from server.paths import SEGMENTERS

WIDTH, HEIGHT = 400, 300
SETTINGS = AutomaskSettings(points_per_side=16)


class World:
    """Rectangles x0, y0, x1, y1 of an image; the smallest under a click is its first candidate, and so on.

    `iou` is what the decoder predicts for one, `soft` how far logits near zero reach, image pixels.
    """

    def __init__(self, *boxes, iou=None, soft=None) -> None:
        self.boxes = sorted(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        self.iou, self.soft = iou or {}, soft or {}
        self.looked = self.upscaled = 0
        self.views: list[tuple[int, int, int, int]] = []

    def view(self, crop) -> View:
        self.views.append(crop)
        return View({"crop": np.array(crop)}, InputFrame(crop[2], crop[3]))

    def prepare(self, tensors):
        return dict(tensors)

    def look(self, prepared, clicks, frame) -> Looked:
        self.looked += len(clicks)
        iou, logits = self._answer(prepared["crop"], clicks, frame)

        def upscale(click, candidate, part):
            self.upscaled += 1
            return part_of(logits[click, candidate], part)

        return Looked(iou, logits[:, :, ::4, ::4], upscale)

    def _answer(self, crop, clicks, frame):
        scale = frame.image_width / frame.width
        rows, columns = 4 * frame.token_rows, 4 * frame.token_columns
        x = (np.arange(columns) + 0.5) * 4 * scale + crop[0]
        y = (np.arange(rows)[:, None] + 0.5) * 4 * scale + crop[1]
        iou = np.zeros((len(clicks), 3), np.float32)
        logits = np.full((len(clicks), 3, rows, columns), -20, np.float32)
        for number, (left, top) in enumerate(np.asarray(clicks) * scale + crop[:2]):
            hit = [box for box in self.boxes if box[0] <= left < box[2] and box[1] <= top < box[3]]
            for token, box in enumerate(hit[:3]):
                inside = np.minimum(np.minimum(x - box[0], box[2] - x), np.minimum(y - box[1], box[3] - y))
                logits[number, token] = np.clip(inside / self.soft.get(box, 0.4), -20, 20)
                iou[number, token] = self.iou.get(box, 0.95)
        return iou, logits


def masks(world: World, settings: AutomaskSettings = SETTINGS, **more) -> list[AutomaticMask]:
    return automatic_masks(world, world.view, (WIDTH, HEIGHT), settings, **more)


def boxes(found: list[AutomaticMask]) -> list[tuple[int, int, int, int]]:
    """x0, y0, x1, y1, rounded to what a low-res pixel is here."""
    return sorted((x, y, x + w, y + h) for x, y, w, h in (mask.bbox for mask in found))


def near(found: list[AutomaticMask], *expected) -> bool:
    return (
        len(found) == len(expected) and np.abs(np.array(boxes(found)) - np.array(sorted(expected))).max() <= 1
    )


CUP, PLATE, TABLE, LAMP = (60, 80, 130, 170), (40, 60, 190, 200), (10, 40, 390, 290), (300, 5, 340, 35)


@pytest.mark.parametrize("fast", [False, True])
def test_every_object_is_found_once_and_parts_beside_their_wholes(fast):
    world = World(CUP, PLATE, TABLE, LAMP)
    found = masks(world, AutomaskSettings(points_per_side=16, fast=fast))
    assert near(found, CUP, PLATE, TABLE, LAMP)
    for mask in found:
        x, y = mask.point
        assert mask.window.mask[int(y) - mask.window.y, int(x) - mask.window.x]
        assert mask.area == np.count_nonzero(mask.window.mask)
        assert (mask.crop_box, mask.predicted_iou) == ((0, 0, WIDTH, HEIGHT), pytest.approx(0.95))
        assert mask.stability_score > 0.95
    assert world.upscaled < 40  # of 256 clicks, most of which are on the same large objects
    assert 256 < world.looked < 276 if not fast else world.looked < 128  # large objects are looked at again


def test_what_is_not_confident_or_not_stable_is_left_out():
    world = World(CUP, PLATE, TABLE, iou={PLATE: 0.87}, soft={CUP: 6.0})
    assert near(masks(world), TABLE)
    loose = AutomaskSettings(points_per_side=16, pred_iou_thresh=0.5, stability_score_thresh=0.3)
    assert near(masks(world, loose), CUP, PLATE, TABLE)


def test_what_is_too_thin_for_the_coarse_look_is_found_as_long_as_it_is():
    thin = (211.2, 60, 213, 160)  # over one low-res column in four, which no coarse look sees
    (mask,) = masks(World(thin, soft={thin: 0.02}))
    _, top, _, high = mask.bbox
    assert (top, high) == (pytest.approx(60, abs=2), pytest.approx(100, abs=3))


def test_of_overlapping_boxes_the_most_confident_is_kept():
    double = (TABLE[0] + 8, TABLE[1] + 6, TABLE[2], TABLE[3])
    assert near(masks(World(TABLE, double, iou={double: 0.99})), double)
    assert near(masks(World(TABLE, double, iou={TABLE: 0.99})), TABLE)
    apart = AutomaskSettings(points_per_side=16, box_nms_thresh=1.0)
    assert len(masks(World((20, 20, 100, 100), (20, 20, 130, 130)), apart)) == 2


def test_zoomed_crops_find_more_and_drop_what_they_cut_off():
    tiny = (203, 148, 223, 164)
    world = World(tiny, TABLE)
    sparse = AutomaskSettings(points_per_side=8, crop_n_layers=2)
    found = masks(world, sparse)
    assert near(found, tiny, TABLE)
    crop = next(mask.crop_box for mask in found if mask.area < 1000)
    assert crop[2] < WIDTH
    assert len(world.views) == 1 + 4 + 16
    assert next(mask.crop_box for mask in found if mask.area > 10_000) == (0, 0, WIDTH, HEIGHT)


def test_the_work_can_be_watched_and_stopped():
    parts, batches = [], []
    world = World(CUP, PLATE, TABLE, LAMP)
    found = masks(world, progress=parts.append, found=batches.append)
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0, 1)
    assert [mask for batch in batches for mask in batch] == found

    world = World(CUP, PLATE)
    with pytest.raises(Stopped):
        masks(world, stopped=lambda: world.looked >= 64)
    assert world.looked <= 64 + 16


def test_several_calls_at_once_find_the_same():
    with ThreadPoolExecutor(2) as threads:
        together = masks(World(CUP, PLATE, TABLE, LAMP), each=threads.map)
    assert boxes(together) == boxes(masks(World(CUP, PLATE, TABLE, LAMP)))


def test_an_empty_image_has_no_masks():
    assert masks(World()) == []
    assert masks(World(), AutomaskSettings(points_per_side=1, fast=True)) == []


def test_the_grid_and_the_crops_are_the_references():
    assert point_grid(2).tolist() == [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    # overlap int(512 / 1500 * 600) = 204; sides ceil((204 + 900) / 2) and ceil((204 + 600) / 2)
    expected = [(0, 0, 552, 402), (0, 198, 552, 402), (348, 0, 552, 402), (348, 198, 552, 402)]
    assert [crop for crop, layer in crops(900, 600, 1, 512 / 1500) if layer] == expected
    assert is_cut_off(np.array([100.0, 100, 540, 200]), (0, 0, 552, 402), 900, 600)
    assert not is_cut_off(np.array([0.0, 0, 500, 200]), (0, 0, 552, 402), 900, 600)
    overlapping = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]], float)
    assert without_duplicates(overlapping, [0.9, 0.95, 0.1], 0.7) == [1, 2]


@pytest.fixture(scope="module")
def spec():
    return Catalog(SEGMENTERS).find("mobile_sam")


def test_a_segmenter_made_before_there_were_such_networks_clicks_one_by_one(spec):
    tokens = np.random.default_rng(3).normal(0, 0.1, (4096, 256)).astype(np.float32)
    frame = InputFrame(900, 600)
    many, single = automatic_decoder(spec), ClickByClick(spec)
    assert isinstance(many, ManyClicks)
    clicks = np.array([[400, 300], [90, 80], [1000, 650]], np.float32)
    answers = []
    for decoder in (many, single):
        looked = decoder.look(decoder.prepare({"image_tokens": tokens}), clicks, frame)
        part = looked.upscale(1, 2, Part(3, 5, 30, 41))
        answers.append((looked.predicted_iou, looked.coarse_logits, part))
    for ours, theirs in zip(*answers, strict=True):
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).mean() < 0.1  # their weights are rounded apart; logits reach to 25


def test_a_photograph_gives_what_the_reference_gives(eval_data: Path, spec):
    golden = json.loads((eval_data / "golden" / "amg_dogs.json").read_text("utf-8"))
    rgb = np.asarray(Image.open(eval_data / "images" / golden["image"]).convert("RGB"))
    height, width = rgb.shape[:2]
    encoder, decoder = Encoder(spec), ManyClicks(spec)

    def view(crop) -> View:
        return View(decoder.prepare(encoder.encode(rgb)), spec.frame(width, height))

    with ThreadPoolExecutor(2) as threads:
        found = automatic_masks(decoder, view, (width, height), AutomaskSettings(), each=threads.map)
    theirs = [coco.frPyObjects(mask["segmentation"], height, width) for mask in golden["masks"]]
    ious = np.asarray(coco.iou([rle(mask, width, height) for mask in found], theirs, [0] * len(theirs)))
    settings = AutomaskSettings()
    sure = [  # whether those at a threshold are kept is up to how a processor rounds
        mask["predicted_iou"] > settings.pred_iou_thresh + 0.005
        and mask["stability_score"] > settings.stability_score_thresh + 0.002
        for mask in golden["masks"]
    ]
    assert sum(sure) >= 0.7 * len(sure)
    assert np.mean(ious.max(axis=0)[sure] >= 0.9) >= 0.95
    assert abs(len(found) - len(theirs)) <= 0.1 * len(theirs)


def rle(mask: AutomaticMask, width: int, height: int):
    whole = np.zeros((height, width), np.uint8, order="F")
    window = mask.window
    rows, columns = window.mask.shape
    whole[window.y : window.y + rows, window.x : window.x + columns] = window.mask
    return coco.encode(whole)
