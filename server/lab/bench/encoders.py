"""One segmenter's encoder beside others that compute the same, in turns within one run; its memory, and two at once."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from ...inference.catalog import DEFAULT, SegmenterSpec
from ...inference.encoder import Encoder
from ...paths import PUBLISHED_ENCODER
from . import pictures
from .figures import pair_ratio
from .rows import Row, Target, missing, spread
from .workbench import Workbench

_FASTER = Target(">=", 1.4)
_CHILD_SECONDS = 300
_PAUSE_SECONDS = 0.15
_REBUILT = (DEFAULT, "mobile_sam_float32")
Work = Callable[[], object]


def compare(bench: Workbench, spec: SegmenterSpec) -> Iterator[Row]:
    """Ours with and without preparing the pixels, the published file in plain onnxruntime, and PyTorch."""
    bench.say(f"encode: {spec.id} beside others")
    rgb = np.asarray(pictures.drawn(pictures.SMALL))
    encoder = Encoder(spec, bench.settings.encode_threads)
    pixels = encoder.pixels(rgb)
    why_not: dict[str, str] = {}
    ways: dict[str, Work] = {"ours": lambda: encoder.run(pixels), "whole": lambda: encoder.encode(rgb)}
    for name, make in (("plain", _plain), ("torch", _torch)):
        way = make(spec, pixels)
        if isinstance(way, str):
            why_not[name] = way
        else:
            ways[name] = way
    seconds = in_turns(ways, bench.times(7, 1))
    for name, title in _TITLES.items():
        row, title = f"encode.{name}.{spec.id}", f"{spec.title}, {title}"
        yield spread(row, title, seconds[name], "s") if name in ways else missing(row, title, why_not[name])
    for name, title in (("plain", "plain onnxruntime over ours"), ("torch", "PyTorch over ours")):
        row, title = f"encode.ratio.{name}.{spec.id}", f"{spec.title}, {title}"
        target = _FASTER if (name, spec.id) == ("plain", DEFAULT) else None
        if name in ways:
            ratio = pair_ratio(seconds[name], seconds["ours"])
            note = f"median of {len(seconds[name])} pairs"
            yield Row(row, title, ratio, "x", samples=len(seconds[name]), target=target, note=note)
        else:
            yield missing(row, title, why_not[name], target)
    del ways
    yield from _two_at_once(bench, spec, encoder, rgb)
    yield _peak_memory(bench, spec)


_TITLES = {
    "whole": "from pixels to embedding",
    "ours": "the network alone",
    "plain": "the published file, plain onnxruntime",
    "torch": "PyTorch eager",
}


def in_turns(ways: Mapping[str, Work], rounds: int) -> dict[str, list[float]]:
    """Seconds of each way in each round, after one round that does not count: the first run allocates.

    Between runs a pause: the threads of an onnxruntime with its own settings stay awake for a while after each.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, work in ways.items():
            time.sleep(_PAUSE_SECONDS)
            start = time.perf_counter()
            work()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def _plain(spec: SegmenterSpec, pixels: np.ndarray) -> Work | str:
    """The file as it is published, as anybody would run it: every option as onnxruntime has it."""
    path = _published(spec)
    if not path.is_file():
        return "The published file is only in a source checkout that `pip install .` was run in."
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {spec.encoder_input: pixels})


def _published(spec: SegmenterSpec) -> Path:
    """MobileSAM's is rebuilt before it is installed; others are installed as they were published."""
    return PUBLISHED_ENCODER if spec.id in _REBUILT else spec.encoder_path


def _torch(spec: SegmenterSpec, pixels: np.ndarray) -> Work | str:
    for package in ("torch", "onnx"):
        if find_spec(package) is None:
            return f'{package} is not installed: `pip install "samphire[export]"`.'
    from ...modelkit.torch_sam.recovered import eager, tiny_vit_encoder

    path = _published(spec)
    encoder = tiny_vit_encoder(path) if path.is_file() else None
    if encoder is None:
        return (
            "This encoder's weights are not here in PyTorch's form: only MobileSAM's can be read from ONNX."
        )
    return eager(encoder, pixels)


def _two_at_once(bench: Workbench, spec: SegmenterSpec, encoder: Encoder, rgb: np.ndarray) -> Iterator[Row]:
    """Two images by one encoder, one after the other, as everything here does it, and at the same time."""
    with ThreadPoolExecutor(2) as pool:
        ways: dict[str, Work] = {
            "after": lambda: [encoder.encode(rgb) for _ in range(2)],
            "together": lambda: list(pool.map(encoder.encode, [rgb, rgb])),
        }
        seconds = in_turns(ways, bench.times(5, 1))
    rates = [2 / each for each in seconds["together"]]
    yield spread(f"encode.two.{spec.id}", f"{spec.title}, two images at once", rates, "images/s")
    ratio = pair_ratio(seconds["after"], seconds["together"])
    title, note = f"{spec.title}, two at once over one by one", f"median of {len(rates)} pairs"
    name = f"encode.two.ratio.{spec.id}"
    yield Row(name, title, ratio, "x", samples=len(rates), note=note)


def _peak_memory(bench: Workbench, spec: SegmenterSpec) -> Row:
    """Of a process of its own that encodes two images."""
    name, title = f"encode.memory.{spec.id}", f"{spec.title}, memory at its most"
    if not sys.platform.startswith("linux"):
        return missing(name, title, "A process's highest memory is read from Linux's /proc only.")
    words = [
        "-m",
        f"{__package__}.programs.encoder_memory",
        str(spec.folder),
        str(bench.settings.encode_threads),
    ]
    child = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=_CHILD_SECONDS, check=False
    )
    if child.returncode:
        return missing(name, title, f"The process ended with status {child.returncode}.")
    answer: dict[str, Any] = json.loads(child.stdout)
    note = f"a process that encodes two images; {answer['before'] / 1e6:.0f} MB before the network is loaded"
    return Row(name, title, answer["peak"], "B", note=note)
