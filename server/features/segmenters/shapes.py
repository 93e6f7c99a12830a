"""What the API says of segmenters, with the addresses of what browsers run."""

from ...inference.catalog import DECODER, PREPARE, SegmenterSpec
from ...services import Services
from .schema import Network, Quality, Segmenter


def segmenters_json(services: Services) -> list[Segmenter]:
    """Every installed segmenter. Raises SegmenterNotFound when the configured one is not among them."""
    default = services.segmenters.find()
    return [_segmenter(services, spec, spec.id == default.id) for spec in services.segmenters.installed()]


def _segmenter(services: Services, spec: SegmenterSpec, is_default: bool) -> Segmenter:
    seconds = services.embeddings.encoder_seconds(spec)
    return Segmenter(
        id=spec.id,
        title=spec.title,
        weights=spec.weights,
        licence=spec.licence,
        resize=spec.resize,
        prepare=_network(spec, PREPARE),
        decoder=_network(spec, DECODER),
        encoder_bytes=spec.encoder_bytes,
        encoder_seconds=None if seconds is None else round(seconds, 3),
        quality=None if spec.quality is None else Quality(**spec.quality),
        default=is_default,
    )


def network_url(spec: SegmenterSpec, file: str) -> str:
    """Where browsers find one of a segmenter's files: the address changes with the file."""
    return f"/segmenters/{spec.id}/{spec.sha256[file][:12]}/{file}"


def _network(spec: SegmenterSpec, file: str) -> Network:
    return Network(network_url(spec, file), spec.bytes[file])
