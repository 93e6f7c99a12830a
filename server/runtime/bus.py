"""Tells whoever listens what happened; knows nothing of sockets."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from itertools import count
from typing import Any, NamedTuple

from ..domain.events import Event
from . import greenlets
from .afterwards import afterwards

_AT_ONCE = 100  # events, before others have their turn


class News(NamedTuple):
    """`event`: as the browser knows it, for example "annotation:changed". `image_id`: None for news of a whole project;
    `project_id`: None for news of a picture, whatever projects it is in. `account_id`: whose alone it is to know.
    `audience`: as that of the event."""

    event: str
    project_id: str | None
    image_id: str | None
    message: dict[str, Any]
    account_id: str | None = None
    audience: str | None = None


class Bus:
    """The socket layer adds itself to `listeners`. One that fails fails nobody: what is told has happened."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[News], None]] = []
        self.watchers: list[Callable[[str], bool]] = []  # asked whether anybody watches an image
        self._waiting: deque[Event] = deque()
        self._turn = threading.Lock()

    def is_watched(self, image_id: str) -> bool:
        return any(watches(image_id) for watches in self.watchers)

    def concerns(self, image_id: str) -> bool:
        """Whether news of an image are worth the trouble: not when it is known that nobody watches it."""
        return not self.watchers or self.is_watched(image_id)

    def publish(self, events: Sequence[Event]) -> None:
        """What was stored in projects, told in the order in which this is called. Whoever is telling already goes on
        with these."""
        self._waiting.extend(events)
        while self._waiting and self._turn.acquire(blocking=False):
            try:
                self._publish_waiting()
            except BaseException:  # this greenlet is to end: another tells what is left
                greenlets.spawn(self.publish, ())
                raise
            finally:
                self._turn.release()

    def send(self, event: str, image_id: str, payload: dict[str, Any]) -> None:
        """What is not kept: how far a picture's encoding is. The payload gets "image"."""
        self._tell(News(event, None, image_id, {"image": image_id, **payload}))

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

    def _tell(self, news: News) -> None:
        for listener in self.listeners:
            with afterwards(f"telling of {news.event}"):
                listener(news)
