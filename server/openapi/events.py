"""What happens in projects: the log by HTTP, and the same events on the socket."""

from typing import Any

from ..domain.events import KINDS, Kind
from .operation import Operation, in_query, json_answer
from .project_operations import PROJECT
from .schema import Schema, an_object, an_open_object, integer, list_of, ref, string

_OF_AN_IMAGE = "to whoever watches the image in this project"
_OF_A_PROJECT = "to whoever watches an image of the project"
_EVENTS: dict[Kind, tuple[str, str]] = {
    "annotation:changed": (_OF_AN_IMAGE, '"annotation": new or changed.'),
    "annotation:deleted": (_OF_AN_IMAGE, '"id" and "version" of the annotation.'),
    "annotations:imported": (_OF_AN_IMAGE, '"count": how many are new or were changed by an import.'),
    "image:changed": (_OF_AN_IMAGE, '"state" in the project, or "rendering": how it is shown.'),
    "images:added": (_OF_A_PROJECT, '"images": their ids.'),
    "images:changed": (_OF_A_PROJECT, '"images": their ids, and the "state" that they have now.'),
    "images:removed": (_OF_A_PROJECT, '"images": their ids.'),
    "images:restored": (_OF_A_PROJECT, '"images": their ids.'),
    "images:deleted": (_OF_A_PROJECT, '"images": their ids. They were in the trash.'),
    "labels:changed": (
        _OF_A_PROJECT,
        '"version" of the list, and "merged": for a label that is gone, the id of the one its objects have.',
    ),
    "project:changed": (_OF_A_PROJECT, '"fields": the names of those that were changed.'),
    "project:deleted": (_OF_A_PROJECT, "It can be restored."),
    "project:restored": (_OF_A_PROJECT, "It is there again."),
}
SOCKET_EVENTS: list[dict[str, Any]] = [
    {"name": kind, "direction": direction, "description": f"An Event with {payload}"}
    for kind, (direction, payload) in _EVENTS.items()
]
EVENT_SCHEMAS: dict[str, Schema] = {
    "Event": an_open_object(
        "Something that happened in a project. What else it has depends on what happened: see the socket.",
        {
            "event": string("What happened.", enum=list(KINDS)),
            "project": string("Id of the project."),
            "seq": integer("Counts in the project, without gaps.", minimum=1),
            "actor": string('Who did it: "owner", "guest" or "machine".'),
            "at": string("UTC.", format="date-time"),
            "image": string("Id of the image that it is about, if it is about one."),
        },
        ("event", "project", "seq", "actor", "at"),
    ),
    "EventList": an_object(
        "What happened since.",
        {
            "events": list_of(ref("Event"), "The oldest first, at most 500."),
            "seq": integer("The number of the last event of the project.", minimum=0),
        },
    ),
}
EVENT_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/projects/{project_id}/events",
        "listEvents",
        "What happened in a project since somebody last knew.",
        {200: json_answer("EventList", "As it was told when it happened.")},
        (400, 404, 410),
        description="410 when some of it is no longer kept: load everything again. Events are kept for 30 days.",
        parameters=(
            PROJECT,
            in_query("since", "integer", "The number of the last event that is known; 0 when left out."),
        ),
    ),
)
