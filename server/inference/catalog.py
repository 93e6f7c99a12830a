"""Which segmenters there are: one folder each, described by its `segmenter.json`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from ..domain.frames import GRID, RESIZES, InputFrame, Resize
from ..domain.windows import Window
from ..errors import SegmenterNotFound, UnsupportedSegmenter
from ..paths import SEGMENTERS

DEFAULT = "mobile_sam"
DESCRIPTION = "segmenter.json"
_MOST_BYTES_FOR_BROWSERS = 32 << 20  # of an encoder
PREPARE, DECODER = FOR_BROWSERS = ("prepare.onnx", "decoder.onnx")
AUTOMATIC_PREPARE, AUTOMATIC, AUTOMATIC_UPSCALING = (
    "automatic_prepare.onnx",
    "automatic.onnx",
    "automatic_upscaling.onnx",
)  # missing in what older versions exported
READABLE = "readable"  # what an encoder's description says of weights that training can read back
QUALITY_KEYS = ("dataset", "objects", "one_click", "best_of_three", "box")
SEGMENTER_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SAFE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class EmbeddingTensor:
    """One tensor of an embedding: what the encoder calls it, and its shape (grid * grid, channels)."""

    name: str
    output: str  # of the encoder's file, (1, channels, grid, grid)
    grid: int
    channels: int


@dataclass(frozen=True)
class SegmenterSpec:
    """An encoder and the decoder made for it: one unit, known by one hash. One that was trained from another has that
    one's encoder, and decodes the same embeddings."""

    id: str
    title: str
    licence: str
    weights: str  # sha256 over the encoder and the decoder's weights; annotations carry it
    encoding: (
        str  # what embeddings carry: these weights, or those of the segmenter whose embeddings it decodes
    )
    folder: Path
    sha256: Mapping[str, str]  # of each file
    bytes: Mapping[str, int]
    resize: Resize
    mean: tuple[float, float, float]  # of RGB, 0-255
    std: tuple[float, float, float]
    encoder_file: str
    encoder_input: str
    encoder_learns: bool  # whether training can read its weights back
    embedding: tuple[EmbeddingTensor, ...]
    source: Mapping[str, Any]  # where the weights came from, for people
    quality: Mapping[str, Any] | None  # QUALITY_KEYS, as `samphire eval` measured them

    def path(self, file: str) -> Path:
        return self.folder / file

    @property
    def encoder_path(self) -> Path:
        return self.path(self.encoder_file)

    @property
    def prepare_path(self) -> Path:
        return self.path(PREPARE)

    @property
    def decoder_path(self) -> Path:
        return self.path(DECODER)

    @property
    def encoder_bytes(self) -> int:
        """With the weights that lie beside an encoder too large for one file."""
        return sum(size for name, size in self.bytes.items() if name.startswith(self.encoder_file))

    @property
    def encodes_in_browsers(self) -> bool:
        """Whether its encoder is one that a browser runs in one thread, in a phone's memory."""
        return self.encoder_bytes <= _MOST_BYTES_FOR_BROWSERS

    def frame(self, width: int, height: int, window: Window | None = None) -> InputFrame:
        """How a picture of width x height pixels, or a window of it, lies in this segmenter's input frame."""
        if window is None:
            return InputFrame(width, height, self.resize)
        return InputFrame(window.width, window.height, self.resize, window.x, window.y)


class Catalog:
    """The segmenters of several folders; one that is added, changed or removed is seen at the next question.

    `folders` hold a folder for each segmenter; an id in an earlier one hides the same id in a later one. `quality`
    holds what was measured here, a file `<weights>.json` each; it goes before what a segmenter says of itself.
    """

    def __init__(self, *folders: Path, quality: Path | None = None) -> None:
        self.folders = folders
        self._quality = quality
        self._read: dict[Path, tuple[tuple[int, ...], SegmenterSpec | None]] = {}

    def installed(self) -> tuple[SegmenterSpec, ...]:
        """All segmenters found. A folder that is half there is left to `samphire doctor` to tell of."""
        found: dict[str, SegmenterSpec] = {}
        for folder in self.folders:
            for description in sorted(folder.glob(f"*/{DESCRIPTION}")):
                spec = self._spec(description)
                if spec is not None:
                    found.setdefault(spec.id, spec)
        return tuple(found.values())

    def find(self, segmenter_id: str) -> SegmenterSpec:
        """Raises SegmenterNotFound, which lists those there are."""
        installed = self.installed()
        for spec in installed:
            if spec.id == segmenter_id:
                return spec
        known = ", ".join(spec.id for spec in installed) or "none: run `samphire doctor`"
        raise SegmenterNotFound(f"There is no segmenter {segmenter_id!r}.", hint=f"Installed: {known}.")

    def maker(self, encoding: str) -> SegmenterSpec | None:
        """Whose encoder makes the embeddings that carry `encoding`, and under whose id they are filed: the segmenter
        with these weights, else the first that shares its embeddings."""
        sharing = [spec for spec in self.installed() if spec.encoding == encoding]
        return next((spec for spec in sharing if spec.weights == encoding), sharing[0] if sharing else None)

    def _spec(self, description: Path) -> SegmenterSpec | None:
        stamp = _stamp(description, self._quality)
        known = self._read.get(description)
        if known is None or known[0] != stamp:
            try:
                spec = read_spec(description.parent, self._quality)
            except (OSError, UnsupportedSegmenter):
                spec = None
            known = self._read[description] = stamp, spec
        return known[1]


