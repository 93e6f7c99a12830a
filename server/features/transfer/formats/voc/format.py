"""Pascal VOC: SegmentationClass and SegmentationObject with VOC's palette, Annotations, ImageSets, labelmap.txt.

Pixels have one number of 8 bits each: overlaps go to the later object, and an image holds at most 254. 255 is void. An
image that has Annotations only is read as the rectangles of its boxes.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape

from .. import label_map, painting
from ..label_map import BACKGROUND
from ..masks.images import palette, write_png
from ..objects import DatasetImage, DatasetLabel, DatasetObject, Format, Piece
from ..split import SPLITS
from ..streams.xml_stream import printable
from .folder import MOST, read, recognises


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    numbers = {label.name: number for number, label in enumerate(labels, start=1)}
    colors = palette()
    sets: dict[str, list[str]] = {}
    for image in images:
        stem = image.file_name.rpartition(".")[0] or image.file_name
        sets.setdefault(image.split or "train", []).append(stem)
        fitting = [each for each in image.objects if numbers[each.label] <= MOST][:MOST]
        cut = replace(image, objects=fitting)
        kinds = [numbers[each.label] for each in fitting]
        yield f"SegmentationClass/{stem}.png", write_png(painting.paint(cut, kinds), colors)
        each_one = list(range(1, len(fitting) + 1))
        yield f"SegmentationObject/{stem}.png", write_png(painting.paint(cut, each_one), colors)
        yield f"Annotations/{stem}.xml", _annotation(cut).encode()
    for name in SPLITS:
        if name in sets:
            yield f"ImageSets/Segmentation/{name}.txt", "".join(f"{stem}\n" for stem in sets[name]).encode()
    names = [BACKGROUND, *(label.name for label in labels[:MOST])]
    yield "labelmap.txt", label_map.write(names, colors).encode()


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    return painting.losses(image, each, MOST)


def _annotation(image: DatasetImage) -> str:
    """Boxes of whole pixels counted from 1, both ends within, as VOC's are."""
    objects = []
    for each in image.objects:
        x, y, width, height = each.bbox
        cut = x == 0 or y == 0 or x + width == image.width or y + height == image.height
        objects.append(
            f"<object><name>{escape(printable(each.label))}</name><pose>Unspecified</pose>"
            f"<truncated>{int(cut)}</truncated><difficult>0</difficult><bndbox><xmin>{x + 1}</xmin>"
            f"<ymin>{y + 1}</ymin><xmax>{x + width}</xmax><ymax>{y + height}</ymax></bndbox></object>"
        )
    head = (
        f"<annotation><folder>JPEGImages</folder><filename>{escape(printable(image.file_name))}</filename>"
        f"<size><width>{image.width}</width><height>{image.height}</height><depth>3</depth></size>"
        "<segmented>1</segmented>"
    )
    return "\n".join(itertools.chain([head], objects, ["</annotation>", ""]))


FORMAT = Format(
    "Pascal VOC",
    "application/zip",
    "zip",
    write,
    read,
    losses,
    recognises,
    several=True,
    pictures="JPEGImages",
    pictures_by_split=False,
    most_labels=MOST,
)
