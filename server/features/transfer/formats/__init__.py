"""The formats annotations are written in and read from. A new one is one file here and one line in FORMATS.

A format sees plain objects (`formats.objects`), never a session or a request.
"""

from . import (
    coco,
    coco_panoptic,
    csv_summary,
    cvat,
    label_studio,
    labelme,
    mask_folders_writing,
    masks_png,
    sa1b,
    voc,
    yolo,
)
from .objects import Format

FORMATS: dict[str, Format] = {
    "coco": coco.RLE,
    "coco-polygons": coco.POLYGONS,
    "coco-panoptic": coco_panoptic.FORMAT,
    "yolo": yolo.FORMAT,
    "yolo-boxes": yolo.BOXES,
    "labelme": labelme.FORMAT,
    "voc": voc.FORMAT,
    "masks-png": masks_png.FORMAT,
    "masks-binary": mask_folders_writing.BINARY,
    "masks-index": mask_folders_writing.INDEX,
    "masks-color": mask_folders_writing.COLOR,
    "sa1b": sa1b.FORMAT,
    "cvat": cvat.FORMAT,
    "label-studio": label_studio.FORMAT,
    "csv": csv_summary.FORMAT,
}
