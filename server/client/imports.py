"""Imports: jobs of the server that read archives and annotation files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .connection import Connection
from .projects import ProjectLike, path_of
from .resources import Import, read, read_each
from .uploading import FileBody, Progress
from .waiting import poll


class Imports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike) -> list[Import]:
        """Newest first, without their problems."""
        return read_each(Import, self._connection.get(path_of(project, "imports")), "imports")

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
        """Upload an annotation file, or a zip or tar archive with or without images; then `wait` for it.

        `format`: coco, yolo, ...; auto: detect it; none: images only. `keep_going`: skip items that cannot be imported
        (otherwise nothing is imported). `skip_missing`: skip annotations of missing images. `existing`: add, skip or
        replace objects that were imported before. The upload is not retried: after an error, `list` shows whether it
        arrived."""
        path = Path(path)
        with path.open("rb") as file:
            body = FileBody(file, "application/octet-stream", path.name, progress)
            query = {
                "name": path.name,
                "keep_going": int(keep_going),
                "skip_missing": int(skip_missing),
                "existing": existing,
            }
            if format == "none":
                where = path_of(project, "images")
            else:
                where = path_of(project, "import", format)
            told = self._connection.ask("POST", where, query=query, repeatable=False, file=body)
        return read(Import, told)

    def get(self, job: Import) -> Import:
        """Its current state, with the first 200 problems."""
        return read(Import, self._connection.get(_of(job)))

    def wait(
        self,
        job: Import,
        *,
        timeout: float | None = None,
        progress: Callable[[Import], None] | None = None,
    ) -> Import:
        """Wait until it is done, failed or stopped. `progress` is called with each state. Raises TimeoutError after
        `timeout` seconds; the import continues."""

        def ask() -> Import:
            now = self.get(job)
            if progress is not None:
                progress(now)
            return now

        last = poll(ask, lambda now: now.is_over, timeout)
        if not last.is_over:
            raise TimeoutError(f"The import of {last.source} is still {last.state}.")
        return last

    def cancel(self, job: Import) -> Import:
        """Stop it. What was imported stays; it can be resumed."""
        return read(Import, self._connection.ask("POST", f"{_of(job)}/cancel", {}, repeatable=True))

    def resume(self, job: Import, **choices: Any) -> Import:
        """Continue one that stopped or failed. `choices`: format, keep_going, skip_missing, existing, label_map."""
        return read(Import, self._connection.ask("POST", f"{_of(job)}/resume", choices, repeatable=False))


def _of(job: Import) -> str:
    return path_of(job.project_id, "imports", job.id)
