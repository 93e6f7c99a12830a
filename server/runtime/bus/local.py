"""Tells whoever listens in this process what happened; knows nothing of sockets."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from itertools import count
from typing import Any

from ...domain.events import Event
from .. import greenlets
from ..afterwards import afterwards
from .news import News

_AT_ONCE = 100  # events, before others have their turn


class Bus:
    """The socket layer adds itself to `listeners`. One that fails fails nobody: what is told has happened.

    Here nobody else has to hear of anything: `shared.SharedBus` has other processes hear, too."""

    is_shared = False
    me = ""  # as other processes know this one

    def __init__(self) -> None:
        self.listeners: list[Callable[[News], None]] = []
        self.watchers: list[Callable[[str], bool]] = []  # asked whether anybody here watches an image
        self.images: Callable[[], Collection[str]] = tuple  # ids of those that somebody here watches
        self.projects: Callable[[], Collection[str]] = tuple  # and of the projects
        self.on_stored: list[Callable[[str], None]] = []  # told a project in which something happened
        self.on_hello: list[
            Callable[[], None]
        ] = []  # called when others are to be told how things stand here
        self.on_gone: list[Callable[[str], None]] = []  # told a process that is gone
        self.on_gap: list[Callable[[], None]] = []  # called when others may have said what was not heard here
        self._waiting: deque[Event] = deque()
        self._turn = threading.Lock()

    def start(self) -> None:
        """Hear of others; here there are none."""

    def stop(self) -> None:
        """Hear of them no more."""

    def is_watched(self, image_id: str) -> bool:
        return any(watches(image_id) for watches in self.watchers)

    def concerns(self, image_id: str) -> bool:
        """Whether news of an image are worth the trouble: not when it is known that nobody watches it."""
        return not self.watchers or self.is_watched(image_id)

    def watch(self, image_id: str, project_id: str, seq: int) -> None:
        """Somebody here watches an image of the project from now on, and knows of its events up to `seq`."""

    def on(self, topic: str, hear: Callable[[Any], None]) -> None:
        """Have `hear` called with what other processes `spread` about a topic."""

    def spread(self, topic: str, data: Any) -> None:
        """Tell other processes, and not this one. `data`: of JSON's kinds."""

    def mention(self, topic: str, data: Any) -> None:
        """As `spread`, of what is out of date a moment later: now or never."""

    def publish(self, events: Sequence[Event]) -> None:
        """What was stored in projects, told in the order in which this is called. Whoever is telling already goes on
        with these."""
        self._waiting.extend(events)
        self._note_stored({event.project_id for event in events})
        while self._waiting and self._turn.acquire(blocking=False):
            try:
                self._publish_waiting()
            except BaseException:  # this greenlet is to end: another tells what is left
                greenlets.spawn(self.publish, ())
                raise
            finally:
                self._turn.release()

    def send(self, event: str, image_id: str, payload: dict[str, Any]) -> None:
        """What is not kept: how far a picture's encoding is. It is told here alone: each process knows how jobs
        stand. The payload gets "image"."""
        self._tell(News(event, None, image_id, {"image": image_id, **payload}))

    def tell_managers(self, event: str, project_id: str, message: dict[str, Any]) -> None:
        """What is not kept, and for managers of the project only: how far a training is."""
        self._tell(News(event, project_id, None, message, managers=True))

    def tell_inboxes(self, account_ids: Collection[str]) -> None:
        """That there is something else in the inboxes of these accounts; what, each asks for."""
        for account_id in account_ids:
            self._tell(News("inbox:changed", None, None, {}, account_id))

    def _publish_waiting(self) -> None:
        for number in count(1):
            if not self._waiting:
                return
            event = self._waiting.popleft()
            about = (event.project_id, event.image_id)
            self._tell(News(event.kind, *about, event.as_json(), audience=event.audience))
            if number % _AT_ONCE == 0:
                greenlets.sleep(0)

    def _note_stored(self, project_ids: Collection[str]) -> None:
        for project_id in project_ids:
            for listener in self.on_stored:
                with afterwards("noting that something happened"):
                    listener(project_id)

    def _tell(self, news: News) -> None:
        for listener in self.listeners:
            with afterwards(f"telling of {news.event}"):
                listener(news)
