"""Imports: archives and annotation files, which the server works through as jobs."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .connection import Connection
from .projects import ProjectLike, id_of
from .resources import Import, read, read_each
from .uploading import FileBody, Progress

_SECONDS, _MOST_SECONDS = 0.2, 5.0  # between questions


class Imports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike) -> list[Import]:
        """The newest first, without their problems."""
        return read_each(Import, self._connection.get(_path(project)), "imports")

    def start(
        self,
        project: ProjectLike,
        path: str | Path,
        *,
        format: str = "auto",
        keep_going: bool = False,
        skip_missing: bool = False,
        existing: str = "add",
        progress: Progress | None = None,
    ) -> Import:
        """Send an annotation file, or a zip or tar archive of files with images or without; `wait` for it then.

        `format`: coco, yolo, ...; auto: found out; none: images only. `keep_going`: import what can be, though the rest
        cannot. `skip_missing`: leave out annotations of images that are not there. `existing`: add, skip or replace
        objects that were imported before. It is sent once: `list` tells whether it arrived after an error."""
        path = Path(path)
        with path.open("rb") as file:
            size = path.stat().st_size
            tell = None if progress is None else lambda sent: progress(sent, size, path.name)
            body = FileBody(file, "application/octet-stream", tell)
            query = {
                "name": path.name,
                "keep_going": int(keep_going),
                "skip_missing": int(skip_missing),
                "existing": existing,
            }
            if format == "none":
                where = f"/api/projects/{id_of(project)}/images"
            else:
                where = f"/api/projects/{id_of(project)}/import/{format}"
            told = self._connection.ask("POST", where, query=query, repeatable=False, file=body)
        return read(Import, {"problems": [], **told})

    def get(self, job: Import) -> Import:
        """As it is now, with the first 200 problems."""
        return read(Import, self._connection.get(_of(job)))

    def wait(
        self,
        job: Import,
        *,
        timeout: float | None = None,
        progress: Callable[[Import], None] | None = None,
    ) -> Import:
        """The import when it is over: its `state` is done, failed or stopped. `progress` is called with each answer.
        Raises TimeoutError after `timeout` seconds; it goes on meanwhile."""
        end = None if timeout is None else time.monotonic() + timeout
        pause = _SECONDS
        while True:
            now = self.get(job)
            if progress is not None:
                progress(now)
            if now.is_over:
                return now
            if end is not None and time.monotonic() + pause > end:
                raise TimeoutError(f"The import of {now.source} is still {now.state}.")
            time.sleep(pause * random.uniform(0.8, 1.0))
            pause = min(1.5 * pause, _MOST_SECONDS)

    def cancel(self, job: Import) -> Import:
        """Stop it. What was imported stays, and it may be resumed."""
        return read(Import, {"problems": [], **self._ask(job, "cancel", {}, repeatable=True)})

    def resume(self, job: Import, **choices: Any) -> Import:
        """Go on with one that stopped or failed; `choices`: format, keep_going, skip_missing, existing, label_map."""
        return read(Import, {"problems": [], **self._ask(job, "resume", choices, repeatable=False)})

    def _ask(self, job: Import, verb: str, body: dict[str, Any], *, repeatable: bool) -> Any:
        return self._connection.ask("POST", f"{_of(job)}/{verb}", body, repeatable=repeatable)


def _path(project: ProjectLike) -> str:
    return f"/api/projects/{id_of(project)}/imports"


def _of(job: Import) -> str:
    return f"{_path(job.project_id)}/{job.id}"
