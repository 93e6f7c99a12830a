"""What processes of one server tell each other of the people who work at the same time; nothing, where there is one."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from ...contract import to_json
from ...errors import Conflict
from ...runtime import greenlets
from ...runtime.bus import Bus
from ...runtime.peers import Away, Claims
from .crowd import Told
from .locks import HELD_SECONDS, Place
from .service import Live

log = logging.getLogger(__name__)

_PAGES, _TOLD, _CURSORS = "live", "live told", "cursors"
_Moved = Mapping[int, Sequence[float]]  # by the person's number


class Sharing:
    """`tell`: those who are connected here. `gather`: cursors have moved in a place."""

    def __init__(
        self,
        live: Live,
        bus: Bus,
        claims: Claims | None,
        tell: Callable[[Sequence[Told]], None],
        gather: Callable[[Place], None],
    ) -> None:
        self._live, self._bus, self._claims = live, bus, claims
        self._tell, self._gather = tell, gather
        self._moved: dict[Place, dict[int, Sequence[float]]] = {}  # elsewhere
        bus.on(_PAGES, self._hear)
        bus.on(_TOLD, lambda data: tell([_read(each) for each in data]))
        bus.on(_CURSORS, self._hear_cursors)
        bus.on_hello.append(self._tell_of_all)
        bus.on_gone.append(lambda process: tell(live.hear_all(process, [])))

    def tell_of(self, session: str) -> None:
        """How a page of this process is now."""
        record = self._live.record(session) if self._bus.is_shared else None
        if record is not None:
            self._bus.spread(_PAGES, {"of": self._bus.me, "page": record})

    def pass_on(self, told: Sequence[Told]) -> None:
        """What is of the moment, to those who are connected elsewhere."""
        far = [
            [each.event, each.to, to_json(each.message)] for each in told if self._live.is_elsewhere(each.to)
        ]
        if far:
            self._bus.mention(_TOLD, far)

    def moved(self, place: Place, here: _Moved) -> _Moved:
        """Cursors that moved there, in all processes. `here`: those of this one."""
        if here and self._live.is_elsewhere(place):
            self._bus.mention(_CURSORS, [place, [[n, *at] for n, at in here.items()]])
        return {**self._moved.pop(place, {}), **here}

    @contextmanager
    def claiming(
        self, session: str, place: Place | None, objects: Sequence[str]
    ) -> Iterator[Sequence[str] | None]:
        """Those objects that no other process has given away, for the session to hold; None: there is none, or it
        cannot be asked. Raises Conflict where the session has gone on meanwhile."""
        if self._claims is None or place is None:
            yield None
            return
        before = {each for _, each in self._live.held_by(session)}
        try:
            names = {_name(place, each): each for each in objects}
            free = [names[each] for each in self._claims.take(session, [*names], HELD_SECONDS)]
        except Away:  # each process gives what it knows of nobody else
            free = None
        try:
            if self._live.place_of(session) != place:
                raise Conflict("This client has gone on meanwhile.")
            yield free
        finally:
            kept = {each for where, each in self._live.held_by(session) if where == place}
            self._leave(
                session, [_name(place, each) for each in before | {*(free or ())} if each not in kept]
            )

    @contextmanager
    def leaving(self, session: str) -> Iterator[None]:
        """The session is about to leave its project."""
        was_there, held = self._live.place_of(session) is not None, self._live.held_by(session)
        yield
        if was_there:
            self._bus.spread(_PAGES, {"of": self._bus.me, "left": session})
            self._leave(session, [_name(place, each) for place, each in held])

    def _leave(self, session: str, names: Sequence[str]) -> None:
        def leave() -> None:
            with suppress(Away):  # then they end by themselves
                self._claims.leave(session, names)  # type: ignore[union-attr]

        if names and self._claims is not None:
            greenlets.spawn(leave)

    def _tell_of_all(self) -> None:
        self._bus.spread(_PAGES, {"of": self._bus.me, "all": self._live.records()})

    def _hear(self, data: dict[str, Any]) -> None:
        if "all" in data:
            self._tell(self._live.hear_all(data["of"], data["all"]))
        elif "left" in data:
            self._tell(self._live.leave(data["left"]))
        else:
            self._tell(self._live.hear(data["of"], data["page"]))

    def _hear_cursors(self, data: list[Any]) -> None:
        place = Place(*data[0])
        there = self._moved.setdefault(place, {})
        there.update((n, at) for n, *at in data[1])
        self._gather(place)


def _name(place: Place, object_id: str) -> str:
    return "held:" + ":".join((place.project_id, place.image_id or "", place.layer or "", object_id))


def _read(data: list[Any]) -> Told:
    event, to, message = data
    return Told(event, to if isinstance(to, str) else Place(*to), message)
