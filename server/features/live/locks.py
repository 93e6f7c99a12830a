"""Which objects are being edited, by which page: soft, since the server takes every change, and passing, since each
ends by itself."""

from collections.abc import Callable, Collection
from typing import NamedTuple

HELD_SECONDS = 30.0


class Place(NamedTuple):
    """`image_id`: None for a project's other pages. `layer`: of an annotator who is alone with their work there."""

    project_id: str
    image_id: str | None
    layer: str | None = None


class _Lock(NamedTuple):
    session: str
    until: float


class Locks:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._locks: dict[tuple[Place, str], _Lock] = {}  # by where, and object
        self._places: dict[Place, dict[str, str]] = {}  # session by object

    def __len__(self) -> int:
        return len(self._locks)

    def at(self, place: Place) -> dict[str, str]:
        """The sessions that hold objects there, by object."""
        return self._places.get(place, {})

    def of(self, session: str) -> set[tuple[Place, str]]:
        """What a session holds."""
        return {key for key, lock in self._locks.items() if lock.session == session}

    def hold(
        self, session: str, place: Place, objects: Collection[str], take: bool = False
    ) -> tuple[list[str], bool]:
        """Those that the session has from now on, of all it wants; and whether anything is another than before. `take`:
        whoever has them."""
        now = self._clock()
        changed = self._release(session, lambda there, each: there != place or each not in objects)
        mine = []
        for each in objects:
            lock = self._locks.get((place, each))
            if lock is not None and lock.session != session and lock.until > now and not take:
                continue
            if lock is None or lock.session != session:
                changed = True
                if lock is not None:
                    self._drop(place, each)
                self._places.setdefault(place, {})[each] = session
            self._locks[place, each] = _Lock(session, now + HELD_SECONDS)
            mine.append(each)
        return mine, changed

    def release(self, session: str) -> bool:
        """Whether it held anything."""
        return self._release(session, lambda _place, _object: True)

    def expire(self) -> set[Place]:
        """Where something is not held any more, since nobody has said so for HELD_SECONDS."""
        now = self._clock()
        gone = [key for key, lock in self._locks.items() if lock.until <= now]
        for place, each in gone:
            self._drop(place, each)
        return {place for place, _ in gone}

    def _release(self, session: str, which: Callable[[Place, str], bool]) -> bool:
        gone = [key for key, lock in self._locks.items() if lock.session == session and which(*key)]
        for place, each in gone:
            self._drop(place, each)
        return bool(gone)

    def _drop(self, place: Place, object_id: str) -> None:
        self._locks.pop((place, object_id), None)
        there = self._places.get(place, {})
        there.pop(object_id, None)
        if not there:
            self._places.pop(place, None)
