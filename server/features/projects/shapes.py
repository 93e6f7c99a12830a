"""What the API says of an image as it is in a project."""

from collections.abc import Callable
from typing import cast

from msgspec import UNSET

from ...domain.policy import Actor
from ...domain.times import optional_timestamp
from ...services import Services
from ...storage.rows.assignments import is_given
from ...storage.rows.project_images import State
from ...storage.tables import Assignment, Image, ProjectImage
from ..images.fields import image_fields
from .images_schema import Assigned
from .images_schema import ProjectImage as ProjectImageJson
from .seen import Seen

Place = tuple[ProjectImage, Image]


def project_images_json(
    services: Services, actor: Actor, project_id: str, places: list[Place]
) -> list[ProjectImageJson]:
    """Images as the actor sees them in a project; their embeddings by the segmenter it uses."""
    tell = images_teller(services, project_id, [image for _, image in places])
    return tell(services.project_images.seen(actor, project_id, [place for place, _ in places]))


def images_teller(
    services: Services, project_id: str, images: list[Image]
) -> Callable[[dict[str, Seen]], list[ProjectImageJson]]:
    """Describes images by what is seen of them. It has read all else, so that a change is told as stored even where
    nothing can be read any more once it is."""
    embeddings = services.embeddings.describe_all(images, services.projects.segmenter(project_id))

    def tell(seen: dict[str, Seen]) -> list[ProjectImageJson]:
        return [
            ProjectImageJson(
                **image_fields(image, here.annotations, embeddings[image.id]) | here.fields,
                open_threads=here.open_threads,
                assigned=[_assigned(each, here.own_states) for each in here.assigned],
            )
            for image in images
            for here in (seen[image.id],)
        ]

    return tell


def _assigned(each: Assignment, with_state: bool) -> Assigned:
    until = each.leased_until if is_given(each) else None
    state = cast(State, each.state) if with_state else UNSET
    return Assigned(each.account_id, optional_timestamp(until), state)
