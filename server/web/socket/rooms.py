"""Rooms of the socket: what they are called, and that nobody stays in one of what is not theirs any more."""

import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from ...domain.policy import GUEST, Actor
from ...errors import Unauthorized
from ...storage.access import Access
from ..identity import Identity

_REVIEW_SECONDS = 60.0  # so long at most somebody is told things after their sign-in has expired
_IMAGE, _PROJECT = "image:", "project:"


def room_of(image_id: str | None, project_id: str | None = None) -> str:
    """What is about the picture concerns every project it is in; what was made on it, only its own; the rest all who
    watch an image of the project."""
    if project_id is None:
        return f"{_IMAGE}{image_id}"
    return f"{_PROJECT}{project_id}" if image_id is None else f"{_PROJECT}{project_id}:{_IMAGE}{image_id}"


def image_of(room: str) -> str | None:
    """Of a room of an image, whatever its project."""
    return room.removeprefix(_IMAGE) if room.startswith(_IMAGE) else None


class Rooms:
    def __init__(self, socketio: Any, identity: Identity, access: Access) -> None:
        self._server, self._identity, self._access = socketio.server, identity, access
        self._reviewed = time.monotonic()
        self.on_leave: list[
            Callable[[str], None]
        ] = []  # told the session that was taken out of a project's rooms

    def names(self) -> Collection[str]:
        """Those with somebody in them."""
        return self._server.manager.rooms.get("/", ())

    def review_now_and_then(self) -> None:
        """Before something is told: sign-ins and API tokens expire without a word."""
        if time.monotonic() - self._reviewed > _REVIEW_SECONDS:
            self.review()

    def review(self) -> None:
        """Whoever is nobody that is known any more is disconnected, and whose role has ended leaves what it was for."""
        self._reviewed = time.monotonic()
        for session in self._sessions():
            actor = self._actor(session)
            if actor.kind == "guest":
                self._server.disconnect(session, namespace="/")
                continue
            lost = [
                room
                for room in self._server.manager.get_rooms(session, "/")
                if not self._may_stay(actor, room)
            ]
            for room in lost:
                self._server.manager.basic_leave_room(session, "/", room)
            for listener in self.on_leave if any(room.startswith(_PROJECT) for room in lost) else ():
                listener(session)

    def _sessions(self) -> Iterator[str]:
        yield from [session for session, _ in self._server.manager.get_participants("/", None)]

    def _actor(self, session: str) -> Actor:
        try:
            return self._identity.actor(self._server.get_environ(session, namespace="/") or {})
        except Unauthorized:
            return GUEST

    def _may_stay(self, actor: Actor, room: str) -> bool:
        image_id = image_of(room)
        if image_id is not None:
            return self._access.on_image(actor, image_id).role is not None
        if room.startswith(_PROJECT):
            project_id = room.removeprefix(_PROJECT).split(":")[0]
            return self._access.in_project(actor, project_id).role is not None
        return True
