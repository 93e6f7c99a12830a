"""Trainings: jobs of the server that train segmenters on a project's objects."""

from collections.abc import Callable
from pathlib import Path

from .connection import Connection
from .exporting import download
from .projects import ProjectLike, path_of
from .resources import Training, read, read_field
from .waiting import poll


class Trainings:
    """Raises Forbidden for whoever does not manage the project."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike) -> list[Training]:
        """Newest first."""
        told = self._connection.get(path_of(project, "trainings"))
        return [_of(project, each) for each in read_field(list[dict], told, "trainings")]

    def start(
        self,
        project: ProjectLike,
        id: str,
        *,
        what: str = "choice",
        label: str | None = None,
        title: str | None = None,
        segmenter: str | None = None,
        minutes: int | None = None,
    ) -> Training:
        """Train a segmenter; then `wait` for it. It is installed if it's better.

        `id`: of the new segmenter; one that was trained in this project is replaced. `what`: see docs/training.md.
        `label`: only objects of this label. `segmenter`: the one to start from; default: the project's. `minutes`: time
        limit. Raises Conflict if there is too little to learn from, a training is running, or the id is taken;
        Unavailable if the server lacks packages."""
        asked = {"id": id, "what": what, "label": label, "title": title, "minutes": minutes}
        if segmenter is not None:
            asked["segmenter"] = segmenter
        path = path_of(project, "trainings")
        return _of(project, self._connection.ask("POST", path, asked, repeatable=False))

    def get(self, training: Training) -> Training:
        """Its current state."""
        return _of(training.project_id, self._connection.get(_path(training)))

    def wait(
        self,
        training: Training,
        *,
        timeout: float | None = None,
        progress: Callable[[Training], None] | None = None,
    ) -> Training:
        """Wait until it is done, failed or paused. `progress` is called with each state. Raises TimeoutError after
        `timeout` seconds; the training continues."""

        def ask() -> Training:
            now = self.get(training)
            if progress is not None:
                progress(now)
            return now

        last = poll(ask, lambda now: now.is_over, timeout)
        if not last.is_over:
            raise TimeoutError(f"The training of {last.segmenter} is still {last.state}.")
        return last

    def pause(self, training: Training) -> Training:
        """Keeps the progress and the best result so far."""
        return self._do(training, "pause", repeatable=True)

    def resume(self, training: Training) -> Training:
        """Continue one that was paused or failed."""
        return self._do(training, "resume", repeatable=False)

    def finish(self, training: Training) -> Training:
        """Train no more: evaluate the best result so far, and install it if it's better."""
        return self._do(training, "finish", repeatable=False)

    def report(self, training: Training, path: str | Path) -> Path:
        """Download the report of one that is done: an HTML file. Raises NotFound."""
        target = Path(path)
        return download(self._connection, _path(training, "report"), {}, target)

    def remove(self, training: Training) -> None:
        """Delete it, with its report. What it installed stays."""
        self._connection.ask("DELETE", _path(training), repeatable=True)

    def _do(self, training: Training, verb: str, *, repeatable: bool) -> Training:
        told = self._connection.ask("POST", _path(training, verb), repeatable=repeatable)
        return _of(training.project_id, told)


def _of(project: ProjectLike, told: dict) -> Training:
    project_id = project if isinstance(project, str) else project.id
    return read(Training, {**told, "project_id": project_id})


def _path(training: Training, *parts: str) -> str:
    return path_of(training.project_id, "trainings", training.id, *parts)
