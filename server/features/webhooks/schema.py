"""Webhooks as the API has them, and what is sent to them."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, named
from ...contract.answers import Moment, Utc
from ...domain.events import KINDS, Kind

_KIND = named(None, "event")
Url = Annotated[
    str,
    about(
        "Where deliveries are sent: a public http or https address, or one in `outgoing_networks`.",
        says='"url" must be an address of at most 2000 characters.',
        max_length=2000,
    ),
]
Kinds = Annotated[
    Annotated[list[Annotated[Kind, _KIND]], about(min_length=1, max_length=len(KINDS))] | None,
    about(
        "The kinds of events it receives; null: all, including future kinds.",
        says='"events" must be a list of kinds of events, or null for all of them.',
    ),
]


class Webhook(Resource, kw_only=True):
    """An address that receives a project's events."""

    id: Annotated[str, about("Its id.")]
    url: Url
    events: Kinds
    created_at: Utc
    created_by: Annotated[
        str | None, about("Id of the account that added it or changed it last; null: none.")
    ]
    seq: Annotated[int, about("Number of the last event that was delivered or skipped.")]
    failures: Annotated[int, about("Number of failed attempts in a row.")]
    failing_since: Annotated[Moment | None, about("When the first of these failed, UTC.")]
    next_at: Annotated[Moment | None, about("When the next attempt is due after a failure, UTC.")]
    paused_at: Annotated[Moment | None, about("When it was paused, UTC; null: it is not.")]
    paused_because: Annotated[str | None, about("Why: a sentence.")]


class NewSecret(Webhook, kw_only=True):
    """A webhook with its signing secret, which is shown only here."""

    secret: Annotated[str, about("whsec_ and 32 bytes in base64.")]


class WebhookList(Resource):
    """The webhooks of a project."""

    webhooks: Annotated[list[Webhook], about("Oldest first.")]


class NewWebhook(Request, kw_only=True):
    """A webhook to add."""

    noun = "The webhook"

    url: Url
    events: Kinds = None


class WebhookChange(Request, kw_only=True):
    """What to change."""

    also = {"anyOf": [{"required": [name]} for name in ("url", "events", "paused")]}

    url: Url | UnsetType = UNSET
    events: Kinds | UnsetType = UNSET
    paused: Annotated[
        bool | UnsetType,
        about(
            "Whether it is paused. False continues where it stopped.",
            says='"paused" must be true or false.',
        ),
    ] = UNSET


class Delivery(Resource, kw_only=True):
    """A delivery to a webhook."""

    id: Annotated[str, about("Its id, in the header webhook-id; the same for each attempt.")]
    kind: Annotated[
        Literal["events", "again", "ping"],
        about("again: redelivered on request."),
    ]
    state: Annotated[
        Literal["waiting", "delivered", "failed"],
        about("waiting: for the first or next attempt; failed: given up."),
    ]
    first_seq: Annotated[int | None, about("Number of its first event.")]
    last_seq: Annotated[int | None, about("Number of its last event.")]
    attempts: Annotated[int, about("Number of attempts.")]
    status: Annotated[int | None, about("HTTP status of the last response; null: there was none.")]
    reason: Annotated[str | None, about("Why the last attempt failed: a sentence.")]
    seconds: Annotated[float | None, about("How long the last response took.")]
    created_at: Utc
    ended_at: Annotated[Moment | None, about("When the last attempt ended, UTC.")]


class DeliveryList(Resource):
    """The latest deliveries to a webhook."""

    deliveries: Annotated[list[Delivery], about("Newest first, at most 50.")]


class ToldProject(Resource):
    """The project that a delivery is about."""

    id: Annotated[str, about("Its id.")]
    name: Annotated[str, about("Its current name.")]


class Told(Resource, kw_only=True):
    """The body of a delivery."""

    type: Annotated[Literal["events", "ping"], about("ping: a test on request.")]
    timestamp: Annotated[Moment, about("When this attempt was made, UTC.")]
    webhook: Annotated[str, about("Id of the webhook.")]
    project: Annotated[ToldProject, about("Its project.")]
    events: Annotated[list[dict[str, Any]], about("What happened, oldest first, as in the event log.")]
    missed: Annotated[bool, about("Whether earlier events have expired: reload the project's data.")]
