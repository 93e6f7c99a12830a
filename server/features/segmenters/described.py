"""A segmenter as the API describes it: what needs no services to be known."""

from collections.abc import Callable

from ...inference.catalog import DECODER, PREPARE, SegmenterSpec
from .schema import Network, Quality, Segmenter


def segmenter_of(
    spec: SegmenterSpec,
    address: Callable[[str], str],
    *,
    seconds: float | None = None,
    is_default: bool = True,
) -> Segmenter:
    """`address`: of a file that browsers run, by its name. `seconds`: what an image takes to encode, if known."""
    return Segmenter(
        id=spec.id,
        title=spec.title,
        weights=spec.weights,
        licence=spec.licence,
        resize=spec.resize,
        prepare=Network(address(PREPARE), spec.bytes[PREPARE]),
        decoder=Network(address(DECODER), spec.bytes[DECODER]),
        encoder_bytes=spec.encoder_bytes,
        encoder_seconds=None if seconds is None else round(seconds, 3),
        quality=None if spec.quality is None else Quality(**spec.quality),
        default=is_default,
    )


def network_url(spec: SegmenterSpec, file: str) -> str:
    """Where browsers find one of a segmenter's files: the address changes with the file."""
    return f"/segmenters/{spec.id}/{spec.sha256[file][:12]}/{file}"
