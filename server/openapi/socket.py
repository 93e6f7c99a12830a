"""What goes over the socket, described beside the HTTP API (OpenAPI itself has no words for it)."""

from typing import Any

from .events import SOCKET_EVENTS
from .live import LIVE_EVENTS
from .schema import ref

_IN = "to the server, acknowledged"
_OUT = "to whoever watches the image"
_MANAGERS = "to whoever watches the project's trainings"


def _event(
    name: str, direction: str, description: str, payload: str | None = None, answer: str | None = None
) -> dict[str, Any]:
    """`payload` and `answer` are names of schemas."""
    schemas = {"payload": payload, "answer": answer}
    named = {each: ref(schema) for each, schema in schemas.items() if schema is not None}
    return {"name": name, "direction": direction, "description": description, **named}


SOCKET: dict[str, Any] = {
    "path": "/socket.io",
    "description": (
        'Socket.IO, namespace "/". Every event carries one object; every event to the server is acknowledged '
        'with {"ok": true, ...} or the error shape. The handshake is checked like any other request. A client that '
        "sends what is no packet is disconnected; one that sends too much at once is read more slowly, or refused "
        'with "too_many_requests".'
    ),
    "events": [
        _event(
            "watch",
            _IN,
            "News of this image from now on, whichever segmenter it is of, and of the project, which must have the "
            'image ("default" when that is left out).',
            "Watch",
            "Watched",
        ),
        _event("unwatch", _IN, "No more news of it.", "Watch"),
        _event(
            "predict",
            _IN,
            "All four masks as logits. Bytes are raw deflate of: u16 k, h, w; then per plane a float32 peak; then "
            "int8 values u, each sign(u) (u/127)^2 peak; all little-endian. `mask_input` is the same for one plane, or "
            "null. "
            'Of requests that overlap only the newest is answered; the others fail with "superseded".',
            "PredictRequest",
            "PredictLogits",
        ),
        _event(
            "watch_trainings",
            _IN,
            "Subscribe to the trainings of a project that you manage.",
            "WatchTrainings",
        ),
        _event("ping_ms", _IN, "Answers at once, to measure the round trip."),
        _event("embedding:progress", _OUT, "How far it is.", "EmbeddingNews"),
        _event("embedding:ready", _OUT, 'It is made: fetch its "url".', "EmbeddingNews"),
        _event("embedding:failed", _OUT, 'With its "error".', "EmbeddingNews"),
        _event("inbox:changed", "to the sessions of an account", "There is something else in its inbox."),
        _event("training:progress", _MANAGERS, "Progress of a training.", "TrainingTold"),
        _event("training:point", _MANAGERS, "A new point of its curve.", "TrainingPointTold"),
        _event("training:ended", _MANAGERS, "It finished or failed.", "TrainingTold"),
        *SOCKET_EVENTS,
        *(_event(*each) for each in LIVE_EVENTS),
    ],
}
