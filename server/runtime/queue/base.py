"""What a queue of jobs promises, whoever does them. Knows nothing of images, databases or sockets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, NamedTuple, Protocol

from ...domain.policy import MACHINE
from ...errors import SamphireError

JobKey = tuple[str, str]  # kind, dedupe key
State = Literal["queued", "running", "done", "failed", "stopped"]
GOING: tuple[State, ...] = ("queued", "running")


class Urgency(IntEnum):
    """Why a job is done; a smaller number goes first."""

    WANTED = 0  # somebody waits for it
    AHEAD = 1  # somebody will soon
    RENEWAL = 2  # it only brings up to date what is there already


@dataclass(frozen=True)
class Job:
    """Something to do. `args` are JSON: another process may do it, after a restart.

    Of jobs of one kind with one `dedupe_key` at most one is queued or running, however many ask."""

    kind: str
    args: Mapping[str, Any]
    dedupe_key: str
    urgency: Urgency = Urgency.WANTED
    actor: str = str(MACHINE)

    @property
    def key(self) -> JobKey:
        return (self.kind, self.dedupe_key)


@dataclass(frozen=True)
class StoredJob:
    """A job as the store has it. `attempts`: how often it was begun. `error`: as `SamphireError.answer` gives it.
    `owner`: the run that does it."""

    id: int
    job: Job
    state: State
    attempts: int = 0
    error: Mapping[str, Any] | None = None
    owner: str | None = None


def name_run(process: str, number: int) -> str:
    """Each time that a process begins a job is a run of its own: a job that was stopped and asked for again may have
    two, and what the former still says doesn't count."""
    return f"{process}.{number}"


def process_of(run: str) -> str:
    return run.partition(".")[0]


def is_of(run: str | None, process: str) -> bool:
    return run is not None and process_of(run) == process


class Standing(NamedTuple):
    """How one that is queued or running stands. `owner`: of a queued one, the run that has not noticed yet that it
    was stopped before. `expired`: its process has not been heard of for too long."""

    id: int
    kind: str
    dedupe_key: str
    state: State
    owner: str | None
    urgency: int
    progress: Mapping[str, Any] | None
    expired: bool

    @property
    def key(self) -> JobKey:
        return (self.kind, self.dedupe_key)

    def is_elsewhere(self, owner: str) -> bool:
        """Whether another process than this one has it."""
        held = self.owner is not None and not self.expired
        return not is_of(self.owner, owner) and (self.state == "running" or held)


class JobStore(Protocol):
    """Where jobs are kept, so that they outlive the process. All methods may raise DatabaseBusy, StorageFull.

    `owner`: this process, as the store knows it. `shared`: whether others may do the same jobs meanwhile."""

    owner: str
    shared: bool

    def changed(self) -> None:
        """Others are to know of what was stored in another way."""
        ...

    def put(self, job: Job) -> StoredJob:
        """Queue it; as it stands when it is queued or running already. One that ended begins anew."""
        ...

    def new_run(self) -> str:
        """The name of one that this process is to begin; see `name_run`."""
        ...

    def begin(self, job_id: int, run: str) -> bool:
        """Note another attempt; False when the job is not queued any more, or another process's."""
        ...

    def renew(self, runs: Mapping[str, int]) -> set[str]:
        """Which of these, by run its job, still count; they do so for a while longer."""
        ...

    def end(self, job_id: int, run: str, state: State, error: SamphireError | None = None) -> bool:
        """Note how a job ended; False when that run does not count any more."""
        ...

    def settle(self, left: StoredJob, state: State, error: SamphireError | None = None) -> bool:
        """Note what becomes of a job that a process left; False when it stands otherwise by now."""
        ...

    def put_back(self, runs: Mapping[str, int]) -> None:
        """What these do, by run its job, is queued again as if it had not been begun."""
        ...

    def release(self, job_id: int, run: str) -> None:
        """That run was stopped, and has ended."""
        ...

    def urge(self, job_ids: Sequence[int], urgency: Urgency) -> None:
        """The queued of these are as urgent as this."""
        ...

    def stop(self, job_ids: Sequence[int]) -> None:
        """These are not to be done."""
        ...

    def tell(self, job_id: int, run: str, progress: Mapping[str, Any]) -> None:
        """How far it is, as JSON."""
        ...

    def unfinished(self) -> Sequence[StoredJob]:
        """The queued and the running, oldest first."""
        ...

    def standing(self) -> Sequence[Standing]:
        """The same, in short."""
        ...

    def failures(self, limit: int) -> Mapping[JobKey, int]:
        """The ids of the latest that failed."""
        ...

    def load(self, job_ids: Sequence[int]) -> Sequence[StoredJob]:
        """Oldest first; without those that are gone."""
        ...

    def failed(self, limit: int) -> Sequence[StoredJob]:
        """The latest that failed, oldest first."""
        ...


