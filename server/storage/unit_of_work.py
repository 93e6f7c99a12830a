"""Changes and the word of them: committed together, told after the commit."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from ..domain.events import Event, Kind
from ..domain.policy import Actor
from .engine import Database
from .rows import events as rows
from .rows.past import activity


class UnitOfWork:
    """One transaction for one actor, under way."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor
        self.inboxes: set[str] = set()  # accounts whose inboxes change here
        self._told: list[rows.Untold] = []

    def tell(
        self,
        kind: Kind,
        project_id: str,
        payload: Mapping[str, Any] | None = None,
        image_id: str | None = None,
        audience: str | None = None,
    ) -> None:
        """Have an event stored with what changes here. `payload`: of JSON's kinds, as it is now. `audience`: see
        `rows.layers`."""
        self._told.append(rows.Untold(project_id, kind, image_id, payload or {}, audience))

    def tell_inboxes(self, account_ids: Iterable[str]) -> None:
        """Have these accounts told, and nobody else, that there is something else in their inboxes."""
        self.inboxes.update(account_ids)

    def numbered(self) -> list[Event]:
        """The events as rows, with their numbers, and counted for who did what: last of all, so that a number is held
        for as short as can be."""
        events = rows.add(self.session, str(self.actor), self._told)
        activity.record(self.session, self.actor, events)
        return events


class UnitsOfWork:
    """`with unit_of_work(actor) as work:` is one transaction, as `Database.write`: rows and events are durable together
    when the block ends, or neither is. `publish` is given the events afterwards, `tell_inboxes` the
    accounts whose inboxes changed."""

    def __init__(
        self,
        db: Database,
        publish: Callable[[Sequence[Event]], None],
        tell_inboxes: Callable[[Collection[str]], None] | None = None,
    ) -> None:
        self._db, self._publish, self._tell_inboxes = db, publish, tell_inboxes

    @contextmanager
    def __call__(self, actor: Actor, *, reserved: bool = False) -> Iterator[UnitOfWork]:
        with self._db.write(reserved=reserved) as session:
            work = UnitOfWork(session, actor)
            yield work
            events = work.numbered()
        self._publish(events)
        if work.inboxes and self._tell_inboxes is not None:
            self._tell_inboxes(work.inboxes)
