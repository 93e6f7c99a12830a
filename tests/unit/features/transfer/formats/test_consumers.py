"""What other programs make of our files: by their own code where it is installed, else by their documented rules."""

import base64
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw
from pycocotools import mask as coco

from server.domain.runs import read_window
from server.features.transfer.formats.label_studio import brush_rle
from server.features.transfer.formats.masks.images import palette
from server.features.transfer.formats.source import Unreadable
from tests.unit.features.transfer.formats.datasets import blob, files_of, image, label_list, masks
from tests.unit.features.transfer.formats.test_round_trips import apart


def whole(each, one):
    mask = np.zeros((one.height, one.width), bool)
    window = read_window(each.counts, one.width, one.height)
    rows, columns = window.mask.shape
    mask[window.y : window.y + rows, window.x : window.x + columns] = window.mask
    return mask


def within_a_pixel(theirs, ours):
    """Whether each differs from the other at most by its outermost pixels."""

    def grown(mask):
        padded = np.pad(mask, 1)
        height, width = mask.shape
        shifts = [padded[y : y + height, x : x + width] for y in range(3) for x in range(3)]
        return np.logical_or.reduce(shifts)

    return not (theirs & ~grown(ours)).any() and not (ours & ~grown(theirs)).any()


def labelme_mask(shape, height, width):
    """As labelme's `shape_to_mask` and `shapes_to_label` draw it: Pillow's polygon with its outline; a mask between two
    corners that are both within it."""
    if shape["shape_type"] == "mask":
        mask = np.zeros((height, width), bool)
        (x0, y0), (x1, y1) = np.asarray(shape["points"]).astype(int)
        png = Image.open(io.BytesIO(base64.b64decode(shape["mask"])))
        mask[y0 : y1 + 1, x0 : x1 + 1] = np.asarray(png).astype(bool)
        return mask
    canvas = Image.fromarray(np.zeros((height, width), np.uint8))
    ImageDraw.Draw(canvas).polygon([tuple(point) for point in shape["points"]], outline=1, fill=1)
    return np.array(canvas, bool)


def test_labelme_draws_what_was_meant():
    one = image(
        "a.jpg",
        [blob(90, 120, k, hole=k % 2 == 1, second=k > 1) for k in range(4)],
        attributes={"a": True, "b": 1},
    )
    data = json.loads(files_of("labelme", label_list(["thing"]), [one])["a.json"])
    assert (data["imageHeight"], data["imageWidth"], data["imagePath"]) == (90, 120, "a.jpg")
    groups = {}
    for shape in data["shapes"]:
        assert isinstance(shape["label"], str)
        assert all(isinstance(value, bool) for value in shape["flags"].values())
        assert shape["group_id"] is None or isinstance(shape["group_id"], int)
        groups.setdefault(
            shape["group_id"] if shape["group_id"] is not None else len(groups) + 100, []
        ).append(shape)
    drawn = [
        np.logical_or.reduce([labelme_mask(each, 90, 120) for each in found]) for found in groups.values()
    ]
    assert len(drawn) == 4
    for mask, each in zip(drawn, one.objects, strict=True):
        assert within_a_pixel(mask, whole(each, one))
    kinds = [shape["shape_type"] for shape in data["shapes"]]
    assert kinds == ["polygon", "mask", "polygon", "polygon", "mask"]


def brush_by_the_book(data):
    """rle-pack of thi.ng/umbrella, bit by bit, as its documentation gives the algorithm."""
    bits = "".join(f"{byte:08b}" for byte in data)
    at = 0

    def take(count):
        nonlocal at
        at += count
        return int(bits[at - count : at], 2)

    count, word = take(32), take(5) + 1
    sizes = [take(4) + 1 for _ in range(4)]
    out = []
    while len(out) < count:
        repeated = take(1)
        length = take(sizes[take(2)]) + 1
        out += [take(word)] * length if repeated else [take(word) for _ in range(length)]
    return np.array(out, np.uint8)


@pytest.mark.parametrize("mask", masks(40, 50).values(), ids=masks().keys())
def test_brush_strokes_by_the_book(mask):
    data = brush_rle.encode(mask)
    assert np.array_equal(brush_by_the_book(data).reshape(40, 50, 4)[:, :, 3] > 0, mask)
    assert np.array_equal(brush_rle.decode(bytes(data), 50, 40), mask)


def test_brush_strokes_of_a_large_picture_have_long_runs():
    mask = np.zeros((900, 1300), bool)
    mask[300:880, 5:1290] = True
    data = brush_rle.encode(mask)
    assert len(data) < 8000
    assert np.array_equal(brush_rle.decode(bytes(data), 1300, 900), mask)


