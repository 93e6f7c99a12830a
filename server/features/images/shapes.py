"""What the API says of an image, with its addresses."""

from typing import Any

from ...domain.policy import Actor
from ...domain.times import timestamp
from ...services import Services
from ...storage.tables import Image
from ..embeddings.schema import Embedding
from ..pictures.rendering import parse_rendering, version_of
from .schema import Image as ImageJson


def image_version(image: Image) -> str:
    """What changes in its addresses when it is shown differently."""
    return version_of(parse_rendering(image.rendering))


def image_json(services: Services, actor: Actor, image: Image) -> ImageJson:
    return images_json(services, actor, [image])[0]


def images_json(services: Services, actor: Actor, images: list[Image]) -> list[ImageJson]:
    ids = [image.id for image in images]
    counts = services.images.annotation_counts(actor, ids)
    embeddings = services.embeddings.describe_all(images, services.segmenters.find())
    return [
        ImageJson(**image_fields(image, counts.get(image.id, 0), embeddings[image.id])) for image in images
    ]


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
