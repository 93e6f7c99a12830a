"""What the API says about an image and about the server: the JSON objects, with their addresses."""

from typing import Any

from server.inference.catalog import DECODER, PREPARE, SegmenterSpec
from server.paths import VERSION
from server.services import Services
from server.services.annotations import timestamp
from server.services.pictures.rendering import parse_rendering, version_of
from server.storage.tables import Image, ProjectImage


def image_version(image: Image) -> str:
    """What changes in its addresses when it is shown differently."""
    return version_of(parse_rendering(image.rendering))


def image_json(services: Services, image: Image) -> dict[str, Any]:
    return images_json(services, [image])[0]


def images_json(services: Services, images: list[Image]) -> list[dict[str, Any]]:
    ids = [image.id for image in images]
    counts = services.images.annotation_counts(ids)
    embeddings = services.embeddings.describe_all(images, services.segmenters.find())
    return [_image(image, counts.get(image.id, 0), embeddings[image.id]) for image in images]


Place = tuple[ProjectImage, Image]


def project_images_json(services: Services, project_id: str, places: list[Place]) -> list[dict[str, Any]]:
    """Images as they are in a project; their embeddings by the segmenter it uses."""
    images = [image for _, image in places]
    counts = services.project_images.annotation_counts(project_id, [image.id for image in images])
    embeddings = services.embeddings.describe_all(images, services.projects.segmenter(project_id))
    return [
        _image(image, counts.get(image.id, 0), embeddings[image.id]) | place_json(place)
        for place, image in places
    ]


def place_json(place: ProjectImage) -> dict[str, Any]:
    """What an image has in a project only."""
    return {
        "project_id": place.project_id,
        "name": place.name,
        "state": place.state,
        "added_at": timestamp(place.added_at),
        "updated_at": timestamp(place.updated_at),
    }


def _image(image: Image, annotation_count: int, embedding: dict[str, Any]) -> dict[str, Any]:
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


def segmenters_json(services: Services) -> list[dict[str, Any]]:
    """Every installed segmenter. Raises SegmenterNotFound when the configured one is not among them."""
    default = services.segmenters.find()
    return [_segmenter(services, spec, spec.id == default.id) for spec in services.segmenters.installed()]


def _segmenter(services: Services, spec: SegmenterSpec, is_default: bool) -> dict[str, Any]:
    seconds = services.embeddings.encoder_seconds(spec)
    return {
        "id": spec.id,
        "title": spec.title,
        "weights": spec.weights,
        "licence": spec.licence,
        "resize": spec.resize,
        "prepare": _network(spec, PREPARE),
        "decoder": _network(spec, DECODER),
        "encoder_bytes": spec.encoder_bytes,
        "encoder_seconds": None if seconds is None else round(seconds, 3),
        "quality": None if spec.quality is None else dict(spec.quality),
        "default": is_default,
    }


def network_url(spec: SegmenterSpec, file: str) -> str:
    """Where browsers find one of a segmenter's files: the address changes with the file."""
    return f"/segmenters/{spec.id}/{spec.sha256[file][:12]}/{file}"


def _network(spec: SegmenterSpec, file: str) -> dict[str, Any]:
    return {"url": network_url(spec, file), "bytes": spec.bytes[file]}


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
