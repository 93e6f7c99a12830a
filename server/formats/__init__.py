"""The formats annotations are written in and read from. A new one is one file here and one line in FORMATS.

A format sees plain objects (`formats.objects`), never a session or a request.
"""

from server.formats import coco, yolo
from server.formats.objects import Format

FORMATS: dict[str, Format] = {
    "coco": coco.RLE,
    "coco-polygons": coco.POLYGONS,
    "yolo": yolo.FORMAT,
}
