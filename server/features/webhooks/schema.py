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
        "Where deliveries are sent: http or https, of a public address, unless `outgoing_networks` allows others.",
        says='"url" must be an address of at most 2000 characters.',
        max_length=2000,
    ),
]
Kinds = Annotated[
    Annotated[list[Annotated[Kind, _KIND]], about(min_length=1, max_length=len(KINDS))] | None,
    about(
        "What it is told; null: everything, also what there will be.",
        says='"events" must be a list of kinds of events, or null for all of them.',
    ),
]


class Webhook(Resource, kw_only=True):
    """An address that is told what happens in a project. Its secret is not told again."""

    id: Annotated[str, about("Its id.")]
    url: Url
    events: Kinds
    created_at: Utc
    created_by: Annotated[str | None, about("Id of the account that added it, or took it over; null: none.")]
    seq: Annotated[int, about("The number of the last event that it is done with.")]
    failures: Annotated[int, about("How many attempts have failed in a row.")]
    failing_since: Annotated[Moment | None, about("Since when, UTC.")]
    next_at: Annotated[Moment | None, about("When the next attempt is, after one that failed, UTC.")]
    paused_at: Annotated[Moment | None, about("Since when nothing is sent, UTC; null: it is.")]
    paused_because: Annotated[str | None, about("Why: a sentence.")]


class NewSecret(Webhook, kw_only=True):
    """A webhook with the secret that its deliveries are signed with, which is told this once."""

    secret: Annotated[str, about("whsec_ and 32 bytes in base64.")]


class WebhookList(Resource):
    """The webhooks of a project."""

    webhooks: Annotated[list[Webhook], about("The oldest first.")]


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
            "Whether nothing is sent. Afterwards it goes on where it stopped.",
            says='"paused" must be true or false.',
        ),
    ] = UNSET


class Delivery(Resource, kw_only=True):
    """Something that was sent to a webhook, or is to be."""

    id: Annotated[str, about("Its id, the header webhook-id; the same with each attempt.")]
    kind: Annotated[
        Literal["events", "again", "ping"],
        about("again: events that were sent before, because somebody asked."),
    ]
    state: Annotated[
        Literal["waiting", "delivered", "failed"],
        about("waiting: for its first attempt, or another; failed: there is none."),
    ]
    first_seq: Annotated[int | None, about("The number of its first event.")]
    last_seq: Annotated[int | None, about("The number of its last.")]
    attempts: Annotated[int, about("How often it was sent.")]
    status: Annotated[int | None, about("Of the last answer; null: there was none.")]
    reason: Annotated[str | None, about("Why the last attempt failed: a sentence.")]
    seconds: Annotated[float | None, about("How long the last answer took.")]
    created_at: Utc
    ended_at: Annotated[Moment | None, about("When the last attempt ended, UTC.")]


class DeliveryList(Resource):
    """What was sent to a webhook lately."""

    deliveries: Annotated[list[Delivery], about("The newest first, 50 at most.")]


class ToldProject(Resource):
    """The project that a delivery is about."""

    id: Annotated[str, about("Its id.")]
    name: Annotated[str, about("What it is called now.")]


class Told(Resource, kw_only=True):
    """The body of a delivery."""

    type: Annotated[Literal["events", "ping"], about("ping: somebody tries whether it arrives.")]
    timestamp: Annotated[Moment, about("When this attempt was made, UTC.")]
    webhook: Annotated[str, about("Id of the webhook.")]
    project: Annotated[ToldProject, about("Where it happened.")]
    events: Annotated[
        list[dict[str, Any]], about("What happened, the oldest first, as the log of events has it.")
    ]
    missed: Annotated[
        bool, about("Whether events before these are no longer kept: then load everything again.")
    ]
