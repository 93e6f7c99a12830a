"""A job that a command has begun, here or by a running server, and how far it is until it has ended."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from ..errors import SamphireError
from ..runtime import greenlets
from .progress_line import Line

_ASK_SECONDS = 0.5
GOING = ("queued", "running", "undoing")


class Followed(Protocol):
    """A job's row, as the API tells it."""

    @property
    def state(self) -> str: ...


Begun = TypeVar("Begun")
Told = TypeVar("Told", bound=Followed)


def follow(
    begin: Callable[[], Begun],
    look: Callable[[Begun | None], Told | None],
    words: Callable[[Told], str],
    interrupted: Callable[[], object] = lambda: None,
) -> Told | None:
    """What it is when it has ended; None when it is gone. Raises why it could not begin, and KeyboardInterrupt once
    `interrupted` has been called.

    `begin`: returns soon where a server does the job; here when the job has ended. `look`: is given what `begin` has
    returned, if it has; `words`: how far it is."""
    doing = greenlets.spawn(_attempt, begin)
    told: Told | None = None
    line = Line(lambda: "" if told is None else words(told))
    try:
        with greenlets.interrupts_come_here():
            while not doing.dead or (told is not None and told.state in GOING):
                greenlets.sleep(_ASK_SECONDS)
                told = look(_begun(doing.value))
                line.tell()
    except KeyboardInterrupt:
        line.end()
        interrupted()
        doing.kill()
        raise
    if isinstance(doing.value, SamphireError):
        raise doing.value
    told = look(_begun(doing.value))
    line.end()
    return told


def _attempt(begin: Callable[[], Begun]) -> Begun | SamphireError:
    """What it has returned, or why it could not begin."""
    try:
        return begin()
    except SamphireError as error:
        return error


def _begun(value: Begun | SamphireError | None) -> Begun | None:
    return None if isinstance(value, SamphireError) else value
