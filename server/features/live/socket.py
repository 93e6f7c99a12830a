"""The socket's events of people who work at the same time. What comes a dozen times a second is not asked about again:
it goes to the room that `here` let its sender into, and whoever may not be in there any more is taken out of it."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, cast

from flask import request
from flask_socketio import SocketIO, join_room, leave_room
from msgspec import UNSET

from ...contract import parse, to_json
from ...domain.policy import Actor
from ...errors import BadRequest, Conflict
from ...runtime import greenlets
from ...services import Services
from ...storage.tables import DEFAULT_PROJECT
from ...web.acting import actor_of, may
from ...web.socket.rooms import Rooms
from .crowd import Told
from .cursors import CursorsOfRoom
from .locks import Place
from .schema import Follow, Here, Hold, Look, Pointed, Viewed
from .sharing import Sharing

_GATHER_SECONDS = 0.09  # cursors that moved meanwhile go together: sending is what costs
_AT_ONCE_SECONDS = 0.005  # the first after a pause waits for others that moved at the same time
_EXPIRE_SECONDS = 2.0

_word: ContextVar[int] = ContextVar("word", default=0)  # of the event that is answered, among its session's

Handler = Callable[[dict[str, Any]], dict[str, Any]]
Quick = Callable[[str, dict[str, Any]], dict[str, Any]]  # session, data; there is no request


def room_of(place: Place) -> str:
    """Of all who are in the place; begins as the rooms of its project do."""
    everybody = f"project:{place.project_id}:people"
    return ":".join((everybody, *(each for each in (place.image_id, place.layer) if each is not None)))


class LiveEvents:
    def __init__(self, socketio: SocketIO, services: Services, rooms: Rooms) -> None:
        self._socketio, self._services, self._live = socketio, services, services.live
        self._rooms, self._server = rooms, cast(Any, socketio).server
        self._others = Sharing(
            services.live, services.bus, services.peers.claims, self._tell, self._begin_gathering
        )
        self._said: dict[str, int] = {}  # by session: how often it said where it is, or that it left
        self._expiring = False
        self._gathering: set[Place] = set()
        self.handlers: tuple[Handler, ...] = (self.here, self.away, self.follow, self.hold)
        self.often: tuple[Quick, ...] = (self.point, self.view, self.look)

    @may("project.read", about="project")
    def here(self, data: dict[str, Any]) -> dict[str, Any]:
        asked = parse(Here, data, BadRequest)
        place = self._place(_project(asked), asked.image)
        if not self._is_newest():  # the database took a while, in which it has left or gone on
            raise Conflict("This client has left, or has said something newer.")
        before = self._live.place_of(_session())
        present, told = self._live.arrive(_session(), _actor(), place, asked.object, asked.tool)
        if before is not None and before != place:
            self._leave_rooms(before, place)
        join_room(room_of(Place(place.project_id, None)))
        join_room(room_of(place))
        self._tell(told)
        self._others.tell_of(_session())
        return to_json(present)

    @may("public")
    def away(self, _data: dict[str, Any]) -> dict[str, Any]:
        place = self._live.place_of(_session())
        if place is not None:
            self._leave_rooms(place)
        self.left(_session())
        return {}

    @may("public")
    def point(self, session: str, data: dict[str, Any]) -> dict[str, Any]:
        place = self._live.point(session, parse(Pointed, data, BadRequest).at)
        if place is not None:
            self._begin_gathering(place)
        return {}

    @may("public")
    def view(self, session: str, data: dict[str, Any]) -> dict[str, Any]:
        self._tell_everywhere(self._live.view(session, parse(Viewed, data, BadRequest).at))
        return {}

    @may("public")
    def look(self, session: str, data: dict[str, Any]) -> dict[str, Any]:
        self._tell_everywhere(self._live.look(session, parse(Look, data, BadRequest).at))
        return {}

    @may("public")
    def follow(self, data: dict[str, Any]) -> dict[str, Any]:
        self._tell(self._live.follow(_session(), parse(Follow, data, BadRequest).person))
        self._others.tell_of(_session())
        return {}

    @may("annotation.change", about="project")
    def hold(self, data: dict[str, Any]) -> dict[str, Any]:
        asked = parse(Hold, data, BadRequest)
        place = self._live.place_of(_session())
        if place is not None and place.project_id != _project(asked):
            raise Conflict("This client is in another project.", hint='Send "here" first.')
        with self._others.claiming(_session(), place, asked.objects) as free:
            answer, told = self._live.hold(_session(), asked.objects, free)
        self._tell(told)
        self._others.tell_of(_session())
        self._begin_expiring()
        return to_json(answer)

    def put_out(self, session: str) -> None:
        """It was taken out of rooms of a project: of the one it works in, or of another that it only watches."""
        place = self._live.place_of(session)
        room = None if place is None else room_of(Place(place.project_id, None))
        if room is not None and room not in self._server.manager.get_rooms(session, "/"):
            self.left(session)

    def ended(self, session: str) -> None:
        """Its connection has ended."""
        with self._others.leaving(session):
            self._tell(self._live.end(session))
        self._said.pop(session, None)

    def left(self, session: str) -> None:
        """It works in no project any more."""
        self.note(session)
        with self._others.leaving(session):
            self._tell(self._live.leave(session))

    def note(self, session: str) -> None:
        """It says now where it is, or that it leaves: what it said before counts no more."""
        if self._server.manager.is_connected(session, "/"):
            self._said[session] = self._said.get(session, 0) + 1
        _word.set(self._said.get(session, 0))

    def _is_newest(self) -> bool:
        return self._said.get(_session(), 0) == _word.get() > 0

    def _place(self, project_id: str, image_id: str | None) -> Place:
        """Raises ProjectNotFound, ImageNotFound."""
        if image_id is None:
            self._services.projects.find(project_id)
            return Place(project_id, None)
        layer = self._services.project_images.layer(_actor(), project_id, image_id)
        return Place(project_id, image_id, layer)

    def _leave_rooms(self, before: Place, now: Place | None = None) -> None:
        leave_room(room_of(before))
        if now is None or now.project_id != before.project_id:
            leave_room(room_of(Place(before.project_id, None)))

    def _begin_gathering(self, place: Place) -> None:
        if place not in self._gathering:
            self._gathering.add(place)
            greenlets.spawn(self._gather, place)

    def _gather(self, place: Place) -> None:
        cursors = CursorsOfRoom(self._server, room_of(place))
        greenlets.sleep(_AT_ONCE_SECONDS)
        try:
            while cursors.tell(self._others.moved(place, self._live.moved(place))):
                self._rooms.review_now_and_then()
                greenlets.sleep(_GATHER_SECONDS)
        finally:
            self._gathering.discard(place)

    def _hear(self, told: Sequence[Told]) -> None:
        """What another process said."""
        self._tell(told)
        self._begin_expiring()

    def _begin_expiring(self) -> None:
        if self._live.holds and not self._expiring:
            self._expiring = True
            greenlets.spawn(self._expire)

    def _expire(self) -> None:
        try:
            while self._live.holds:
                greenlets.sleep(_EXPIRE_SECONDS)
                self._tell(self._live.expire())
        finally:
            self._expiring = False

    def _tell_everywhere(self, told: list[Told]) -> None:
        self._tell(told)
        self._others.pass_on(told)

    def _tell(self, told: Sequence[Told]) -> None:
        self._rooms.review_now_and_then()
        for each in told:
            room = each.to if isinstance(each.to, str) else room_of(each.to)
            self._socketio.emit(each.event, to_json(each.message), to=room, skip_sid=[*each.but])


def _project(asked: Here | Hold) -> str:
    return DEFAULT_PROJECT if asked.project is UNSET else asked.project


def _session() -> str:
    return request.sid  # type: ignore[attr-defined]


def _actor() -> Actor:
    return actor_of(request.environ)
