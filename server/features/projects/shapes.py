"""What the API says of an image as it is in a project."""

from typing import Any

from ...domain.times import timestamp
from ...services import Services
from ...storage.tables import Image, ProjectImage
from ..images.shapes import image_fields
from .images_schema import ProjectImage as ProjectImageJson

Place = tuple[ProjectImage, Image]


def project_images_json(services: Services, project_id: str, places: list[Place]) -> list[ProjectImageJson]:
    """Images as they are in a project; their embeddings by the segmenter it uses."""
    images = [image for _, image in places]
    counts = services.project_images.annotation_counts(project_id, [image.id for image in images])
    embeddings = services.embeddings.describe_all(images, services.projects.segmenter(project_id))
    return [
        ProjectImageJson(
            **image_fields(image, counts.get(image.id, 0), embeddings[image.id]) | place_fields(place)
        )
        for place, image in places
    ]


def place_fields(place: ProjectImage) -> dict[str, Any]:
    """What an image has in a project only."""
    return {
        "project_id": place.project_id,
        "name": place.name,
        "state": place.state,
        "added_at": timestamp(place.added_at),
        "updated_at": timestamp(place.updated_at),
    }
