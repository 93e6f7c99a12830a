"""Which segmenters there are: one folder each, described by its `segmenter.json`."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from server.errors import SegmenterNotFound
from server.paths import SEGMENTERS

DEFAULT = "mobile_sam"
DESCRIPTION = "segmenter.json"
FILES = ("encoder.onnx", "prepare.onnx", "decoder.onnx")


@dataclass(frozen=True)
class SegmenterSpec:
    """An encoder and the decoder made for it: one unit, known by one hash."""

    id: str
    title: str
    licence: str
    weights: str  # sha256 over the encoder and the decoder's weights; embeddings and annotations carry it
    folder: Path
    sha256: dict[str, str]  # of each file
    mean: tuple[float, float, float]  # of RGB, 0-255
    std: tuple[float, float, float]

    def path(self, file: str) -> Path:
        return self.folder / file

    @property
    def encoder_path(self) -> Path:
        return self.path("encoder.onnx")

    @property
    def prepare_path(self) -> Path:
        return self.path("prepare.onnx")

    @property
    def decoder_path(self) -> Path:
        return self.path("decoder.onnx")


def read_spec(folder: Path) -> SegmenterSpec:
    """The spec in `folder`/segmenter.json. Raises OSError, ValueError, KeyError when it is not there or not one."""
    data = json.loads((folder / DESCRIPTION).read_text("utf-8"))
    return SegmenterSpec(
        id=data["id"],
        title=data["title"],
        licence=data["licence"],
        weights=data["weights"],
        folder=folder,
        sha256={name: data["files"][name]["sha256"] for name in FILES},
        mean=tuple(data["preprocessing"]["mean"]),
        std=tuple(data["preprocessing"]["std"]),
    )


@cache
def installed() -> tuple[SegmenterSpec, ...]:
    """All segmenters found, by id. A folder that is half there is left to `samphire doctor` to tell of."""
    found = []
    for description in sorted(SEGMENTERS.glob(f"*/{DESCRIPTION}")):
        try:
            found.append(read_spec(description.parent))
        except (OSError, ValueError, KeyError):
            continue
    return tuple(found)


def find(segmenter_id: str) -> SegmenterSpec:
    """Raises SegmenterNotFound, which lists those there are."""
    for spec in installed():
        if spec.id == segmenter_id:
            return spec
    known = ", ".join(spec.id for spec in installed()) or "none: run `samphire doctor`"
    raise SegmenterNotFound(f"There is no segmenter {segmenter_id!r}.", hint=f"Installed: {known}.")
