"""What was trained becomes a segmenter's folder: four new networks, and the encoder of the one it began as or, where
that was trained too, its own."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...inference.catalog import DESCRIPTION, SegmenterSpec
from ..graphs.build_segmenter import complete_segmenter
from ..graphs.decoder_storage import packed
from .adapters import merged
from .decoding import Decoder
from .encoders import open_network
from .through_encoder import WithEncoder

_OF_THE_BASE = ("files", "weights", "quality", "source", "encoding")


def build(
    base: SegmenterSpec,
    trained: Decoder,
    folder: Path,
    segmenter: str,
    title: str,
    source: Mapping[str, Any],
) -> None:
    """Write the segmenter into `folder`; `source` says what it was trained on. Raises OSError.

    An encoder that was not trained takes no room where the disk has hard links, and decodes the embeddings of the base.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shared: dict[str, str] = {}
    if isinstance(trained, WithEncoder):
        open_network(base).write(folder / base.encoder_file, merged(trained.encoder))
    else:
        shared["encoding"] = base.encoding
        for name in base.sha256:
            if name.startswith(base.encoder_file):
                _link(base.path(name), folder / name)
    said = json.loads(base.path(DESCRIPTION).read_text("utf-8"))
    kept = {name: value for name, value in said.items() if name not in _OF_THE_BASE}
    trained_from = {"segmenter": base.id, "weights": base.weights, "title": base.title}
    description = {
        **kept,
        "id": segmenter,
        "title": title,
        **shared,
        "source": {"trained_from": trained_from, **source},
    }
    complete_segmenter(folder, description, trained.decoder_weights(), storage=packed)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)
