"""What the API says of the server itself."""

from ...paths import VERSION
from ...services import Services
from ..segmenters.shapes import segmenters_json
from .schema import Limits, Status


def limits_json(services: Services) -> Limits:
    settings = services.settings
    return Limits(settings.max_upload_bytes, settings.max_pixels, settings.max_side)


def status_json(services: Services, whole: bool) -> Status:
    """`whole`: with figures of all projects together."""
    return Status(
        ok=True,
        version=VERSION,
        segmenter=services.settings.segmenter,
        segmenters=segmenters_json(services),
        outdated_embeddings=services.renewal.remaining if whole else None,
        limits=limits_json(services),
        storage=services.pools.compute(services.room.describe) if whole else None,
    )
