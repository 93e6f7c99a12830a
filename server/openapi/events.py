"""What happens in projects: the log by HTTP, the same events on the socket, and webhooks that are told of them."""

from typing import Any

from ..contract import Resource
from ..domain.events import Kind
from ..features.events import schema
from .operation import Operation, in_path, in_query, json_answer, json_body
from .project_operations import PROJECT
from .schema import ref

_OF_AN_IMAGE = "to whoever watches the image in this project"
_OF_A_PROJECT = "to whoever watches an image of the project"
_EVENTS: dict[Kind, tuple[str, type[Resource]]] = {
    "annotation:changed": (_OF_AN_IMAGE, schema.AnnotationChanged),
    "annotation:deleted": (_OF_AN_IMAGE, schema.AnnotationDeleted),
    "annotations:imported": (_OF_AN_IMAGE, schema.AnnotationsImported),
    "annotations:agreed": (_OF_AN_IMAGE, schema.AnnotationsAgreed),
    "annotations:segmented": (_OF_AN_IMAGE, schema.AnnotationsSegmented),
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
_HOOKS = "/api/projects/{project_id}/webhooks"
_HOOK = f"{_HOOKS}/{{webhook_id}}"
_ONE = (PROJECT, in_path("webhook_id", "Id of a webhook."))
_URL = "https://hooks.example/samphire"
WEBHOOK_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        _HOOKS,
        "listWebhooks",
        "List the webhooks of a project.",
        {200: json_answer("WebhookList", "All webhooks, without their secrets.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        _HOOKS,
        "addWebhook",
        "Add a webhook, which receives events from now on.",
        {201: json_answer("NewSecret", "Added. The secret is not shown again.")},
        (400, 404, 409, 413, 507),
        description="Deliveries are POST requests with a `Told`, signed according to standardwebhooks.com, and retried "
        "for a day.",
        parameters=(PROJECT,),
        body=json_body("NewWebhook", {"url": _URL, "events": ["images:added", "annotation:changed"]}),
    ),
    Operation(
        "patch",
        _HOOK,
        "changeWebhook",
        "Change a webhook's address or events, pause it, or resume it.",
        {200: json_answer("Webhook", "As it is now.")},
        (400, 404, 413, 507),
        description="The person who changes it takes it over: it is paused when they may no longer manage webhooks.",
        parameters=_ONE,
        body=json_body("WebhookChange", {"paused": False}),
    ),
    Operation(
        "delete",
        _HOOK,
        "deleteWebhook",
        "Delete a webhook and its deliveries.",
        {204: {"description": "Deleted."}},
        (404,),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_HOOK}/secret",
        "renewWebhookSecret",
        "Replace the signing secret.",
        {200: json_answer("NewSecret", "The new secret, which is not shown again.")},
        (404, 507),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_HOOK}/ping",
        "pingWebhook",
        "Send a test delivery, even if the webhook is paused.",
        {202: json_answer("Delivery", "Queued: see the list of deliveries.")},
        (404, 507),
        parameters=_ONE,
    ),
    Operation(
        "get",
        f"{_HOOK}/deliveries",
        "listDeliveries",
        "List the latest deliveries.",
        {200: json_answer("DeliveryList", "Newest first, at most 50.")},
        (404,),
        parameters=_ONE,
    ),
    Operation(
        "post",
        f"{_HOOK}/deliveries/{{delivery_id}}/redeliver",
        "redeliver",
        "Send a delivery again, with a new id.",
        {202: json_answer("Delivery", "Queued: see the list of deliveries.")},
        (404, 410, 507),
        parameters=(*_ONE, in_path("delivery_id", "Id of a delivery.")),
    ),
)
