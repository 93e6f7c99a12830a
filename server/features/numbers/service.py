"""What people did in a project between two days, from what was counted when they did it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from ...domain.outside.spreadsheets import csv_line
from ...domain.policy import Actor
from ...errors import BadRequest
from ...storage.engine import Database
from ...storage.rows import accounts, assignments, members
from ...storage.rows.finding import found_project
from ...storage.rows.layers import plainly, sight_of
from ...storage.rows.listing.filter import OPEN_STATES
from ...storage.rows.past import activity as rows
from ...storage.tables import Activity, now
from .schema import Numbers, NumbersOfDay, NumbersOfPerson

FORMATS = ("json", "csv")
MOST_DAYS = 366
_USUAL_DAYS = 30
_LEAST_SECONDS = 60  # of activity, for a rate
_COLUMNS = (
    "name", *rows.COUNTS, "active_seconds", "objects_per_hour", "assigned", "waiting", "changed_after_review",
)  # fmt: skip


class WorkNumbers:
    def __init__(self, db: Database) -> None:
        self._db = db

    def between(
        self, actor: Actor, project_id: str, first: date | None, last: date | None, only: bool
    ) -> Numbers:
        """Both days included; None: the last 30 days. `only`: the actor's row alone is told.

        Raises ProjectNotFound; BadRequest for days the wrong way round, or too many."""
        last = last or now().date()
        first = first or last - timedelta(days=min(_USUAL_DAYS - 1, last.toordinal() - 1))
        if not 0 <= (last - first).days < MOST_DAYS:
            raise BadRequest(
                f'"from" must be a day before "to", by {MOST_DAYS} days at most.', hint="Ask for fewer days."
            )
        with self._db.read() as session:
            project = found_project(session, project_id)
            sight = sight_of(session, actor, project)
            found = rows.of_days(session, project_id, first.isoformat(), last.isoformat())
            if only:
                people = {actor.author}
            else:
                people = {member.account_id for member, _ in members.of_project(session, project_id)}
                people |= {Actor.read(row.actor).author for row in found if _is_person(row) and _did(row)}
            names = accounts.names(session, [each for each in people if each is not None])
            states = assignments.states(session, plainly(session, sight))
            # That an image waits would tell an annotator that others are done with theirs.
            submitted = {} if sight.alone and sight.several else rows.submitted(session, project_id)
        own: dict[str | None, list[Activity]] = {each: [] for each in people}
        for row in found:
            account = Actor.read(row.actor).author
            if account in own and _is_person(row):
                own[account].append(row)
        told = [
            _of_person(each, names.get(each or "", ""), days, states.get(each or "", {}), submitted.get(each))
            for each, days in own.items()
        ]
        told.sort(key=lambda each: (each.name.casefold(), each.account or ""))
        return Numbers(first.isoformat(), last.isoformat(), told)


def as_csv(numbers: Numbers) -> bytes:
    """A line a person."""
    lines = [csv_line(_COLUMNS)]
    for person in numbers.people:
        values: Iterable[Any] = (getattr(person, name) for name in _COLUMNS)
        lines.append(csv_line(["" if value is None else value for value in values]))
    return b"".join(lines)


def _is_person(row: Activity) -> bool:
    return Actor.read(row.actor).kind in ("account", "visitor", "owner")


def _did(row: Activity) -> bool:
    return any(getattr(row, name) for name in rows.COUNTS)


def _of_person(
    account: str | None,
    name: str,
    days: Sequence[Activity],
    states: dict[str, int],
    submitted: rows.Submitted | None,
) -> NumbersOfPerson:
    counts = {each: max(0, sum(getattr(day, each) for day in days)) for each in rows.COUNTS}
    seconds = sum(day.active_seconds for day in days)
    rate = counts["made"] / seconds * 3600 if seconds >= _LEAST_SECONDS else None
    left = Counter(states)
    return NumbersOfPerson(
        account=account,
        name=name,
        **counts,
        active_seconds=round(seconds),
        objects_per_hour=None if rate is None else round(rate, 1),
        assigned=sum(left[state] for state in OPEN_STATES),
        waiting=submitted.waiting if submitted else 0,
        changed_after_review=submitted.changed if submitted else 0,
        days=[
            NumbersOfDay(
                day=day.day,
                made=day.made,
                changed=day.changed,
                deleted=day.deleted,
                active_seconds=round(day.active_seconds),
            )
            for day in days
        ],
    )
