"""The recall of automatic masks: by hand, and as COCO's own evaluation counts it."""

import contextlib
import io
from types import SimpleNamespace

import numpy as np
import pytest
from pycocotools import mask as coco
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from server.domain.frames import InputFrame
from server.domain.runs import Window
from server.errors import InvalidDataset
from server.inference.automask import AutomaskSettings, AutomaticMask
from server.lab.evaluation import automatic
from server.lab.evaluation.automatic import AutomaticReport, MaskMeasure, ious
from server.lab.evaluation.dataset import Dataset, open_dataset
from server.lab.evaluation.measure import Photograph
from server.lab.evaluation.recall import ImageResult, matched, summarise
from server.lab.evaluation.summary import Run
from server.lab.evaluation.truth import Truth

SIDE = 240


def result(ious, pixels, image="i.jpg", seconds=1.0) -> ImageResult:
    names = tuple(f"{image}#{number}" for number in range(len(pixels)))
    return ImageResult(image, names, tuple(pixels), np.array(ious, float).reshape(-1, len(pixels)), seconds)


def block(x, y, wide, high) -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[y : y + high, x : x + wide] = True
    return mask


def automask(x, y, wide, high, predicted_iou=0.9) -> AutomaticMask:
    return AutomaticMask.of(
        Window(np.ones((high, wide), bool), x, y),
        (SIDE, SIDE),
        predicted_iou,
        1.0,
        (0, 0),
        (0, 0, SIDE, SIDE),
    )


def test_figures_in_numbers():
    # the first mask takes the first object, which the second fits as well; the third is good only for 0.5 and 0.55
    first = result([[0.96, 0.7, 0], [0.96, 0.3, 0], [0, 0.1, 0.57]], [500, 2000, 10_000])
    summary = summarise([first, result(np.zeros((0, 1)), [900], "empty.jpg", seconds=3)])
    every = summary.sizes["all"]
    assert (every.objects, every.recall_50) == (4, 2 / 4)
    assert every.ar_100 == pytest.approx((2 + 2 + 8 * 1) / 10 / 4)
    assert every.matched_iou == pytest.approx((0.96 + 0.7 + 0.57 + 0) / 4)
    assert [summary.sizes[size].objects for size in ("small", "medium", "large")] == [2, 1, 1]
    assert summary.sizes["small"].ar_100 == 0.5
    assert summary.sizes["medium"].recall_50 == 1  # COCO's rule: objects of other sizes take no mask from it
    assert (summary.masks, summary.seconds) == (1.5, 2)


def test_only_so_many_of_the_best_masks_count():
    worse = [[0.0]] * 100
    summary = summarise([result([*worse, [0.9]], [50])])
    assert (summary.sizes["all"].ar_100, summary.sizes["all"].ar_1000) == (0, 0.9)
    assert summary.sizes["large"].matched_iou is None
    assert matched(np.zeros((3, 0)), 0.5) == 0


def test_it_is_the_recall_that_coco_counts():
    rng = np.random.default_rng(5)
    results, truths, found = [], [], []
    for image in range(6):
        corners = rng.integers(0, SIDE - 120, (9, 2))
        sides = rng.integers(8, 120, (9, 2))
        objects = [block(*corner, *side) for corner, side in zip(corners, sides, strict=True)]
        masks = [
            automask(
                *(corner + rng.integers(0, 12, 2)), *(side + rng.integers(-4, 5, 2)), float(rng.random())
            )
            for corner, side in zip(np.tile(corners, (4, 1)), np.tile(sides, (4, 1)), strict=True)
        ]
        masks.sort(key=lambda mask: -mask.predicted_iou)
        drawn = [Truth(f"{image}#{number}", mask, None, "") for number, mask in enumerate(objects)]
        table = ious(masks, drawn)
        results.append(result(table, [mask.sum() for mask in objects], str(image)))
        for mask in objects:
            rle = coco.encode(np.asfortranarray(mask, np.uint8))
            truths.append(
                {
                    "id": len(truths) + 1,
                    "image_id": image,
                    "category_id": 1,
                    "iscrowd": 0,
                    "segmentation": rle,
                }
                | {"area": float(mask.sum()), "bbox": coco.toBbox(rle).tolist()}
            )
        for mask in masks:
            pixels = block(mask.window.x, mask.window.y, *mask.window.mask.shape[::-1])
            rle = coco.encode(np.asfortranarray(pixels, np.uint8))
            found.append(
                {"image_id": image, "category_id": 1, "segmentation": rle, "score": mask.predicted_iou}
            )
    with contextlib.redirect_stdout(io.StringIO()):
        data = COCO()
        data.dataset = {
            "images": [{"id": image, "width": SIDE, "height": SIDE} for image in range(6)],
            "annotations": truths,
            "categories": [{"id": 1}],
        }
        data.createIndex()
        evaluation = COCOeval(data, data.loadRes(found), "segm")
        evaluation.params.useCats = 0
        evaluation.params.maxDets = [1, 100, 1000]
        evaluation.params.areaRng[1:] = [[0, 32**2 - 0.5], [32**2, 96**2 - 0.5], [96**2, 1e10]]
        evaluation.evaluate()
        evaluation.accumulate()
    recall = evaluation.eval["recall"][:, 0]  # (IoUs, sizes, most masks)
    summary = summarise(results)
    for number, size in enumerate(("all", "small", "medium", "large")):
        ours = summary.sizes[size]
        assert 0.2 < ours.ar_100 < 0.99
        assert ours.ar_100 == pytest.approx(recall[:, number, 1].mean())
        assert ours.ar_1000 == pytest.approx(recall[:, number, 2].mean())
        assert ours.recall_50 == pytest.approx(recall[0, number, 2])


