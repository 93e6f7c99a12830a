"""What happens in projects: the log by HTTP, and the same events on the socket."""

from typing import Any

from ..contract import Resource
from ..domain.events import Kind
from ..features.events import schema
from .operation import Operation, in_query, json_answer
from .project_operations import PROJECT
from .schema import ref

_OF_AN_IMAGE = "to whoever watches the image in this project"
_OF_A_PROJECT = "to whoever watches an image of the project"
_EVENTS: dict[Kind, tuple[str, type[Resource]]] = {
    "annotation:changed": (_OF_AN_IMAGE, schema.AnnotationChanged),
    "annotation:deleted": (_OF_AN_IMAGE, schema.AnnotationDeleted),
    "annotations:imported": (_OF_AN_IMAGE, schema.AnnotationsImported),
    "annotations:agreed": (_OF_AN_IMAGE, schema.AnnotationsAgreed),
    "assignments:changed": (_OF_A_PROJECT, schema.AssignmentsChanged),
    "comment:changed": (_OF_AN_IMAGE, schema.CommentTold),
    "comment:deleted": (_OF_AN_IMAGE, schema.CommentTold),
    "image:changed": (_OF_AN_IMAGE, schema.ImageChanged),
    "images:added": (_OF_A_PROJECT, schema.ImagesMoved),
    "images:changed": (_OF_A_PROJECT, schema.ImagesChanged),
    "images:removed": (_OF_A_PROJECT, schema.ImagesMoved),
    "images:restored": (_OF_A_PROJECT, schema.ImagesMoved),
    "images:deleted": (_OF_A_PROJECT, schema.ImagesMoved),
    "labels:changed": (_OF_A_PROJECT, schema.LabelsChanged),
    "links:changed": (_OF_A_PROJECT, schema.LinksChanged),
    "project:changed": (_OF_A_PROJECT, schema.ProjectChanged),
    "project:deleted": (_OF_A_PROJECT, schema.Event),
    "project:restored": (_OF_A_PROJECT, schema.Event),
}
SOCKET_EVENTS: list[dict[str, Any]] = [
    {"name": name, "direction": direction, "description": told.__doc__, "payload": ref(told.__name__)}
    for name, (direction, told) in _EVENTS.items()
]
EVENT_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/projects/{project_id}/events",
        "listEvents",
        "What happened in a project since somebody last knew.",
        {200: json_answer("EventList", "As it was told when it happened.")},
        (400, 404, 410),
        description="410 when some of it is no longer kept: load everything again. Events are replayed for 30 days.",
        parameters=(
            PROJECT,
            in_query("since", "integer", "The number of the last event that is known; 0 when left out."),
        ),
    ),
)
