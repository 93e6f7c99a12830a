"""What the API says of an image as it is in a project."""

from typing import cast

from msgspec import UNSET

from ...domain.policy import Actor
from ...domain.times import optional_timestamp
from ...services import Services
from ...storage.rows.assignments import is_given
from ...storage.rows.listing.order import State
from ...storage.tables import Assignment, Image, ProjectImage
from ..embeddings.schema import Embedding
from ..images.fields import image_fields
from .images_schema import Assigned
from .images_schema import ProjectImage as ProjectImageJson
from .seen import Seen

Place = tuple[ProjectImage, Image]


def project_images_json(
    services: Services, actor: Actor, project_id: str, places: list[Place]
) -> list[ProjectImageJson]:
    """Images as the actor sees them in a project; their embeddings by the segmenter it uses."""
    images = [image for _, image in places]
    embeddings = services.embeddings.describe_all(images, services.projects.segmenter(project_id))
    seen = services.project_images.seen(actor, project_id, [place for place, _ in places])
    return [project_image_json(image, embeddings[image.id], seen[image.id]) for image in images]


def project_image_json(image: Image, embedding: Embedding, seen: Seen) -> ProjectImageJson:
    return ProjectImageJson(
        **image_fields(image, seen.annotations, embedding) | seen.fields,
        open_threads=seen.open_threads,
        assigned=[_assigned(each, seen.own_states) for each in seen.assigned],
    )


def _assigned(each: Assignment, with_state: bool) -> Assigned:
    until = each.leased_until if is_given(each) else None
    state = cast(State, each.state) if with_state else UNSET
    return Assigned(each.account_id, optional_timestamp(until), state)
