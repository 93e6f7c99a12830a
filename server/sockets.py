"""The socket: small events to whoever watches an image, and decoding for browsers that cannot. Megabytes go
by HTTP.

client -> server, acknowledged: watch {image, project, segmenter}, unwatch {image, project}, predict {image,
  segmenter, points, box, mask_input, seq}, watch_trainings {project}, ping_ms {}
  and what people at work tell each other: `features/live/socket.py`
server -> room of an image: embedding:progress | ready | failed
server -> sessions of an account: inbox:changed
server -> managers who watch a project's trainings: training:progress | point | ended
server -> room of an image in a project, or of the project: what happened, see `features/events/schema.py`
Every failure is acknowledged in the one shape of `server.errors`.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, join_room, leave_room, rooms
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from .contract import parse, to_json
from .domain.outside.json_values import InvalidJSON, check_json
from .errors import BadRequest, Conflict, ImageNotFound, ProjectNotFound, unknown
from .features.images.schema import Watch, Watched
from .features.live.socket import LiveEvents, Quick
from .features.prediction.schema import PredictRequest
from .features.training.schema import WatchTrainings
from .inference.catalog import SegmenterSpec
from .runtime import greenlets, logs
from .runtime.afterwards import afterwards
from .runtime.bus import News
from .runtime.metrics import EVENTS
from .runtime.sharing import LatestWins
from .runtime.turns import Path, client
from .services import Services
from .storage.tables import DEFAULT_PROJECT, Image
from .web.acting import about_of, action_of, actor_of, may, visitors_of
from .web.clients import of_session
from .web.errors import translate
from .web.operating.request_ids import REQUEST
from .web.socket.engine import open_socketio
from .web.socket.rooms import Rooms, image_of, room_of, room_of_account, room_of_managers
from .web.standing import About, admit

Handler = Callable[..., dict[str, Any]]
_TELL_AGAIN_SECONDS = 2.0
_MOST_ROOMS = 60  # of one client: 20 images, each with two, and one more for its project


def register(app: Flask, services: Services) -> SocketIO:
    """Put Socket.IO in front of the application's routes and connect the services' news to its rooms."""
    identity = app.extensions["samphire.identity"]
    often: dict[str, Handler] = {}
    socketio = open_socketio(app, services.settings, identity, often)
    there = Rooms(socketio, identity, services.access)

    def tell(news: News) -> None:
        there.review_now_and_then()
        own = news.account_id
        room = room_of(news.image_id, news.project_id) if own is None else room_of_account(own)
        if news.managers and news.project_id is not None:
            room = room_of_managers(news.project_id)
        hearing = None if news.project_id is None else there.hearing(room, news)
        if hearing is None:
            socketio.emit(news.event, news.message, to=room)
            return
        for session, message in hearing.items():
            socketio.emit(news.event, message, to=session)

    services.bus.listeners.append(tell)
    services.bus.watchers.append(lambda image_id: room_of(image_id) in there.names())
    services.bus.images, services.bus.projects = there.images, there.projects
    for listeners, topic, review in (
        (services.accounts.listeners, "review", there.review),
        (services.accounts.listeners, "review made by", there.review_made_by),
        (services.links.listeners, "review link", there.review_link),
        (services.visits.listeners, "review", there.review),
    ):
        services.bus.on(topic, review)
        listeners += [review, partial(services.bus.spread, topic)]
    services.bus.on_gap.append(there.review_all)
    often.update(_register_events(socketio, services, there))
    return socketio


def _answering(fn: Handler, note: Callable[[str], None] | None = None) -> Handler:
    """Makes an event handler take whatever a client that may send it sends, and always acknowledge: `{"ok": true, ...}`
    or an error. `note`: told the session before anything waits."""
    action, about = action_of(fn), about_of(fn)
    if action is None:
        raise RuntimeError(f"The event {fn.__name__} does not declare its action.")

    @wraps(fn)
    def handler(*arguments: Any) -> dict[str, Any]:
        lines = logs.about(request=request.environ.get(REQUEST, ""), event=fn.__name__)
        try:
            data = _one_object(arguments)
            client.set(_client())
            if note is not None:
                note(request.sid)  # type: ignore[attr-defined]
            admit(actor_of(request.environ), action, about, _address(data, about), visitors_of(fn))
            answer = {"ok": True, **fn(data)}
            EVENTS.add(fn.__name__, "ok")
            return answer
        except Exception as error:
            return _refused(fn.__name__, error)
        finally:
            logs.no_more(lines)

    return handler


def _quickly(fn: Quick) -> Handler:
    """The same for an event that comes a dozen times a second: who sends it is not looked up again, nor is a request of
    Flask's made, which would take longer than all else."""
    if action_of(fn) != "public":
        raise RuntimeError(f"The event {fn.__name__} is not for everybody: its sender has to be looked up.")

    @wraps(fn)
    def handler(session: str, *arguments: Any) -> dict[str, Any]:
        try:
            answer = {"ok": True, **fn(session, _one_object(arguments))}
            EVENTS.add(fn.__name__, "ok")
            return answer
        except Exception as error:
            lines = logs.about(event=fn.__name__)
            try:
                return _refused(fn.__name__, error)
            finally:
                logs.no_more(lines)

    return handler


def _refused(event: str, error: Exception) -> dict[str, Any]:
    told = translate(error)
    EVENTS.add(event, told.code)
    return told.answer()


def _one_object(arguments: tuple[Any, ...]) -> dict[str, Any]:
    """What an event carries. Raises BadRequest."""
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise BadRequest("An event carries exactly one object.", hint="See /api/docs.")
    try:
        check_json(arguments[0])
    except InvalidJSON as error:
        raise BadRequest(f"The event cannot be read. {error}") from None
    return arguments[0]


