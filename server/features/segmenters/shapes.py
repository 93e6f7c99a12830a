"""What the API says of all segmenters."""

from functools import partial

from ...domain.policy import OWNER, Actor
from ...services import Services
from .described import network_url, segmenter_of
from .schema import Segmenter


def segmenters_json(services: Services, actor: Actor = OWNER) -> list[Segmenter]:
    """Every installed segmenter that the actor may use. Raises SegmenterNotFound when the configured one is not
    installed."""
    default = services.segmenters.find()
    return [
        segmenter_of(
            spec,
            partial(network_url, spec),
            maker=services.segmenters.maker_for(spec),
            seconds=services.embeddings.encoder_seconds(spec),
            is_default=spec.id == default.id,
        )
        for spec in services.projects.segmenters_for(actor)
    ]