def test_undecided_pixels_count_neither_way():
    truth = Truth("a", block(10, 10, 20, 20), block(30, 10, 10, 20), "")
    assert ious([automask(10, 10, 30, 20), automask(10, 10, 10, 20)], [truth]).tolist() == [[1.0], [0.5]]


def test_an_image_is_measured_with_its_masks_in_the_order_of_their_confidence(monkeypatch):
    asked = []
    monkeypatch.setattr(
        automatic, "automatic_decoder", lambda spec: SimpleNamespace(prepare=lambda tensors: tensors)
    )

    def masks(decoder, view, size, settings, each):
        asked.append((view((0, 0, *size)).prepared, size, settings))
        return [automask(0, 0, 9, 9, 0.5), automask(10, 10, 20, 20, 0.8)]

    monkeypatch.setattr(automatic, "automatic_masks", masks)
    settings = AutomaskSettings(points_per_side=8, fast=True)
    measure = MaskMeasure(SimpleNamespace(), settings)
    photograph = Photograph("i.jpg", InputFrame(SIDE, SIDE), lambda: {"tokens": np.ones(1)})
    assert list(measure(photograph, [])) == []
    assert asked == []
    (found,) = measure(photograph, [Truth("a", block(10, 10, 20, 20), None, "")])
    assert found.ious.tolist() == [[1.0], [0.0]]
    assert (found.best, found.pixels, found.objects) == ([1.0], (400,), ("a",))
    assert asked == [({"tokens": np.ones(1)}, (SIDE, SIDE), settings)]


def test_table_and_json():
    spec = SimpleNamespace(id="sam", title="SAM", weights="ab")
    report = AutomaticReport(
        Dataset("set", ("1 images",), (), ()),
        AutomaskSettings(fast=True),
        runs=[
            Run(spec, [result([[0.96, 0.1]], [500, 20_000])]),
            Run(spec, [], failure="It cannot be loaded."),
        ],
    )
    lines = report.table().splitlines()
    assert "Not the whole dataset was evaluated." in lines
    rows = [line.split() for line in lines if "  " in line]
    assert rows[0] == [
        "segmenter",
        "objects",
        "AR@100",
        "AR@1000",
        "recall@50",
        "matched",
        "IoU",
        "masks",
        "seconds",
    ]
    assert rows[1] == ["sam", "2", "all", "0.500", "0.500", "0.500", "0.530", "1", "1.0"]
    assert rows[2] == ["1", "small", "1.000", "1.000", "1.000", "0.960"]
    assert rows[3] == ["0", "medium", "-", "-", "-", "-"]
    assert "32 x 32 clicks, fast" in lines[-1]
    document = report.as_json()
    assert document["automatic"]["points_per_side"] == 32
    good, failed = document["segmenters"]
    assert good["small"]["ar_100"] == 1.0
    assert good["medium"]["ar_100"] is None
    assert good["results"][1] == {"image": "i.jpg", "object": "i.jpg#1", "pixels": 20_000, "best_iou": 0.1}
    assert (failed["objects"], failed["failure"]) == (0, "It cannot be loaded.")


def test_yolo_outlines(tmp_path, image_file):
    for name in ("a", "b", "c", "d"):
        image_file(f"images/train/{name}.jpg", 20, 10)
    labels = tmp_path / "labels" / "train"
    labels.mkdir(parents=True)
    rows = ["0 0.1 0.2 0.6 0.2 0.6 0.8 0.1 0.8", "", "1 0.5 0.5 0.2 0.2", "1 x 0 0 0 0 0", "2 9 9 9 9 9 9"]
    (labels / "a.txt").write_text("\n".join(rows))
    (labels / "b.txt").write_bytes(b"\xff\xfe\x00")
    (labels / "c.txt").write_text("")
    (labels / "lost.txt").write_text(rows[0])
    (labels / "a.cache").write_text("")
    dataset = open_dataset(tmp_path)
    assert dataset.layout == ("4 images in images/, 4 objects for them in labels/",)
    assert {problem.where: problem.what for problem in dataset.problems} == {
        "labels/train/a.cache": "This file is not a text file.",
        "labels/train/b.txt": "This file cannot be read as text.",
        "labels/train/lost.txt": "There is no image train/lost in images/.",
        "images/train/b.jpg": "There is no mask for this image.",
        "images/train/c.jpg": "There is no mask for this image.",
        "images/train/d.jpg": "There is no mask for this image.",
    }
    (picture,) = dataset.pictures
    good, *bad = picture.sources
    (truth,) = good.read(20, 10)
    assert (truth.name, truth.read_as) == ("labels/train/a.txt:1", "YOLO outlines")
    assert np.argwhere(truth.mask).min(axis=0).tolist() == [2, 2]
    assert truth.mask.sum() == 10 * 6
    for source in bad:
        with pytest.raises(InvalidDataset):
            list(source.read(20, 10))
