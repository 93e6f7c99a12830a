"""What the API says of the server itself."""

from typing import Any

from ...paths import VERSION
from ...services import Services
from ..segmenters.shapes import segmenters_json


def limits_json(services: Services) -> dict[str, int]:
    settings = services.settings
    return {
        "max_upload_bytes": settings.max_upload_bytes,
        "max_pixels": settings.max_pixels,
        "max_side": settings.max_side,
    }


def status_json(services: Services) -> dict[str, Any]:
    return {
        "ok": True,
        "version": VERSION,
        "segmenter": services.settings.segmenter,
        "segmenters": segmenters_json(services),
        "outdated_embeddings": services.renewal.remaining,
        "limits": limits_json(services),
        "storage": services.pools.compute(services.room.describe),
    }
