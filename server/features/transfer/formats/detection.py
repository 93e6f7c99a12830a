"""Which format the files of a dataset are in, by what they hold, and why that one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ....domain.outside.picture_names import is_picture
from .layout import for_masks, is_mask
from .naming import name_of
from .objects import Format
from .source import Source

_ANNOTATIONS = (
    ".json",
    ".jsonl",
    ".ndjson",
    ".geojson",
    ".xml",
    ".csv",
    ".tsv",
    ".parquet",
    ".tfrecord",
    ".mat",
)
_NO_ANNOTATIONS = re.compile(
    r"(package|package-lock|composer|tsconfig|manifest|sitemap)\.(json|xml)", re.IGNORECASE
)
_SHOWN = 3


@dataclass(frozen=True)
class Detection:
    """`format`: its name; None when no file is understood. `evidence`: a sentence that says why. `unread`: files that
    may hold annotations, when no format is found."""

    format: str | None
    evidence: str = ""
    unread: list[str] = field(default_factory=list)


def detect(source: Source, formats: Mapping[str, Format]) -> Detection:
    """The first format, in their order, that recognises the files; one that is vague only after the others."""
    ordered = sorted(formats.items(), key=lambda item: item[1].vague)
    found = {name: why for name, one in ordered if (why := one.recognises(source))}
    if not found:
        return Detection(None, "", _unread(source))
    name = next(iter(found))
    others = [f"{formats[other].title} ({why})" for other, why in found.items() if other != name]
    also = f" Also there, and left out: {', '.join(others)}." if others else ""
    return Detection(name, f"Read as {formats[name].title}: {found[name]}.{also}")


def not_recognised(detection: Detection, formats: Mapping[str, Format]) -> str:
    """The sentence that asks for a format."""
    listed = ", ".join(detection.unread[:_SHOWN])
    more = len(detection.unread) - _SHOWN
    known = ", ".join(name for name, one in formats.items() if one.reads)
    return (
        f"No annotations were recognised in {listed}{f' and {more} more files' if more > 0 else ''}. "
        f"Known formats: {known}."
    )


def xml_root(source: Source, path: str) -> str:
    """The name of an XML file's outermost element; "" when it is no XML."""
    head = re.sub(r"<\?.*?\?>|<!--.*?-->", "", source.head(path), flags=re.DOTALL)
    match = re.match(r"\s*<([\w:.-]+)", head)
    return match[1] if match else ""


def first(paths: list[str], holds: Callable[[str], bool]) -> str | None:
    """The first of the files that holds something."""
    return next((path for path in paths if holds(path)), None)


def _unread(source: Source) -> list[str]:
    found = [path for path in source.ending(*_ANNOTATIONS) if not _NO_ANNOTATIONS.fullmatch(name_of(path))]
    for path in source.ending(".txt"):
        if source.head(path) and source.match_stem(path).picture:
            found.append(path)
    pictures = [path for path in source.paths if is_picture(path)]
    in_mask_folders = [path for path in pictures if for_masks(path.split("/")[:-1])]
    if len(in_mask_folders) == len(pictures):  # photographs too have such folders, where there are no others
        in_mask_folders = [path for path in pictures if is_mask(path)]
    return found + in_mask_folders
