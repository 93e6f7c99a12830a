"""An image as the API describes it, with its addresses: what needs no services to be known."""

from typing import Any

from ...domain.times import timestamp
from ...storage.tables import Image
from ..embeddings.schema import Embedding
from ..pictures.rendering import parse_rendering, version_of


def image_version(image: Image) -> str:
    """What changes in its addresses when it is shown differently."""
    return version_of(parse_rendering(image.rendering))


def image_fields(image: Image, annotation_count: int, embedding: Embedding) -> dict[str, Any]:
    """Of the struct."""
    version = image_version(image)
    query = f"?version={version}" if version else ""
    return {
        "id": image.id,
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "bytes": image.bytes,
        "format": image.format,
        "sha256": image.sha256,
        "created_at": timestamp(image.created_at),
        "rendering": image.rendering,
        "version": version,
        "file_url": f"/api/images/{image.id}/file{query}",
        "thumbnail_url": f"/api/images/{image.id}/thumbnail{query}",
        "annotation_count": annotation_count,
        "embedding": embedding,
    }