def test_brush_strokes_by_label_studio_converter():
    brush = pytest.importorskip("label_studio_converter.brush")
    mask = masks(60, 80)["ring and part"]
    theirs = brush.decode_rle(brush_rle.encode(mask)).reshape(60, 80, 4)[:, :, 3] > 0
    assert np.array_equal(theirs, mask)
    gray = mask.astype(np.uint8) * 255
    encoded = brush.encode_rle(np.repeat(gray.reshape(-1), 4).tolist())
    assert np.array_equal(brush_rle.decode(bytes(encoded), 80, 60), mask)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 8, bytes(brush_rle.encode(masks()["noise"])[:-20]), b"\xff" * 40]
)
def test_broken_brush_strokes_are_refused(data):
    with pytest.raises(Unreadable):
        brush_rle.decode(data, 53, 37)


def test_label_studio_shows_the_regions():
    one = image("a.jpg", [masks()["disc"], masks()["ring"]])
    (task,) = json.loads(files_of("label-studio", label_list(["thing"]), [one])["label-studio.json"])
    outline, brush = task["annotations"][0]["result"]
    assert (outline["type"], brush["type"]) == ("polygonlabels", "brushlabels")
    assert outline["value"]["polygonlabels"] == ["thing"]
    points = np.array(outline["value"]["points"])
    assert 0 <= points.min() <= points.max() <= 100
    assert (brush["original_width"], brush["original_height"], brush["image_rotation"]) == (53, 37, 0)


def test_voc_masks_have_vocs_palette():
    """Its first colours are known: black, maroon, green, olive, navy, purple, teal, grey, and 255 is 224 224 192."""
    colors = np.array(palette())
    assert colors[:8].tolist() == [
        [0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0], [0, 0, 128], [128, 0, 128], [0, 128, 128], [128, 128, 128],
    ]  # fmt: skip
    assert colors[255].tolist() == [224, 224, 192]
    files = files_of("voc", label_list(["cat", "dog"]), [image("a.jpg", apart(), ["dog", "cat"])])
    kinds = Image.open(io.BytesIO(files["SegmentationClass/a.png"]))
    assert kinds.mode == "P"
    assert kinds.getpalette()[:768] == colors.reshape(-1).tolist()
    assert set(np.unique(np.asarray(kinds))) == {0, 1, 2}
    instances = Image.open(io.BytesIO(files["SegmentationObject/a.png"]))
    assert set(np.unique(np.asarray(instances))) == {0, 1, 2, 3, 4, 5}
    assert files["labelmap.txt"].decode().splitlines()[1:] == [
        "background:0,0,0::",
        "cat:128,0,0::",
        "dog:0,128,0::",
    ]
    assert files["ImageSets/Segmentation/train.txt"] == b"a\n"


def test_png_masks_are_sixteen_bits():
    files = files_of("masks-png", label_list(["thing"]), [image("a.jpg", apart())])
    found = Image.open(io.BytesIO(files["instances/a.png"]))
    assert found.mode == "I;16"
    assert np.asarray(found).max() == 5
    assert json.loads(files["labels.json"])["labels"] == [{"id": 1, "name": "thing", "color": None}]


def test_cvat_masks_are_runs_along_the_rows():
    mask = np.zeros((6, 8), bool)
    mask[2, 3:6] = mask[3, 4:7] = True
    text = files_of("cvat", label_list(["a & b"]), [image("x<y>.jpg", [mask], ["a & b"])])[
        "annotations.xml"
    ].decode()
    assert 'rle="0, 3, 2, 3" left="3" top="2" width="4" height="2"' in text
    assert 'label="a &amp; b"' in text
    assert 'name="x&lt;y&gt;.jpg"' in text


def test_sa1b_has_the_fields_of_its_dataset():
    prompts = [{"kind": "point", "x": 7.5, "y": 3, "label": 1}]
    details = {"predicted_iou": 0.91, "stability_score": 0.97, "prompts": prompts}
    files = files_of("sa1b", label_list(["thing"]), [image("sa_1.jpg", [masks()["disc"]], details=details)])
    data = json.loads(files["sa_1.json"])
    assert data["image"] == {"image_id": 1, "width": 53, "height": 37, "file_name": "sa_1.jpg"}
    (annotation,) = data["annotations"]
    assert {
        "id",
        "segmentation",
        "bbox",
        "area",
        "predicted_iou",
        "stability_score",
        "crop_box",
        "point_coords",
    } <= set(annotation)
    assert annotation["segmentation"]["size"] == [37, 53]
    assert annotation["predicted_iou"] == 0.91
    assert annotation["crop_box"] == [0, 0, 53, 37]
    assert annotation["point_coords"] == [[7.5, 3]]


