"""Exports made ahead of their download, as jobs: for whoever wants to see how far that is."""

from dataclasses import asdict
from typing import Any

from ....errors import Unavailable
from ....runtime.queue.base import Job, JobQueue
from ....runtime.queue.handlers import Handler, Lane, Running
from ....storage.rows.listing.filter import Filter
from ..formats.split import Split
from ..schema import ExportStanding
from .exports import Exports, gone
from .reading import Wanted

EXPORT = "export"  # the kind of its jobs


class Preparing:
    def __init__(self, exports: Exports, queue: JobQueue) -> None:
        self._exports, self._queue = exports, queue
        self.handler = Handler(self._make, Lane(EXPORT))

    def prepare(self, wanted: Wanted, named: str | None = None) -> ExportStanding:
        """Have the file made, unless it is there or being made. `named`: the "file" of an earlier answer, to follow
        that one and begin no other while the project goes on changing. Raises as `Exports.file`, also what kept the
        file from being made since it was last asked for; Gone when the named one is neither there nor being made.
        """
        key = named or self._exports.key(wanted)
        path = self._exports.named(wanted, key)
        status, total = self._queue.status((EXPORT, key)), self._exports.total(wanted)
        if path.is_file():
            path.touch()  # it stays for the download that follows
            return ExportStanding(key, "ready", total, total)
        if status.error is not None:
            self._queue.cancel(lambda job: job.key == (EXPORT, key))  # it is told once
            raise status.error
        read = self._exports.read(key)
        if read is None and status.state == "none":
            if named:
                raise gone()
            job = Job(EXPORT, {"wanted": _told(wanted), "file": key}, key)
            if self._queue.submit(job).state == "none":
                raise Unavailable("The server is stopping.")
        return ExportStanding(key, "making", min(read or 0, total), total)

    def _make(self, running: Running) -> None:
        """The handler."""
        told, key = running.job.args["wanted"], running.job.args["file"]
        wanted = _wanted(told)
        if wanted.selected is not None:
            ids = self._exports.selected(wanted.project_id, wanted.selected)
            wanted = _wanted(told | {"ids": ids})
        self._exports.make(key, wanted)


def _told(wanted: Wanted) -> dict[str, Any]:
    """As JSON; the ids of a selection are in its file."""
    return {**asdict(wanted), "ids": None}


def _wanted(told: dict[str, Any]) -> Wanted:
    split = told["split"] and Split(**told["split"])
    return Wanted(**{**told, "split": split, "chosen": Filter(**told["chosen"])})
