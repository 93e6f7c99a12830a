"""The socket: small events to whoever watches an image, and decoding for browsers that cannot. Megabytes go
by HTTP.

client -> server, acknowledged: watch {image, project, segmenter}, unwatch {image, project}, predict {image,
  segmenter, points, box, mask_input, seq}, ping_ms {}
server -> room of an image: embedding:progress | ready | failed
server -> room of an image in a project: annotation:changed | deleted, image:changed
Every failure is acknowledged in the one shape of `server.errors`.
"""

import json
import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Flask, Response, request
from flask_socketio import SocketIO, join_room, leave_room

from server.config import Settings
from server.errors import BadRequest, ImageNotFound, ProjectNotFound
from server.jobs.sharing import LatestWins
from server.services import Services
from server.storage.tables import DEFAULT_PROJECT
from server.web.auth import refusal
from server.web.errors import translate
from server.web.headers import EVERYWHERE
from server.web.websocket import MAX_MESSAGE_BYTES, BoundedWebSocket

_PATH = "/socket.io"
Handler = Callable[..., dict[str, Any]]


def register(app: Flask, services: Services) -> SocketIO:
    """Put Socket.IO in front of the application's routes and connect the services' news to its rooms."""
    quiet = logging.getLogger("samphire.wire")  # malformed packets are the sender's business, not the log's
    quiet.setLevel(logging.CRITICAL)
    socketio = SocketIO(
        app,
        async_mode="gevent",
        cors_allowed_origins=[],  # no CORS answers at all: `refusal` knows who may come in
        max_http_buffer_size=MAX_MESSAGE_BYTES,
        logger=quiet,
        engineio_logger=quiet,
    )
    engine = socketio.server.eio  # type: ignore[union-attr]
    engine._async = {**engine._async, "websocket": BoundedWebSocket}
    app.wsgi_app = _Guard(app.wsgi_app, services.settings)  # type: ignore[method-assign]
    services.notifier.listeners.append(
        lambda event, image_id, message: socketio.emit(
            event, message, to=_room(image_id, message.get("project"))
        )
    )
    _register_events(socketio, services)
    return socketio


class _Guard:
    """Socket.IO answers before Flask's own checks run, so they are made here, before the first byte of a
    handshake; and Flask's headers, which its answers lack, are added."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self._inner = inner
        self._settings = settings

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(_PATH):
            return self._inner(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(
                status, [*headers, *EVERYWHERE.items(), ("Cache-Control", "no-store")], *rest
            )

        if "upgrade" not in environ.get("HTTP_CONNECTION", "").lower():
            environ.pop("HTTP_UPGRADE", None)  # it counts only if Connection names it (RFC 9110, 7.8)
        error = refusal(environ, self._settings)
        if error is not None:
            body = json.dumps(error.answer())
            return Response(body, error.status, mimetype="application/json")(environ, start)
        return self._inner(environ, start)


def _answering(fn: Handler) -> Handler:
    """Makes an event handler take whatever a client sends and always acknowledge: `{"ok": true, ...}` or an
    error."""

    @wraps(fn)
    def handler(*arguments: Any) -> dict[str, Any]:
        try:
            if len(arguments) != 1 or not isinstance(arguments[0], dict):
                raise BadRequest("An event carries exactly one object.", hint="See /api/docs.")
            return {"ok": True, **fn(arguments[0])}
        except Exception as error:
            return translate(error).answer()

    return handler


def _register_events(socketio: SocketIO, services: Services) -> None:
    latest = LatestWins()

    def watch(data: dict[str, Any]) -> dict[str, Any]:
        image = services.images.get(_image_id(data))
        spec = services.segmenters.find(data.get("segmenter"))
        join_room(_room(image.id))
        join_room(_room(image.id, _project_id(data)))
        return {"embedding": services.embeddings.describe(image, spec)}

    def unwatch(data: dict[str, Any]) -> dict[str, Any]:
        leave_room(_room(_image_id(data)))
        leave_room(_room(_image_id(data), _project_id(data)))
        return {}

    def predict(data: dict[str, Any]) -> dict[str, Any]:
        image = services.images.get(_image_id(data))
        seq = data.get("seq")
        if seq is not None and not isinstance(seq, int):
            raise BadRequest("seq must be a whole number.")
        client = request.sid  # type: ignore[attr-defined]
        return {
            "seq": seq,
            **latest.run(client, lambda turn: services.prediction.predict_logits(image, data, turn)),
        }

    def ping_ms(_data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def disconnect(*_reason: Any) -> None:
        latest.drop(request.sid)  # type: ignore[attr-defined]

    for fn in (watch, unwatch, predict, ping_ms):
        socketio.on_event(fn.__name__, _answering(fn))
    socketio.on_event("disconnect", disconnect)


def _room(image_id: str, project_id: str | None = None) -> str:
    """What is about the picture concerns every project it is in; what was made on it, only its own."""
    return f"image:{image_id}" if project_id is None else f"project:{project_id}:image:{image_id}"


def _image_id(data: dict[str, Any]) -> str:
    image_id = data.get("image")
    if not isinstance(image_id, str):
        raise BadRequest("image must be the id of an image.")
    if not image_id.isascii() or len(image_id) > 64:
        raise ImageNotFound()
    return image_id


def _project_id(data: dict[str, Any]) -> str:
    project_id = data.get("project", DEFAULT_PROJECT)
    if not isinstance(project_id, str):
        raise BadRequest("project must be the id of a project.")
    if not project_id.isascii() or len(project_id) > 64:
        raise ProjectNotFound()
    return project_id