def test_sa1b_tells_in_which_part_of_the_image_a_mask_was_made():
    details = [{"window": "1-3-0"}, {"window": "9-9-9"}, {"window": None}]
    boxes = []
    for each in details:
        one = image("sa_1.jpg", [np.ones((900, 1601), bool)], details=each)
        (annotation,) = json.loads(files_of("sa1b", label_list(["thing"]), [one])["sa_1.json"])["annotations"]
        boxes.append(annotation["crop_box"])
        assert annotation["samphire"]["details"]["window"] == each["window"]
    assert boxes == [[800, 0, 801, 801], [0, 0, 1601, 900], [0, 0, 1601, 900]]


def test_csv_is_a_table_that_no_spreadsheet_computes():
    import csv

    one = image(
        "-a,b.jpg", [masks()["ring and part"]], ["=1+1"], attributes={"n": 1}, details={"predicted_iou": 0.5}
    )
    bare = image("none.jpg", [])
    text = files_of("csv", label_list(["=1+1"]), [one, bare])["annotations.csv"].decode()
    first, second = csv.DictReader(io.StringIO(text))
    assert first["image"] == "'-a,b.jpg"
    assert first["label"] == "'=1+1"
    assert (first["parts"], first["holes"]) == ("2", "1")
    assert int(first["area"]) == masks()["ring and part"].sum()
    assert json.loads(first["attributes"]) == {"n": 1}
    assert (second["image"], second["label"]) == ("none.jpg", "")
    for label in ("@SUM(1)", "+1", "\uff1d1+1"):
        one = image("a.jpg", [masks()["ring and part"]], [label])
        text = files_of("csv", label_list([label]), [one])["annotations.csv"].decode()
        [row] = csv.DictReader(io.StringIO(text))
        assert row["label"] == f"'{label}"


def test_coco_panoptic_numbers_what_is_seen():
    """As panopticapi reads it: id = R + 256 G + 256^2 B; what is covered whole has no segment."""
    below, above = np.zeros((20, 30), bool), np.zeros((20, 30), bool)
    below[2:10, 2:10], above[5:15, 5:15] = True, True
    one = replace(image("x/a.jpg", [below, below & above, above], ["dog", "cat"]), split="val")
    files = files_of("coco-panoptic", label_list(["cat", "dog"]), [one, image("b.jpg", [])])
    assert sorted(files) == [
        "annotations/panoptic_default.json", "annotations/panoptic_default/b.png",
        "annotations/panoptic_val.json", "annotations/panoptic_val/x/a.png",
    ]  # fmt: skip
    data = json.loads(files["annotations/panoptic_val.json"])
    assert [(each["id"], each["name"], each["isthing"]) for each in data["categories"]] == [
        (1, "cat", 1),
        (2, "dog", 1),
    ]
    (annotation,) = data["annotations"]
    assert (annotation["image_id"], annotation["file_name"]) == (data["images"][0]["id"], "x/a.png")
    colors = np.asarray(Image.open(io.BytesIO(files["annotations/panoptic_val/x/a.png"]))).astype(int)
    ids = colors[..., 0] + 256 * colors[..., 1] + 65_536 * colors[..., 2]
    assert [each["id"] for each in annotation["segments_info"]] == np.unique(ids)[1:].tolist() == [1, 3]
    for each, category, box in zip(
        annotation["segments_info"], (2, 2), ([2, 2, 8, 8], [5, 5, 10, 10]), strict=True
    ):
        assert (each["category_id"], each["bbox"], each["iscrowd"]) == (category, box, 0)
        assert each["area"] == (ids == each["id"]).sum()


def test_fiftyone_crops_the_same_masks_and_keeps_attributes():
    """As its `COCODetectionDatasetImporter` reads a file: run-length encodings by pycocotools, cut to the rounded
    box; what else an annotation has becomes fields, "attributes" taken apart."""
    own = {"id", "image_id", "category_id", "bbox", "segmentation", "keypoints", "score", "area", "iscrowd"}
    one = image(
        "in/a.jpg", [blob(90, 120, k, hole=k % 2 == 1) for k in range(3)], attributes={"checked": True}
    )
    data = json.loads(files_of("coco", label_list(["thing"]), [one])["annotations.json"])
    assert [each["file_name"] for each in data["images"]] == ["in/a.jpg"]
    for entry, each in zip(data["annotations"], one.objects, strict=True):
        x, y, width, height = entry["bbox"]
        mask = coco.decode(entry["segmentation"]).astype(bool)
        theirs = mask[round(y) : round(y + height), round(x) : round(x + width)]
        assert np.array_equal(theirs, read_window(each.counts, one.width, one.height).mask)
        assert entry.pop("attributes") == {"checked": True}
        assert entry.keys() - own == {"samphire"}
