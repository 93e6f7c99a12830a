"""Counts what Datumaro and supervision find in exports, in an environment that has them and nothing of ours:
`python counting.py FOLDER`, where each export lies under its format's name, prints JSON."""

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from datumaro.components.dataset import Dataset
from supervision import DetectionDataset

logging.disable(logging.CRITICAL)
IMPORTERS = {
    "coco": "coco", "coco-polygons": "coco", "coco-panoptic": "coco_panoptic", "yolo-boxes": "yolo", "cvat": "cvat",
    "voc": "voc_instance_segmentation",
}  # fmt: skip


def by_datumaro(folder: Path, name: str) -> dict[str, int]:
    """Images whose files are there, and annotations by kind."""
    found: Counter[str] = Counter()
    for item in Dataset.import_from(str(folder), name):
        found["images"] += Path(item.media.path).is_file()  # type: ignore[union-attr]
        found.update(each.type.name for each in item.annotations)
    return found


def by_supervision(folder: Path, name: str) -> dict[str, int]:
    """Images and objects, of all splits."""
    datasets = _coco(folder) if name.startswith("coco") else _by_folder(folder, name)
    found: Counter[str] = Counter()
    for dataset in datasets:
        found["images"] += len(dataset)
        found["objects"] += sum(len(detections) for _, _, detections in dataset)
    return found


def _coco(folder: Path) -> Iterator[DetectionDataset]:
    for path in sorted(folder.glob("annotations/instances_*.json")):
        split = path.stem.removeprefix("instances_")
        images = folder / "images" if split == "default" else folder / "images" / split
        yield DetectionDataset.from_coco(str(images), str(path))


def _by_folder(folder: Path, name: str) -> Iterator[DetectionDataset]:
    """supervision does not look into folders below."""
    for images in sorted({path.parent for path in folder.rglob("*.jpg")}):
        below = images.relative_to(folder).parts[1:]
        if name == "voc":
            yield DetectionDataset.from_pascal_voc(str(images), str(folder.joinpath("Annotations", *below)))
        else:
            labels = folder.joinpath("labels", *below)
            yield DetectionDataset.from_yolo(str(images), str(labels), str(folder / "data.yaml"))


def main(root: Path) -> None:
    answer = {}
    for folder in sorted(root.iterdir()):
        name = folder.name
        found = {"datumaro": by_datumaro(folder, IMPORTERS[name])} if name in IMPORTERS else {}
        if name not in ("cvat", "coco-panoptic"):  # which supervision does not read
            found["supervision"] = by_supervision(folder, name)
        answer[name] = found
    print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
