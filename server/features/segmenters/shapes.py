"""What the API says of all segmenters."""

from functools import partial

from ...services import Services
from .described import network_url, segmenter_of
from .schema import Segmenter


def segmenters_json(services: Services) -> list[Segmenter]:
    """Every installed segmenter. Raises SegmenterNotFound when the configured one is not among them."""
    default = services.segmenters.find()
    return [
        segmenter_of(
            spec,
            partial(network_url, spec),
            seconds=services.embeddings.encoder_seconds(spec),
            is_default=spec.id == default.id,
        )
        for spec in services.segmenters.installed()
    ]
