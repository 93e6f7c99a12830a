"""How jobs of each kind are done: one handler a kind, in a table that the application builds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ...errors import SamphireError, unknown
from .. import greenlets
from ..turns import Path, client
from .base import Job


class Cancelled(greenlets.GreenletExit):
    """Raised in an interruptible job wherever it waits; no `except Exception` takes it for a failure."""


class Stopped(Exception):
    """Raised by a handler that cannot go on now, and may later, when somebody asks; `error` says why."""

    def __init__(self, error: SamphireError) -> None:
        super().__init__(error.message)
        self.error = error


class GivesWay(Exception):
    """Raised by a handler that has had its turn: the job goes on when others of its lane have had theirs."""


class Running(Protocol):
    """What a handler may know of its own job."""

    @property
    def job(self) -> Job: ...

    @property
    def cancelled(self) -> bool:
        """True once nobody wants the result any more; ask before writing it down."""
        ...

    @property
    def others_wait(self) -> bool:
        """Whether other jobs wait for a place in the lane."""
        ...

    def tell(self, **progress: Any) -> None:
        """How far it is, as JSON."""
        ...


@dataclass(frozen=True)
class Lane:
    """Jobs that go by each other's turns. `at_once`: how many run side by side; `of_one`: of these, how many of one
    client, by the first two names of its path; None: any number."""

    name: str
    at_once: int = 1
    of_one: int | None = None


@dataclass(frozen=True)
class Handler:
    """`run` raises a SamphireError when the job failed, Stopped, GivesWay, or one of STORES_AWAY to be called again in
    a while; what else it raises is logged and told as `failure`.

    `interruptible`: whether Cancelled is raised in it when it is to stop; else it asks `cancelled`. `resumes`: whether
    the next process goes on with a job that this one leaves. `attempts`: how often, when the process ends in it each
    time. `path`: whose job it is, for taking turns; None: of who asks."""

    run: Callable[[Running], None]
    lane: Lane
    interruptible: bool = False
    resumes: Callable[[Job], bool] = lambda job: True
    attempts: int = 5
    failure: type[SamphireError] = SamphireError
    path: Callable[[Job], Path] | None = None

    def path_of(self, job: Job) -> Path:
        return client.get() if self.path is None else self.path(job)


class Handlers(dict[str, Handler]):
    """By kind."""

    def of(self, job: Job) -> Handler:
        """Raises LookupError, which names the known kinds."""
        if job.kind not in self:
            raise LookupError(unknown("kind of job", job.kind, self))
        return self[job.kind]
