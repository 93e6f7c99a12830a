"""Files of one image, a.jpg of 10 x 8 pixels, as other programs draw on it."""

import base64
import io
import json

import numpy as np
from PIL import Image

from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets

KNOWN = {"a.jpg": (10, 8)}
POLYGON = {
    "label": "cup",
    "shape_type": "polygon",
    "points": [[2, 2], [6, 2], [6, 5], [2, 5]],
    "group_id": None,
}
REGION = {
    "type": "polygonlabels", "original_width": 10, "original_height": 8, "image_rotation": 0,
    "value": {"points": [[20, 25], [60, 25], [60, 62.5], [20, 62.5]], "polygonlabels": ["cup"]},
}  # fmt: skip
GOOD = '<polygon label="cup" points="2,2;6,2;6,5"/>'
IMAGE = {"id": 1, "file_name": "a.jpg", "width": 10, "height": 8}
ANNOTATION = {
    "id": 7,
    "image_id": 1,
    "category_id": 3,
    "segmentation": [[2, 2, 6, 2, 6, 5, 2, 5]],
    "bbox": [2, 2, 4, 3],
}
CUP = {"id": 3, "name": "cup"}
AGE = "<attribute><name>age</name><input_type>number</input_type></attribute>"
NUMBERS = f"<label><name>cup</name><attributes>{AGE}</attributes></label>"
BOX = '<polygon label="cup" points="2,2;6,2;6,5;2,5"/>'


def png(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


SQUARE = png(np.ones((4, 4), np.uint8))


def coco(*annotations, images=(IMAGE,), categories=(CUP,)):
    data = {"images": list(images), "categories": list(categories), "annotations": list(annotations)}
    return "coco", {"a.json": json.dumps(data).encode()}


def labelme(*shapes, **changes):
    data = {
        "shapes": list(shapes),
        "imagePath": "a.jpg",
        "imageWidth": 10,
        "imageHeight": 8,
        "imageData": "x" * 50,
    }
    return "labelme", {"a.json": json.dumps({**data, **changes}).encode()}


def cvat(inside, labels="<label><name>cup</name></label>", head='id="3" name="a.jpg" width="10" height="8"'):
    text = f"<annotations><meta>{labels}</meta>\n<image {head}>{inside}</image></annotations>"
    return "cvat", {"a.xml": text.encode()}


def label_studio(*regions, **changes):
    task = {"data": {"image": "a.jpg"}, "annotations": [{"result": list(regions)}], **changes}
    return "label-studio", {"a.json": json.dumps([task]).encode()}


def drawn(kind, **value):
    return {**REGION, "type": f"{kind}labels", "value": {**value, f"{kind}labels": ["cup"]}}


def read(name_and_files):
    name, files = name_and_files
    return datasets.read(name, Source.memory(files, KNOWN))


def box_of(name_and_files):
    _, (found,), _ = read(name_and_files)
    return [each.bbox for each in found.objects]


def mask_shape(array, points):
    data = base64.b64encode(png(array)).decode()
    return {"label": "cup", "shape_type": "mask", "points": points, "mask": data}