def open_catalog(data: Path) -> Catalog:
    """The segmenters that come with Samphire and those in the data folder `data`, with what was measured of them."""
    return Catalog(SEGMENTERS, data / "segmenters", quality=data / "quality")


def read_spec(folder: Path, quality: Path | None = None) -> SegmenterSpec:
    """The spec in `folder`/segmenter.json, with what was measured of it in the folder `quality`.

    Raises OSError, and UnsupportedSegmenter, which says what is wrong with the description.
    """
    try:
        data = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        spec = _parse(data, folder)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        what = f"{type(error).__name__}: {error}" if not isinstance(error, KeyError) else f"no {error}"
        raise UnsupportedSegmenter(
            f"{folder.name}/{DESCRIPTION} does not describe a segmenter ({what})."
        ) from None
    measured = _measured(quality, spec.weights)
    return spec if measured is None else replace(spec, quality=measured)


def quality_path(folder: Path, weights: str) -> Path:
    """Where `samphire eval` writes what it measured of the segmenter with these weights."""
    return folder / f"{weights}.json"


def _parse(data: Mapping[str, Any], folder: Path) -> SegmenterSpec:
    files, preprocessing, encoder = data["files"], data["preprocessing"], data["encoder"]
    for name in (encoder["file"], PREPARE, DECODER, *files):
        if not _SAFE_FILE.fullmatch(name) or name not in files:
            raise ValueError(f"{name!r} is not a file it lists")
    if not SEGMENTER_ID.fullmatch(data["id"]):
        raise ValueError(f"{data['id']!r} cannot be an id: lower-case letters, digits, - and _")
    encoding = data.get("encoding", data["weights"])
    for digest in (data["weights"], encoding, *(file["sha256"] for file in files.values())):
        if not _SHA256.fullmatch(digest):
            raise ValueError(f"{digest!r} is not a SHA-256")
    if preprocessing["resize"] not in RESIZES:
        raise ValueError(f"resize {preprocessing['resize']!r}: known are {', '.join(RESIZES)}")
    return SegmenterSpec(
        id=data["id"],
        title=str(data["title"]),
        licence=str(data["licence"]),
        weights=data["weights"],
        encoding=encoding,
        folder=folder,
        sha256={name: file["sha256"] for name, file in files.items()},
        bytes={name: int(file["bytes"]) for name, file in files.items()},
        resize=preprocessing["resize"],
        mean=_rgb(preprocessing["mean"]),
        std=_divisors(preprocessing["std"]),
        encoder_file=encoder["file"],
        encoder_input=encoder["input"],
        encoder_learns=encoder.get("weights") == READABLE,
        embedding=tuple(_tensor(entry) for entry in data["embedding"]),
        source=dict(data.get("source", {})),
        quality=_quality(data.get("quality")),
    )


def _rgb(values: Any) -> tuple[float, float, float]:
    red, green, blue = map(_finite, values)
    return red, green, blue


def _divisors(values: Any) -> tuple[float, float, float]:
    std = _rgb(values)
    if min(std) <= 0:
        raise ValueError(f"std {values}")
    return std


def _tensor(entry: Mapping[str, Any]) -> EmbeddingTensor:
    tensor = EmbeddingTensor(entry["name"], entry["output"], int(entry["grid"]), int(entry["channels"]))
    if tensor.grid % GRID or not 0 < tensor.grid <= 4 * GRID or not 0 < tensor.channels <= 1280:
        raise ValueError(f"{tensor.name}: grid {tensor.grid} with {tensor.channels} channels")
    return tensor


def _quality(data: Any) -> Mapping[str, Any] | None:
    if data is None:
        return None
    return {key: str(data[key]) if key == "dataset" else _finite(data[key]) for key in QUALITY_KEYS}


def _finite(value: Any) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError(f"{value} is no number to reckon with")
    return number


def _measured(folder: Path | None, weights: str) -> Mapping[str, Any] | None:
    try:
        if folder is None:
            return None
        return _quality(json.loads(quality_path(folder, weights).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _stamp(description: Path, quality: Path | None) -> tuple[int, ...]:
    """Changes whenever the description or something measured does."""
    stamps = []
    for path in (description, quality):
        try:
            status = path.stat() if path is not None else None
        except OSError:
            status = None
        stamps += [status.st_mtime_ns, status.st_size] if status is not None else [0, 0]
    return tuple(stamps)
