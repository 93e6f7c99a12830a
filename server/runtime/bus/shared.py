"""Tells whoever listens in any process of the server what happened, by way of Redis.

Events are not sent: other processes are told how far a project's numbers are, and read what they do not know from the
database. While Redis is away each process tells its own, and looks every few seconds what others have stored.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any

from ...domain.events import Event
from .. import greenlets
from ..afterwards import afterwards
from ..peers.line import Line
from .local import Bus
from .news import News
from .order import InOrder, Lasts, Since

log = logging.getLogger(__name__)

_LOOK_SECONDS = 3.0
_WATCH_SECONDS = 1.0
_EVENTS, _NEWS, _WATCHED = "events", "news", "watched"


class SharedBus(Bus):
    """As `Bus`; between `start` and `stop` it hears of other processes."""

    is_shared = True

    def __init__(self, line: Line, since: Since, lasts: Lasts) -> None:
        super().__init__()
        self._line, self.me = line, line.me
        self.on_hello, self.on_gone = line.on_hello, line.on_gone
        self._order = InOrder(since, lasts, super().publish)
        self._elsewhere: dict[str, set[str]] = {}  # by process: images that are watched there
        self._announced: set[str] = set()  # those here, as others know
        self._greenlets: list[greenlets.Greenlet] = []
        line.hears |= {_EVENTS: self._reach, _NEWS: self._hear, _WATCHED: self._hear_watched}
        line.on_hello.append(lambda: self._say_watched(whole=True))
        line.on_gone.append(self._forget)
        line.on_gap.append(self._gap)

    def start(self) -> None:
        self._greenlets = [greenlets.spawn(self._look), greenlets.spawn(self._watch)]

    def stop(self) -> None:
        greenlets.killall(self._greenlets)

    def is_watched(self, image_id: str) -> bool:
        return super().is_watched(image_id) or any(image_id in each for each in self._elsewhere.values())

    def watch(self, image_id: str, project_id: str, seq: int) -> None:
        self._order.begin(project_id, seq)
        if image_id not in self._announced:
            self._announced.add(image_id)
            self._line.say(_WATCHED, {"more": [image_id]})

    def on(self, topic: str, hear: Callable[[Any], None]) -> None:
        self._line.hears[topic] = lambda _name, data: hear(data)

    def spread(self, topic: str, data: Any) -> None:
        self._line.say(topic, data)

    def mention(self, topic: str, data: Any) -> None:
        self._line.mention(topic, data)

    def publish(self, events: Sequence[Event]) -> None:
        if events:
            self._line.say(_EVENTS, {event.project_id: event.seq for event in events})
        with afterwards("telling what happened"):
            self._order.take(events)

    def tell_managers(self, event: str, project_id: str, message: dict[str, Any]) -> None:
        super().tell_managers(event, project_id, message)
        self._say(News(event, project_id, None, message, managers=True))

    def tell_inboxes(self, account_ids: Collection[str]) -> None:
        super().tell_inboxes(account_ids)
        for account_id in account_ids:
            self._say(News("inbox:changed", None, None, {}, account_id))

    def _say(self, news: News) -> None:
        self._line.say(_NEWS, [*news])

    def _hear(self, _name: str, data: list[Any]) -> None:
        self._tell(News(*data))

    def _reach(self, _name: str, data: dict[str, int]) -> None:
        self._note_stored(data)
        for project_id, seq in data.items():
            self._order.reach(project_id, seq)

    def _hear_watched(self, name: str, data: dict[str, list[str]]) -> None:
        there = set(data["all"]) if "all" in data else self._elsewhere.get(name, set())
        self._elsewhere[name] = (there | set(data.get("more", ()))) - set(data.get("less", ()))

    def _forget(self, name: str) -> None:
        self._elsewhere.pop(name, None)

    def _say_watched(self, whole: bool = False) -> None:
        here = set(self.images())
        more, less = here - self._announced, self._announced - here
        self._announced = here
        if whole:
            self._line.say(_WATCHED, {"all": sorted(here)})
        elif more or less:
            self._line.say(_WATCHED, {"more": sorted(more), "less": sorted(less)})

    def _gap(self) -> None:
        self._order.look(self.projects())
        for listener in self.on_gap:
            with afterwards("making up for what was not heard"):
                listener()

    def _look(self) -> None:
        while True:
            greenlets.sleep(_LOOK_SECONDS)
            with afterwards("looking for what other processes stored"):
                self._order.look(self.projects())

    def _watch(self) -> None:
        while True:
            greenlets.sleep(_WATCH_SECONDS)
            with afterwards("telling which images are watched"):
                self._say_watched()
