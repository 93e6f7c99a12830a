"""What the API says of an image as it is in a project."""

from typing import Any

from ...domain.times import timestamp
from ...services import Services
from ...storage.tables import Assignment, Image, ProjectImage
from ...web.acting import actor
from ..images.shapes import image_fields
from .images_schema import Assigned
from .images_schema import ProjectImage as ProjectImageJson

Place = tuple[ProjectImage, Image]


def project_images_json(services: Services, project_id: str, places: list[Place]) -> list[ProjectImageJson]:
    """Images as they are in a project; their embeddings by the segmenter it uses."""
    images = [image for _, image in places]
    ids = [image.id for image in images]
    counts = services.project_images.annotation_counts(project_id, ids)
    assigned = services.assignments.of_images(project_id, ids)
    threads = services.comments.open_threads(actor(), project_id, ids)
    embeddings = services.embeddings.describe_all(images, services.projects.segmenter(project_id))
    return [
        ProjectImageJson(
            **image_fields(image, counts.get(image.id, 0), embeddings[image.id]) | place_fields(place),
            open_threads=threads.get(image.id, 0),
            assigned=[_assigned(each) for each in assigned.get(image.id, ())],
        )
        for place, image in places
    ]


def _assigned(each: Assignment) -> Assigned:
    until = each.leased_until
    return Assigned(each.account_id, None if until is None else timestamp(until))


def place_fields(place: ProjectImage) -> dict[str, Any]:
    """What an image has in a project only."""
    return {
        "project_id": place.project_id,
        "name": place.name,
        "state": place.state,
        "added_at": timestamp(place.added_at),
        "updated_at": timestamp(place.updated_at),
        "submitted_by": place.submitted_by,
        "reviewed_by": place.reviewed_by,
        "reviewed_at": None if place.reviewed_at is None else timestamp(place.reviewed_at),
        "review_note": place.review_note,
        "changed_since_review": place.changed_since_review,
    }
