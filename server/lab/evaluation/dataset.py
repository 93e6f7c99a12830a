"""A folder of images and masks: which image each mask belongs to, and what was left over.

    DIR/images/ID.jpg   DIR/masks/ID.png               one file an image, of one or several objects
                        DIR/masks/IDa.png, ID_2.png    several files an image
                        DIR/masks/ID/anything.png
    DIR/images/ID.jpg   DIR/instances.json             COCO; images may lie beside it, the file in DIR/annotations
    DIR/images/ID.jpg   DIR/labels/ID.txt              YOLO, outlines

Nothing is passed over without a word: what has no partner becomes a Problem. Files whose name starts with a dot are
the system's and do not count.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...errors import InvalidDataset
from ...features.pictures.bounds import Limits
from ...features.pictures.pixels import load_rgb, make_copies
from . import label_files, mask_files
from .coco_file import read_coco
from .mask_files import MaskFile
from .truth import Picture, Problem, Source

IMAGE_FOLDERS = ("images", "img", "jpegimages", "data_gt")  # as Berkeley, DAVIS, VOC and GrabCut call them
MASK_FOLDERS = ("masks", "gt", "segmentationobject", "annotations", "boundary_gt")
LABEL_FOLDERS = ("labels",)
_PICTURES = mask_files.SUFFIXES
_PART_OF_AN_IMAGE = re.compile(r"[a-z]|[/_.# -].+")  # what may follow the image's name in a mask's
_EXPECTED = "A dataset is a folder with images/ID.jpg, and masks/ID.png, labels/ID.txt or one COCO file."


@dataclass(frozen=True)
class Dataset:
    """`layout`: sentences that tell how the folder was understood."""

    name: str
    layout: tuple[str, ...]
    pictures: tuple[Picture, ...]
    problems: tuple[Problem, ...]

    def first(self, limit: int | None) -> "Dataset":
        """Only so many of its images."""
        return self if limit is None else replace(self, pictures=self.pictures[:limit])


def open_dataset(folder: Path) -> Dataset:
    """Raises InvalidDataset when there is nothing to evaluate, saying what is expected."""
    if not folder.is_dir():
        raise InvalidDataset(f"There is no folder {folder}.", hint=_EXPECTED)
    try:
        dataset = _read_folder(folder)
    except OSError as error:
        raise InvalidDataset(f"{error.filename or folder} cannot be read: {error.strerror}.") from error
    if not dataset.pictures:
        first = f" {dataset.problems[0].where}: {dataset.problems[0].what}" if dataset.problems else ""
        raise InvalidDataset(f"No image in {folder} has a mask.{first}", hint=_EXPECTED)
    return dataset


def read_image(path: Path, limits: Limits) -> np.ndarray:
    """uint8 (H, W, 3): the pixels the server would encode after an upload. Raises InvalidImage, TooLarge."""
    copies = make_copies(path, limits)
    return load_rgb(path if copies.display is None else copies.display)


def _read_folder(folder: Path) -> Dataset:
    images, masks = _child(folder, IMAGE_FOLDERS), _child(folder, MASK_FOLDERS)
    coco_files = _coco_files(folder, masks)
    if masks is not None and _has_pictures(masks):
        if images is None:
            raise InvalidDataset(f"{folder} has masks in {masks.name}/ but no images/.", hint=_EXPECTED)
        return _of_masks(folder, images, masks, coco_files)
    if len(coco_files) == 1:
        return _of_coco(folder, images or folder, coco_files[0])
    if coco_files:
        names = ", ".join(path.name for path in coco_files)
        raise InvalidDataset(f"{folder} has several JSON files: {names}.", hint="Leave the one to evaluate.")
    labels = _child(folder, LABEL_FOLDERS)
    if images is not None and labels is not None:
        return _of_labels(folder, images, labels)
    raise InvalidDataset(f"{folder} holds no masks that could be found.", hint=_EXPECTED)


def _of_masks(folder: Path, images: Path, masks: Path, beside: list[Path]) -> Dataset:
    problems: list[Problem] = []
    known = dict(_by_key(folder, images, problems))
    found: dict[str, list[Source]] = defaultdict(list)
    for path in _files(masks):
        where = path.relative_to(folder).as_posix()
        key = path.relative_to(masks).with_suffix("").as_posix()
        image = _image_of(key, known)
        if path in beside:
            continue
        if path.suffix.lower() not in _PICTURES:
            problems.append(Problem(where, "This file is not an image."))
        elif image is None:
            problems.append(Problem(where, f"There is no image {key} in {images.name}/."))
        else:
            found[image].append(MaskFile(where, path))
    count = sum(map(len, found.values()))
    layout = [f"{len(known)} images in {images.name}/, {count} mask files for them in {masks.name}/"]
    layout += [f"{path.name} not read: {masks.name}/ holds masks" for path in beside]
    return _dataset(folder, tuple(layout), known, found, problems)


def _of_coco(folder: Path, images: Path, file: Path) -> Dataset:
    problems: list[Problem] = []
    where = file.relative_to(folder).as_posix()
    content = read_coco(file, where)
    known = dict(_by_key(folder, images, problems, only_pictures=images == folder))
    by_name = _by_file_name(images, known)
    found: dict[str, list[Source]] = defaultdict(list)
    for name, objects in content.objects.items():
        key = by_name.get(name) or by_name.get(name.rpartition("/")[2])
        if key is None:
            problems.append(Problem(f"{where}, {name}", "There is no such image, or several."))
        elif objects:
            found[key].extend(objects)
    count = sum(map(len, found.values()))
    layout = [f"{len(known)} images in {images.name}/, {count} objects for them in {where}"]
    if content.crowds:
        layout.append(f"{content.crowds} crowd regions left out: they are not one object")
    return _dataset(folder, tuple(layout), known, found, problems)


def _of_labels(folder: Path, images: Path, labels: Path) -> Dataset:
    problems: list[Problem] = []
    known = dict(_by_key(folder, images, problems))
    found: dict[str, list[Source]] = defaultdict(list)
    for path in _files(labels):
        where = path.relative_to(folder).as_posix()
        key = path.relative_to(labels).with_suffix("").as_posix()
        if path.suffix.lower() not in label_files.SUFFIXES:
            problems.append(Problem(where, "This file is not a text file."))
        elif key not in known:
            problems.append(Problem(where, f"There is no image {key} in {images.name}/."))
        else:
            try:
                found[key].extend(label_files.read_labels(where, path))
            except InvalidDataset as error:
                problems.append(Problem(where, error.message))
    count = sum(map(len, found.values()))
    layout = f"{len(known)} images in {images.name}/, {count} objects for them in {labels.name}/"
    return _dataset(folder, (layout,), known, {key: rows for key, rows in found.items() if rows}, problems)


def _dataset(
    folder: Path,
    layout: tuple[str, ...],
    known: dict[str, Path],
    found: dict[str, list[Source]],
    problems: list[Problem],
) -> Dataset:
    pictures = []
    for key, path in known.items():
        name = path.relative_to(folder).as_posix()
        if key in found:
            pictures.append(Picture(name, path, tuple(found[key])))
        else:
            problems.append(Problem(name, "There is no mask for this image."))
    return Dataset(folder.resolve().name, layout, tuple(pictures), tuple(problems))


def _by_key(
    folder: Path, images: Path, problems: list[Problem], only_pictures: bool = False
) -> Iterator[tuple[str, Path]]:
    """Images by their path inside `images` without the suffix."""
    taken: set[str] = set()
    for path in _files(images):
        where, key = path.relative_to(folder).as_posix(), path.relative_to(images).with_suffix("").as_posix()
        if path.suffix.lower() not in _PICTURES:
            if not only_pictures:
                problems.append(Problem(where, "This file is not an image."))
        elif key in taken:
            problems.append(Problem(where, f"There is another image called {key}."))
        else:
            taken.add(key)
            yield key, path


def _by_file_name(images: Path, known: dict[str, Path]) -> dict[str, str]:
    """Keys by path inside `images`, and by bare file name where only one image has it."""
    bare = Counter(path.name for path in known.values())
    names = {path.name: key for key, path in known.items() if bare[path.name] == 1}
    return names | {path.relative_to(images).as_posix(): key for key, path in known.items()}


def _image_of(key: str, known: dict[str, Path]) -> str | None:
    """The image a mask's key belongs to: of its name, or of the longest beginning that is an image's name."""
    if key in known:
        return key
    for end in range(len(key) - 1, 0, -1):
        if key[:end] in known and _PART_OF_AN_IMAGE.fullmatch(key[end:]):
            return key[:end]
    return None


def _child(folder: Path, names: tuple[str, ...]) -> Path | None:
    children = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_dir()}
    return next((children[name] for name in names if name in children), None)


def _files(folder: Path) -> list[Path]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if not path.name.startswith("."))


def _has_pictures(folder: Path) -> bool:
    return any(path.suffix.lower() in _PICTURES for path in _files(folder))


def _coco_files(folder: Path, masks: Path | None) -> list[Path]:
    return sorted([*folder.glob("*.json"), *(masks.glob("*.json") if masks else ())])
