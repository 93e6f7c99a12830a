"""What a JSON file is, by the names at its top and in the first of its elements, wherever in the file they stand."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from ..source import Source, Unreadable
from .json_stream import elements

_MOST_BYTES = 64 << 20  # of one file: what has not told by then does not
_ELEMENTS = 20  # of a list: an odd one among them hides nothing
_RESULTS = ("annotations", "completions", "predictions")


class _Bounded:
    """A file that ends, as if broken off, after so many bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, _MOST_BYTES

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


def json_kind(source: Source, path: str) -> str | None:
    """ "coco", "labelme", "sa1b", "label-studio", or None for what is none of them. Remembered with the source."""
    known = source.kinds.get(path, "")
    if known == "":
        known = source.kinds[path] = _kind(source, path)
    return known


def first_of_kind(source: Source, kind: str) -> str | None:
    """The first file of a kind."""
    return next((path for path in source.ending(".json") if json_kind(source, path) == kind), None)


def _kind(source: Source, path: str) -> str | None:
    seen: dict[
        str, Any
    ] = {}  # by name at the top: what the first elements of its list hold, or else its value
    try:
        with source.reading(path) as file:
            for key, place, value in elements(_Bounded(file)):  # type: ignore[arg-type]
                if key is None and (_is_task(value) or place >= _ELEMENTS):
                    return "label-studio" if _is_task(value) else None
                if key is None:
                    continue
                if place < _ELEMENTS:
                    seen[key] = _both(seen.get(key), value)
                    kind = _told(seen)
                    if kind is not None:
                        return kind
    except Unreadable:
        pass
    return "coco" if _is_coco(seen) else None


def _both(known: Any, value: Any) -> Any:
    """The names of both elements of a list; an odd one among them hides nothing."""
    if not isinstance(value, Mapping):
        return known or value
    return {**known, **value} if isinstance(known, Mapping) else value


def _told(seen: Mapping[str, Any]) -> str | None:
    """The kind, once what was seen so far leaves no doubt."""
    if "shapes" in seen and (seen["shapes"] == [] or _has(seen["shapes"], "points")):
        return "labelme"
    annotation = seen.get("annotations")
    if isinstance(seen.get("image"), Mapping) and "annotations" in seen:
        return "sa1b"
    if _has(annotation, "image_id", "category_id") or _has(annotation, "image_id", "segments_info"):
        return "coco"
    return None


def _is_coco(seen: Mapping[str, Any]) -> bool:
    """Of a file whose annotations did not tell: some images, and no captions."""
    image, annotation = seen.get("images"), seen.get("annotations", [])
    masks = (
        annotation == []
        or _has(annotation, "image_id", "bbox")
        or _has(annotation, "image_id", "segmentation")
    )
    return masks and (_has(image, "file_name") or (image == [] and "annotations" in seen))


def _is_task(value: Any) -> bool:
    """Of Label Studio's full export, or of its short one, whose regions stand under the names of tags."""
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("data"), Mapping):
        return "id" in value or any(isinstance(value.get(name), list) for name in _RESULTS)
    regions = (each[0] for each in value.values() if isinstance(each, list) and each)
    return {"annotator", "annotation_id"} <= value.keys() or any(
        _has(one, "original_width") for one in regions
    )


def _has(value: Any, *names: str) -> bool:
    return isinstance(value, Mapping) and all(name in value for name in names)
