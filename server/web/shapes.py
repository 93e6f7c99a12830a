"""What the API says about an image and about the server: the JSON objects, with their addresses."""

from typing import Any

from server.inference.catalog import SegmenterSpec
from server.paths import VERSION
from server.services import Services
from server.services.annotations import timestamp
from server.storage.tables import Image


def image_json(services: Services, image: Image) -> dict[str, Any]:
    return images_json(services, [image])[0]


def images_json(services: Services, images: list[Image]) -> list[dict[str, Any]]:
    ids = [image.id for image in images]
    counts = services.images.annotation_counts(ids)
    embeddings = services.embeddings.describe_all(images)
    return [_image(image, counts.get(image.id, 0), embeddings[image.id]) for image in images]


def _image(image: Image, annotation_count: int, embedding: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": image.id,
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "bytes": image.bytes,
        "format": image.format,
        "sha256": image.sha256,
        "created_at": timestamp(image.created_at),
        "file_url": f"/api/images/{image.id}/file",
        "thumbnail_url": f"/api/images/{image.id}/thumbnail",
        "annotation_count": annotation_count,
        "embedding": embedding,
    }


def segmenter_json(services: Services) -> dict[str, Any]:
    """The segmenter in use, with the networks that browsers run. Raises SegmenterNotFound."""
    spec = services.embeddings.spec()
    return {
        "id": spec.id,
        "title": spec.title,
        "weights": spec.weights,
        "prepare": _network(spec, "prepare.onnx"),
        "decoder": _network(spec, "decoder.onnx"),
    }


def network_url(spec: SegmenterSpec, file: str) -> str:
    """Where browsers find one of a segmenter's files: the address changes with the file."""
    return f"/segmenters/{spec.id}/{spec.sha256[file][:12]}/{file}"


def _network(spec: SegmenterSpec, file: str) -> dict[str, Any]:
    return {"url": network_url(spec, file), "bytes": spec.path(file).stat().st_size}


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
        "segmenter": segmenter_json(services),
        "encoder_seconds": services.embeddings.encoder_seconds,
        "limits": limits_json(services),
    }
