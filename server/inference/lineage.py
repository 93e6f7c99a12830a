"""What a segmenter's `source` tells of its training: written for people, so anything may stand there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .catalog import SEGMENTER_ID, SegmenterSpec

_MOST_CHARACTERS = 40  # of a moment


@dataclass(frozen=True)
class Lineage:
    """From which segmenter another was trained, on how many images and objects, and when (ISO 8601)."""

    segmenter: str
    images: int | None
    objects: int | None
    at: str | None


def lineage_of(spec: SegmenterSpec) -> Lineage | None:
    """None for one that was not trained from another."""
    base = spec.source.get("trained_from")
    segmenter = base.get("segmenter") if isinstance(base, Mapping) else None
    if not isinstance(segmenter, str) or not SEGMENTER_ID.fullmatch(segmenter):
        return None
    at = spec.source.get("at")
    return Lineage(
        segmenter,
        _count(spec.source.get("images")),
        _count(spec.source.get("objects")),
        at if isinstance(at, str) and len(at) <= _MOST_CHARACTERS else None,
    )


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
