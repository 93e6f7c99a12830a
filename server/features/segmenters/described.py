"""A segmenter as the API describes it: what needs no services to be known."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ...inference.catalog import DECODER, PREPARE, SegmenterSpec
from ...inference.lineage import lineage_of
from .schema import Network, Quality, Segmenter, TrainedFrom


def segmenter_of(
    spec: SegmenterSpec,
    address: Callable[[str], str],
    *,
    maker: SegmenterSpec | None = None,
    seconds: float | None = None,
    is_default: bool = True,
) -> Segmenter:
    """`address`: of a file that browsers run, by its name. `maker`: whose encoder makes its embeddings; None: its own.
    `seconds`: what an image takes to encode, if known."""
    lineage = lineage_of(spec)
    return Segmenter(
        id=spec.id,
        title=spec.title,
        weights=spec.weights,
        encoder=(maker or spec).id,
        encoding=spec.encoding,
        licence=spec.licence,
        resize=spec.resize,
        prepare=Network(address(PREPARE), spec.bytes[PREPARE]),
        decoder=Network(address(DECODER), spec.bytes[DECODER]),
        encoder_bytes=spec.encoder_bytes,
        encoder_seconds=None if seconds is None else round(seconds, 3),
        quality=None if spec.quality is None else Quality(**spec.quality),
        trained_from=None if lineage is None else TrainedFrom(**asdict(lineage)),
        default=is_default,
    )


def encoder_of(spec: SegmenterSpec, url: str) -> dict[str, Any]:
    """What a browser needs to run the encoder, whose file is at `url`."""
    return {
        "url": url,
        "bytes": spec.encoder_bytes,
        "segmenter": spec.id,
        "weights": spec.encoding,
        "resize": spec.resize,
        "mean": spec.mean,
        "std": spec.std,
        "input": spec.encoder_input,
        "tensors": [asdict(tensor) for tensor in spec.embedding],
    }


def network_url(spec: SegmenterSpec, file: str) -> str:
    """Where browsers find one of a segmenter's files: the address changes with the file."""
    return f"/segmenters/{spec.id}/{spec.sha256[file][:12]}/{file}"
