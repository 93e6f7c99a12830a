"""Rooms of the socket: what they are called, and that nobody stays in one of what is not theirs any more."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ...domain.policy import GUEST, Actor
from ...domain.visits import Visit
from ...errors import Unauthorized
from ...runtime import greenlets
from ...runtime.afterwards import afterwards
from ...runtime.bus import News
from ...storage.access import Access
from ...storage.rows.layers import OTHERS
from ..identity import Identity

_REVIEW_SECONDS = 60.0  # so long at most somebody is told things after their sign-in has expired
_PAUSE_SECONDS = 0.001  # between two accounts
_IMAGE, _PROJECT, _ACCOUNT, _MANAGERS = "image:", "project:", "account:", "managers"


def room_of(image_id: str | None, project_id: str | None = None) -> str:
    """What is about the picture concerns every project it is in; what was made on it, only its own; the rest all who
    watch an image of the project."""
    if project_id is None:
        return f"{_IMAGE}{image_id}"
    return f"{_PROJECT}{project_id}" if image_id is None else f"{_PROJECT}{project_id}:{_IMAGE}{image_id}"


def room_of_managers(project_id: str) -> str:
    """Of those who manage a project, and asked for what is for them alone."""
    return f"{_PROJECT}{project_id}:{_MANAGERS}"


def room_of_account(account_id: str) -> str:
    """Of all sessions that an account has, which nobody else's is let into."""
    return f"{_ACCOUNT}{account_id}"


def image_of(room: str) -> str | None:
    """Of a room of an image, whatever its project."""
    return room.removeprefix(_IMAGE) if room.startswith(_IMAGE) else None


def _project_of(room: str) -> str | None:
    return room.removeprefix(_PROJECT).partition(":")[0] if room.startswith(_PROJECT) else None


