"""Tells whoever watches an image what happened to it; knows nothing of sockets."""

from collections.abc import Callable
from typing import Any

from .afterwards import afterwards

Listener = Callable[[str, str, dict[str, Any]], None]


class Notifier:
    """Services call `send` after their transaction; the socket layer adds itself to `listeners`. One that fails fails
    nobody."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.watchers: list[Callable[[str], bool]] = []  # asked whether anybody watches an image

    def is_watched(self, image_id: str) -> bool:
        return any(watches(image_id) for watches in self.watchers)

    def concerns(self, image_id: str) -> bool:
        """Whether news of an image are worth the trouble: not when it is known that nobody watches it."""
        return not self.watchers or self.is_watched(image_id)

    def send(self, event: str, image_id: str, payload: dict[str, Any]) -> None:
        """`event` as the browser knows it, for example "annotation:changed"; the payload gets "image"."""
        message = {"image": image_id, **payload}
        for listener in self.listeners:
            with afterwards(f"telling of {event}"):
                listener(event, image_id, message)
