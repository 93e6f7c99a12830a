"""The formats annotations are written in and read from. A new one is one file here and one line in FORMATS.

A format sees plain objects (`formats.objects`), never a session or a request.
"""

from . import csv_summary, sa1b
from .coco import format as coco_instances
from .coco import panoptic as coco_panoptic
from .cvat import format as cvat
from .label_studio import format as label_studio
from .labelme import format as labelme
from .masks import folders_writing as mask_folders_writing
from .masks import png as masks_png
from .objects import Format
from .voc import format as voc
from .yolo import format as yolo

FORMATS: dict[str, Format] = {
    "coco": coco_instances.RLE,
    "coco-polygons": coco_instances.POLYGONS,
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
