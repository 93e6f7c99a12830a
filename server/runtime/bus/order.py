"""Events of several processes, told in the order in which they were stored: each once, none left out.

A project's events are numbered without gaps, and a number is taken last in its transaction. So whoever knows of one
knows that all before it are stored, and reads those that nobody told of from the database. Others need only say how far
the numbers are: what is lost on the way is made up for by the next word, or the next look.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ...domain.events import Event
from ..afterwards import afterwards

log = logging.getLogger(__name__)

Since = Callable[[str, int], Sequence[Event]]
Lasts = Callable[[Collection[str]], Mapping[str, int]]


@dataclass
class _Told:
    """`floor`: whoever watches has asked for what is up to there. `wanted`: how far the numbers are known to be."""

    floor: int
    seq: int
    wanted: int = 0
    reading: bool = False


class InOrder:
    """Of projects that somebody here watches. `since(project, seq)`: some of the stored events after that number, the
    oldest first; `lasts(projects)`: the numbers of their last."""

    def __init__(self, since: Since, lasts: Lasts, tell: Callable[[Sequence[Event]], None]) -> None:
        self._since, self._lasts, self._tell = since, lasts, tell
        self._told: dict[str, _Told] = {}

    def begin(self, project_id: str, seq: int) -> None:
        """Somebody watches the project, and knows of its events up to `seq`."""
        self._told.setdefault(project_id, _Told(seq, seq))

    def take(self, events: Iterable[Event]) -> None:
        """These were stored here."""
        for project_id, group in groupby(events, lambda event: event.project_id):
            some = list(group)
            told = self._told.get(project_id)
            if told is None or some[-1].seq <= told.floor:
                self._tell(some)
            elif some[0].seq == told.seq + 1 and not told.reading:
                told.seq = some[-1].seq
                self._tell(some)
            else:
                self.reach(project_id, some[-1].seq)

    def reach(self, project_id: str, seq: int) -> None:
        """The project's events are known to be stored up to there."""
        told = self._told.get(project_id)
        if told is None:
            return
        told.wanted = max(told.wanted, seq)
        if told.reading:
            return
        told.reading = True
        try:
            while told.wanted > told.seq:
                found = [event for event in self._since(project_id, told.seq) if event.seq > told.seq]
                if not found:  # they are forgotten, or the project is
                    told.seq = told.wanted
                    break
                told.seq = found[-1].seq
                self._tell(found)
        finally:
            told.reading = False

    def look(self, watched: Collection[str]) -> None:
        """Makes up for what nobody told of. `watched`: the projects that somebody here watches; others are left."""
        for project_id in [each for each in self._told if each not in watched]:
            del self._told[project_id]
        for project_id, seq in self._lasts([*self._told]).items() if self._told else ():
            with afterwards("telling of what other processes stored"):
                self.reach(project_id, seq)
