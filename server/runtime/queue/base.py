"""What a queue of jobs promises, whoever runs them. Knows nothing of images, databases or sockets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from ...errors import SamphireError

JobKey = tuple[str, ...]
State = Literal["none", "queued", "running", "failed"]


class Urgency(IntEnum):
    """Why a job is done; a smaller number goes first."""

    WANTED = 0  # somebody waits for it
    AHEAD = 1  # somebody will soon
    RENEWAL = 2  # it only brings up to date what is there already


@dataclass(frozen=True)
class JobStatus:
    """Where a job is. `none`: nobody asked, or it is done (what it made is found elsewhere), or it was
    cancelled.

    `position`: 1 for the job that starts next, only while queued. `seconds_running`: only while running.
    `error`: only when failed.
    """

    state: State
    position: int | None = None
    seconds_running: float | None = None
    error: SamphireError | None = None


NO_JOB = JobStatus("none")


class Job(Protocol):
    """What the work of a job may know about its own job."""

    key: JobKey

    @property
    def cancelled(self) -> bool:
        """True once nobody wants the result any more; ask before writing it down."""
        ...


Work = Callable[[Job], None]
Listener = Callable[[JobKey, JobStatus], None]


class JobQueue(Protocol):
    """The most urgent first, and of those each client's in turn; at most one job for a key, however many ask.

    Jobs live in memory: after a restart every status is `none` and the work is asked for anew, so work must
    write its result in one atomic step, last.
    """

    def submit(self, key: JobKey, work: Work, urgency: Urgency = Urgency.WANTED) -> JobStatus:
        """Queue `work(job)` unless a job of this key is queued or running; a failed one is tried again.

        A queued job asked for more urgently is put among the more urgent ones.
        """
        ...

    def status(self, key: JobKey) -> JobStatus: ...

    def ease(self, matches: Callable[[JobKey], bool]) -> None:
        """Put matching queued jobs behind those that are done ahead of time, unless somebody is in `wait` for one."""
        ...

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """Wait until the job is neither queued nor running, at most `timeout` seconds (None: for ever); its
        status then."""
        ...

    def cancel(self, matches: Callable[[JobKey], bool]) -> None:
        """Take matching jobs off the queue, forget matching failures, and mark matching running ones
        cancelled."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a job runs, a cancelled one that has not noticed yet included."""
        ...

    @property
    def seconds_running(self) -> float | None:
        """How long the running job has been at it."""
        ...

    def listen(self, listener: Listener, watched: Callable[[JobKey], bool] = ...) -> None:
        """Call `listener(key, status)` at each change, `none` at the end of a job; its exceptions are logged.

        That other jobs made one move in the queue is told of `watched` keys only, a few times a second."""
        ...

    def close(self) -> None:
        """Start nothing more. The running job ends by itself."""
        ...
