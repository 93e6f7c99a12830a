"""A dataset in a format: names that are safe and told apart, splits, losses, and which format files are in."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from .objects import DatasetImage, DatasetLabel, Format, Loss, Piece
from .shapes import split_of

_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 200  # characters of one part of a path; file systems take 255 bytes


def write(
    chosen: Format,
    labels: Sequence[DatasetLabel],
    images: Callable[[], Iterable[DatasetImage]],
    splits: Sequence[str] = (),
    pictures: bool = False,
) -> Iterator[Piece]:
    """The files of a dataset. `images()` is called once, or once for each split that has a file of its own.

    `splits`: those that the images are in. `pictures`: whether pictures lie beside the files (see `picture_path`), for
    which their names have to be safe as paths.
    """

    def named() -> Iterator[DatasetImage]:
        return name_files(chosen, images(), pictures)

    if chosen.several or not (splits or pictures):
        yield from chosen.write(labels, named())
        return
    for split in splits or (None,):
        here = (image for image in named() if image.split == split or not splits)
        for path, data in chosen.write(labels, here):
            yield (chosen.named(split) if chosen.named else "/".join(filter(None, (split, path)))), data


def picture_path(chosen: Format, image: DatasetImage) -> str:
    """Where the picture of an image of `name_files` belongs."""
    split = image.split if chosen.pictures_by_split else None
    return "/".join(filter(None, (chosen.pictures, split, image.file_name)))


def name_files(
    chosen: Format, images: Iterable[DatasetImage], pictures: bool = False
) -> Iterator[DatasetImage]:
    """Images with file names that differ from each other.

    For formats of several files, and beside pictures, also without their suffix, and safe on every system. What the
    folders of `picture_path` say already is not in their names twice.
    """
    as_paths = chosen.several or pictures
    by_split = as_paths and chosen.pictures_by_split
    taken: set[tuple[str | None, str]] = set()
    for image in images:
        name = _path(chosen, image, pictures) if as_paths else _encodable(image.file_name)
        stem, dot, suffix = name.rpartition(".")
        stem, suffix = (stem, dot + suffix) if stem and "/" not in suffix else (name, "")
        number = 1
        tried = stem
        split = image.split if by_split else None
        while (key := (split, (tried if as_paths else tried + suffix).casefold())) in taken:
            tried = f"{stem}-{image.id}" if number == 1 and image.id else f"{stem}-{number}"
            number += 1
        taken.add(key)
        yield image if tried + suffix == image.file_name else replace(image, file_name=tried + suffix)


def _path(chosen: Format, image: DatasetImage, pictures: bool) -> str:
    """Readers take the last `images` of a path for the folder of all pictures, so that there is only one."""
    name = safe_path(image.file_name)
    if not chosen.pictures or not (pictures or chosen.mirrors_pictures):
        return name
    *folders, last = name.split("/")
    folders = [folder for folder in folders if folder.lower() not in (chosen.pictures.lower(), "images")]
    if image.split and chosen.pictures_by_split and folders and split_of(f"{folders[0]}/x") == image.split:
        del folders[0]
    return "/".join([*folders, last])


def safe_path(name: str) -> str:
    """A relative path that every file system takes and that leads out of nowhere."""
    parts = []
    for part in unicodedata.normalize("NFC", name).replace("\\", "/").split("/"):
        part = _FORBIDDEN.sub("_", _encodable(part)).strip().rstrip(".")
        if not part:
            continue
        if _RESERVED.match(part):
            part = f"_{part}"
        stem, dot, suffix = part.rpartition(".")
        parts.append(part if len(part) <= _LONGEST else stem[: _LONGEST - len(suffix) - 1] + dot + suffix)
    return "/".join(parts) or "unnamed"


def _encodable(name: str) -> str:
    """Without the halves of characters that file systems hand out for bytes that are not UTF-8."""
    return name.encode("utf-8", "replace").decode()


def losses(
    chosen: Format,
    images: Iterable[DatasetImage],
    pictures: bool = False,
    labels: Sequence[DatasetLabel] = (),
) -> Iterator[Loss]:
    """What the files will not hold: image by image."""
    beyond = {label.name for label in labels[chosen.most_labels :]} if chosen.most_labels else set()
    first, second = _twice(images)
    for image, named in zip(first, name_files(chosen, second, pictures), strict=True):
        if not f"/{image.file_name}".endswith(f"/{named.file_name}"):
            what = f"{image.file_name!r} is called {named.file_name!r} there"
            yield Loss(image.file_name, None, "name", what)
        for each in image.objects:
            annotation = each.details.get("id")
            if each.label in beyond:
                what = f"left out: the format holds only {chosen.most_labels} labels"
                yield Loss(image.file_name, annotation, "label", what)
                continue
            for kind, what in chosen.losses(image, each):
                yield Loss(image.file_name, annotation, kind, what)


def _twice(images: Iterable[DatasetImage]) -> tuple[Iterator[DatasetImage], Iterator[DatasetImage]]:
    """The same images for two readers in step; only the one between them is kept."""
    waiting: list[DatasetImage] = []

    def lead() -> Iterator[DatasetImage]:
        for image in images:
            waiting.append(image)
            yield image

    def follow() -> Iterator[DatasetImage]:
        while waiting:
            yield waiting.pop()

    return lead(), follow()