def _register_events(socketio: Any, services: Services, there: Rooms) -> dict[str, Handler]:
    """What takes those that come often, by name."""
    latest = LatestWins()
    live = LiveEvents(socketio, services, there)
    there.on_leave.append(live.put_out)

    @may("image.read", about="project", visitors="image")
    def watch(data: dict[str, Any]) -> dict[str, Any]:
        asked = parse(Watch, data, BadRequest)
        image_id, project_id = _image_id(asked.image), _project_id(asked.project)
        if asked.project is UNSET and actor_of(request.environ).everywhere:
            image = services.images.get(image_id)
        else:
            _, image = services.project_images.get(project_id, image_id)
        spec = services.projects.segmenter_for(actor_of(request.environ), asked.segmenter)
        if len(rooms()) > _MOST_ROOMS:
            raise Conflict("This client is watching too many images.", hint="Unwatch some of them first.")
        join_room(room_of(image.id))
        join_room(room_of(image.id, project_id))
        join_room(room_of(None, project_id))
        seq = services.events.last(project_id)
        services.bus.watch(image.id, project_id, seq)
        embedding = services.embeddings.describe(image, spec)
        if services.bus.is_shared and embedding.state != "ready":
            session = request.sid  # type: ignore[attr-defined]
            greenlets.spawn(_tell_again, services, socketio, session, image, spec)
        return to_json(Watched(embedding, seq))

    @may("public")
    def unwatch(data: dict[str, Any]) -> dict[str, Any]:
        asked = parse(Watch, data, BadRequest)
        image_id, project_id = _image_id(asked.image), _project_id(asked.project)
        watched = room_of(image_id) in rooms()
        leave_room(room_of(image_id))
        leave_room(room_of(image_id, project_id))
        if not any(room.startswith(room_of("", project_id)) for room in rooms()):
            leave_room(room_of(None, project_id))
        if watched and not services.bus.is_watched(image_id):
            services.embeddings.leave(image_id)
        return {}

    @may("project.train", about="project")
    def watch_trainings(data: dict[str, Any]) -> dict[str, Any]:
        asked = parse(WatchTrainings, data, BadRequest)
        if len(rooms()) > _MOST_ROOMS:
            raise Conflict("This client is watching too many projects.", hint="Connect again.")
        join_room(room_of_managers(_project_id(asked.project)))
        return {}

    @may("image.segment", about="image", visitors="image")
    def predict(data: dict[str, Any]) -> dict[str, Any]:
        asked = parse(PredictRequest, data, BadRequest)
        image, who = services.images.get(_image_id(asked.image)), actor_of(request.environ)
        asked = replace(asked, segmenter=services.projects.segmenter_for(who, asked.segmenter).id)
        predict_logits = services.prediction.predict_logits
        logits = latest.run(_client(), lambda turn: predict_logits(image, asked, turn, who))
        return asdict(logits)

    @may("public")
    def ping_ms(_data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def connect(*_auth: Any) -> None:
        there.enter(request.sid, actor_of(request.environ))  # type: ignore[attr-defined]

    def disconnect(*_reason: Any) -> None:
        there.leave(request.sid)  # type: ignore[attr-defined]
        latest.drop(_client())
        live.ended(request.sid)  # type: ignore[attr-defined]
        for room in rooms():
            leave_room(room)
            image_id = image_of(room)
            if image_id is not None and not services.bus.is_watched(image_id):
                services.embeddings.leave(image_id)

    handlers = {fn.__name__: fn for fn in (watch, unwatch, watch_trainings, predict, ping_ms, *live.handlers)}
    for name, fn in handlers.items():
        socketio.on_event(name, _answering(fn, live.note if name in ("here", "away") else None))
    often = {fn.__name__: _quickly(fn) for fn in live.often}
    for name, handler in often.items():
        socketio.server.on(name, handler)
    known = [*handlers, *often]

    def other(name: str, *_arguments: Any) -> dict[str, Any]:
        return _refused("unknown", BadRequest(unknown("event", name, known)))

    socketio.on_event("*", other)
    socketio.on_event("connect", connect)
    socketio.on_event("disconnect", disconnect)
    return often


def _tell_again(services: Services, socketio: Any, session: str, image: Image, spec: SegmenterSpec) -> None:
    """The process that encodes an image may have been done before it heard that somebody watches."""
    greenlets.sleep(_TELL_AGAIN_SECONDS)
    with afterwards("telling who watches how an encoding ended"):
        embedding = services.embeddings.describe(image, spec)
        if embedding.state in ("ready", "failed"):
            event = f"embedding:{embedding.state}"
            socketio.emit(event, {"image": image.id, **to_json(embedding)}, to=session)


def _client() -> Path:
    return of_session(request.environ, request.sid)  # type: ignore[attr-defined]


def _address(data: dict[str, Any], about: About | None) -> dict[str, str]:
    """What an event is about, as a route's address says it; what cannot be an id is that of nothing."""
    image = {"image_id": _text(data["image"])} if data.get("image") is not None else {}
    if about == "project":
        return {"project_id": _text(data.get("project", DEFAULT_PROJECT)), **image}
    return {"image_id": "", **image}


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.isascii() and len(value) <= 64 else ""


def _image_id(image_id: str) -> str:
    if not image_id.isascii() or len(image_id) > 64:
        raise ImageNotFound()
    return image_id


def _project_id(project_id: str | UnsetType) -> str:
    if project_id is UNSET:
        return DEFAULT_PROJECT
    if not project_id.isascii() or len(project_id) > 64:
        raise ProjectNotFound()
    return project_id
