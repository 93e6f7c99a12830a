"""`samphire segmenters list`: what is installed, where from, how good and how fast, and what can be pulled besides."""

import argparse
import json
import statistics
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ...config import Settings
from ...errors import SamphireError
from ...inference.catalog import SegmenterSpec, open_catalog
from ...inference.lineage import lineage_of
from ...paths import SEGMENTERS
from ...storage.reading import open_reading
from ...storage.rows.embeddings import recent_seconds
from . import sources
from .sources import Bundled

_RECENT = 9  # encodings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="Print it as JSON.")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    specs = open_catalog(settings.data_path).installed()
    seconds = _encoder_seconds(specs, settings)
    installed = [_installed(spec, seconds.get(spec.id), settings.segmenter) for spec in specs]
    known = {one["id"] for one in installed}
    pullable = [
        {"id": one.id, "title": one.title, "download_bytes": one.archive.bytes, "from": one.origin}
        for one in sources.PULLABLE
        if not isinstance(one, Bundled) and one.id not in known
    ]
    if arguments.json:
        print(json.dumps({"installed": installed, "pullable": pullable}, indent=2))
        return 0
    print("installed")
    _table([_row(one) for one in installed])
    if pullable:
        print("\nto pull with `samphire segmenters pull ID`")
        _table([(one["id"], one["title"], _mb(one["download_bytes"]), one["from"]) for one in pullable])
    return 0


def _installed(spec: SegmenterSpec, seconds: float | None, default: str) -> dict[str, Any]:
    lineage = lineage_of(spec)
    return {
        "id": spec.id,
        "title": spec.title,
        "licence": spec.licence,
        "bytes": sum(spec.bytes.values()),
        "weights": spec.weights,
        "encoding": spec.encoding,
        "trained_from": None if lineage is None else asdict(lineage),
        "resize": spec.resize,
        "quality": None if spec.quality is None else dict(spec.quality),
        "from": _origin(spec),
        "encoder_seconds": seconds,
        "default": spec.id == default,
        "folder": str(spec.folder),
    }


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    seconds = one["encoder_seconds"]
    return (
        one["id"] + (" *" if one["default"] else ""),
        one["title"],
        _mb(one["bytes"]),
        one["weights"][:12],
        one["resize"].replace("_", " "),
        "-" if seconds is None else f"{seconds:.2f} s an image",
        _quality(one["quality"]),
        one["from"],
    )


def _quality(quality: Mapping[str, Any] | None) -> str:
    if quality is None:
        return "not measured"
    return (
        f"IoU {quality['one_click']:.3f} one click, {quality['best_of_three']:.3f} best of three, "
        f"{quality['box']:.3f} box ({quality['dataset']})"
    )


def _origin(spec: SegmenterSpec) -> str:
    if spec.folder.parent == SEGMENTERS:
        return "comes with Samphire"
    lineage, source = lineage_of(spec), spec.source
    if lineage is not None:
        counted = "" if lineage.images is None else f" on {lineage.images} image{'s' * (lineage.images != 1)}"
        return f"trained from {lineage.segmenter}{counted}"
    return str(source.get("from") or (f"exported from {source['file']}" if "file" in source else "added"))


def _encoder_seconds(specs: tuple[SegmenterSpec, ...], settings: Settings) -> dict[str, float]:
    """By id: the median of what encoding took lately, where a server has encoded into this data folder."""
    if not settings.database and not settings.database_path.is_file():
        return {}
    try:
        with open_reading(settings.database_url) as db, db.read() as session:
            recent = {spec.id: recent_seconds(session, spec.encoding, _RECENT) for spec in specs}
    except SamphireError:  # `samphire doctor` tells what is wrong with it
        return {}
    return {name: statistics.median(seconds) for name, seconds in recent.items() if seconds}


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _mb(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