class Rooms:
    """Of the sessions that an account or a visitor has, each comes in by `enter` and goes by `leave`."""

    def __init__(self, socketio: Any, identity: Identity, access: Access) -> None:
        self._server, self._identity, self._access = socketio.server, identity, access
        self._accounts: dict[str, str] = {}  # by session: the account's id, or the visitor's
        self._sessions: dict[str, set[str]] = {}  # by that
        self._visits: dict[str, Visit] = {}  # by session, of visitors
        self._reviewed = time.monotonic()
        self.on_leave: list[
            Callable[[str], None]
        ] = []  # told the session that was taken out of a project's rooms

    def names(self) -> Collection[str]:
        """Those with somebody in them."""
        return self._server.manager.rooms.get("/", ())

    def images(self) -> set[str]:
        """Ids of those that somebody watches."""
        return {image_id for room in self.names() if (image_id := image_of(room or "")) is not None}

    def projects(self) -> set[str]:
        """And of the projects, as a whole or of images."""
        return {project_id for room in self.names() if (project_id := _project_of(room or "")) is not None}

    def hearing(self, room: str, news: News) -> dict[str, Mapping[str, Any]] | None:
        """The message for each session in a room, where they differ; None: everyone gets the same one."""
        visits = {
            session: visit for session, visit in self._visits.items() if visit.project_id == news.project_id
        }
        if news.audience is None and not visits:
            return None
        listed = [each for each, _ in self._server.manager.get_participants("/", room)]
        return {
            session: visits[session].reads(news.message) if session in visits else news.message
            for session in self._hearing(listed, visits, news)
        }

    def _hearing(self, listed: list[str], visits: Mapping[str, Visit], news: News) -> list[str]:
        there = [
            (each, self._accounts.get(each))
            for each in listed
            if each not in visits or _hears(visits[each], news)
        ]
        if news.audience not in (None, OTHERS):
            return [session for session, account_id in there if account_id == news.audience]
        alone: Collection[str] = ()
        if news.audience == OTHERS and there and news.project_id is not None:
            alone = self._access.alone_in(news.project_id)
        return [session for session, account_id in there if account_id not in alone]

    def enter(self, session: str, actor: Actor) -> None:
        if actor.kind in ("account", "visitor"):
            self._accounts[session] = actor.id
            self._sessions.setdefault(actor.id, set()).add(session)
        if actor.visit is not None:
            self._visits[session] = actor.visit
        elif actor.kind == "account":
            self._server.manager.basic_enter_room(session, "/", room_of_account(actor.id))

    def leave(self, session: str) -> None:
        self._visits.pop(session, None)
        account_id = self._accounts.pop(session, "")
        there = self._sessions.get(account_id, set())
        there.discard(session)
        if not there:
            self._sessions.pop(account_id, None)

    def review_now_and_then(self) -> None:
        """Before something is told: sign-ins and API tokens expire without a word."""
        if time.monotonic() - self._reviewed > _REVIEW_SECONDS:
            self._reviewed = time.monotonic()
            self.review_all()

    def review_all(self) -> None:
        """Soon, and one after the other."""
        greenlets.spawn(self._review_all)

    def review(self, account_id: str) -> None:
        """Sessions whose sign-in, token or visit has ended are disconnected; the account's others leave what it has no
        role in any more."""
        rooms: dict[str, list[str]] = {}
        actor = GUEST
        for session in [*self._sessions.get(account_id, ())]:
            known = self._actor(session)
            if known.id != account_id:  # a guest's, or somebody else's who uses the browser now
                self._server.disconnect(session, namespace="/")
            else:
                actor, rooms[session] = known, [*self._server.manager.get_rooms(session, "/")]
        if not rooms or actor.everywhere:
            return
        every = {room for there in rooms.values() for room in there}
        projects = self._access.projects_of(actor)
        asks = any(room.endswith(f":{_MANAGERS}") for room in every)
        managed = self._access.managed_by(actor) if asks else ()
        images = self._access.images_of(actor, {image_of(room) or "" for room in every})
        for session, there in rooms.items():
            lost = [room for room in there if not _may_stay(room, projects, managed, images)]
            for room in lost:
                self._server.manager.basic_leave_room(session, "/", room)
            for listener in self.on_leave if any(room.startswith(_PROJECT) for room in lost) else ():
                listener(session)

    def review_link(self, link_id: str) -> None:
        """Visitors by a link are disconnected where it has ended."""
        self._review_visitors(lambda visit: visit.link_id == link_id)

    def review_made_by(self, account_id: str) -> None:
        """So are those by links that an account made: they end with its right to make them."""
        self._review_visitors(lambda visit: visit.made_by == account_id)

    def _review_visitors(self, concerns: Callable[[Visit], bool]) -> None:
        sessions = [session for session, visit in self._visits.items() if concerns(visit)]
        for visitor_id in {self._accounts[each] for each in sessions}:
            self.review(visitor_id)

    def _review_all(self) -> None:
        """Account by account, so that nobody waits for all."""
        for account_id in [*self._sessions]:
            with afterwards("looking who may still listen"):
                self.review(account_id)
            greenlets.sleep(_PAUSE_SECONDS)

    def _actor(self, session: str) -> Actor:
        try:
            return self._identity.actor(self._server.get_environ(session, namespace="/") or {})
        except Unauthorized:
            return GUEST


def _hears(visit: Visit, news: News) -> bool:
    """Of what is told to the room of a visitor, or to all of it but annotators."""
    unseen = news.audience == OTHERS and visit.is_unseen
    return not unseen and visit.hears(news.event, news.image_id)


def _may_stay(
    room: str, projects: Collection[str], managed: Collection[str], images: Collection[str]
) -> bool:
    image_id = image_of(room)
    if image_id is not None:
        return image_id in images
    if not room.startswith(_PROJECT):
        return True
    part = room.removeprefix(_PROJECT).partition(":")[2]
    return _project_of(room) in (managed if part == _MANAGERS else projects)