@dataclass(frozen=True)
class JobStatus:
    """Where a job is. `none`: nobody asked, or it is done (what it made is found elsewhere), or it was stopped.

    `position`: 1 for the job that starts next, only while queued. `seconds_running`: only while running. `progress`:
    while running, and while queued between its turns. `error`: only when failed.
    """

    state: Literal["none", "queued", "running", "failed"]
    position: int | None = None
    seconds_running: float | None = None
    progress: Mapping[str, Any] | None = None
    error: SamphireError | None = None


NO_JOB = JobStatus("none")

Matches = Callable[[Job], bool]
Listener = Callable[[Job, JobStatus], None]


class JobQueue(Protocol):
    """The most urgent first, and of those each client's in turn; at most one job for a key, however many ask.

    A job is done at least once: a handler looks whether something is left to do, and writes its result in one atomic
    step, last. An unknown kind raises LookupError, which names the known ones.

    `shared`: whether other processes do the same jobs.
    """

    shared: bool

    def submit(self, job: Job) -> JobStatus:
        """Store a job and have it done, unless one of its key is queued or running; one that failed is tried again.

        A queued job asked for more urgently is put among the more urgent ones. Raises DatabaseBusy, StorageFull."""
        ...

    def take(self, stored: StoredJob) -> JobStatus:
        """As `submit`, of a job that the caller has stored in a transaction of its own."""
        ...

    def status(self, key: JobKey) -> JobStatus: ...

    def ease(self, matches: Matches) -> None:
        """Put matching queued jobs behind those that are done ahead of time, unless somebody is in `wait` for one."""
        ...

    def wait(self, key: JobKey, timeout: float | None) -> JobStatus:
        """Wait until the job is neither queued nor running, at most `timeout` seconds (None: for ever); its
        status then."""
        ...

    def cancel(self, matches: Matches) -> None:
        """Stop matching jobs, and forget matching failures. Returns when those that can be interrupted have ended;
        others are told, and what they make is not wanted any more. Raises DatabaseBusy, and then they are stopped
        here, and done when the next process starts."""
        ...

    def busy(self, kind: str | None = None) -> bool:
        """Whether a job runs here, a stopped one that has not noticed yet included; of this kind, or any. One of a
        kind that is asked for may run elsewhere."""
        ...

    def seconds_running(self, kind: str) -> float | None:
        """How long a running job of this kind has been at it."""
        ...

    def look(self) -> None:
        """Other processes have changed something in the store."""
        ...

    def listen(self, listener: Listener, watched: Matches = ...) -> None:
        """Call `listener(job, status)` at each change, `none` at the end of a job; its exceptions are logged.

        That other jobs made one move in the queue is told of `watched` ones only, a few times a second."""
        ...

    def start(self) -> None:
        """Do what is queued from now on, and what was under way when an earlier process ended."""
        ...

    def close(self) -> None:
        """Start nothing more, interrupt what can be; the others end by themselves. What is not done stays stored."""
        ...

    def abandon(self) -> None:
        """What still runs, once closed, makes nothing any more: it is to be done again later."""
        ...
