"""`samphire from-boxes`: masks made on the images of a project, by the running server if there is one.

Interrupted or killed, the same command goes on with the images that are left.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..contract import parse
from ..domain.policy import OWNER, Actor
from ..errors import BadRequest, SamphireError
from ..features.mask_runs.schema import MaskRun, MaskRunReport, MaskRunStanding, RunKind
from ..runtime import greenlets
from .dataset_arguments import project_argument
from .progress_line import Line
from .projects import RemoteProjects, find_project
from .running_server import RunningServer, here_or_there

if TYPE_CHECKING:
    from ..features.mask_runs.service import MaskRuns
    from ..features.projects.service import Projects
    from ..services import Services

_SHOWN = 20  # of what is to be looked at
_ASK_SECONDS = 0.5
_GOING = ("queued", "running", "undoing")
_DOUBTS = {
    "empty": "no mask found, still a box",
    "unstable": "unstable",
    "outside": "leaves its box",
    "full": "fills its box",
}


class RemoteMaskRuns:
    """What `MaskRuns` does, by a running server, which sees itself who asks."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server

    def start_boxes(self, _actor: Actor, project_id: str, data: Mapping[str, Any]) -> MaskRunStanding:
        return self._standing("POST", project_id, "/boxes", data)

    def start_automatic(self, _actor: Actor, project_id: str, data: Mapping[str, Any]) -> MaskRunStanding:
        return self._standing("POST", project_id, "/automatic", data)

    def resume(self, _actor: Actor, project_id: str, run_id: str) -> MaskRunStanding:
        return self._standing("POST", project_id, f"/{run_id}/resume")

    def standing(self, project_id: str) -> MaskRunStanding:
        return self._standing("GET", project_id)

    def report(self, project_id: str, run_id: str) -> MaskRunReport:
        told = self._server.ask("GET", f"/api/projects/{project_id}/mask-runs/{run_id}/report")
        return parse(MaskRunReport, told, BadRequest)

    def _standing(self, method: str, project_id: str, path: str = "", body: object = None) -> MaskRunStanding:
        told = self._server.ask(method, f"/api/projects/{project_id}/mask-runs{path}", body)
        return parse(MaskRunStanding, told, BadRequest)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--segmenter", metavar="ID", help="Segmenter that makes the masks. Default: the project's."
    )


def from_boxes(settings: Settings, arguments: argparse.Namespace) -> int:
    """0 when all images could be segmented, 1 when one could not, which is listed with the doubtful masks."""
    asked = {} if arguments.segmenter is None else {"segmenter": arguments.segmenter}
    with here_or_there(settings, here, there) as (projects, runs):
        project_id = find_project(projects, arguments.project)
        done = do(runs, project_id, "boxes", lambda: runs.start_boxes(OWNER, project_id, asked))
        report = runs.report(project_id, done.id)
    print(f"{done.objects} objects on {done.done} images got masks; {done.unsure} should be looked at.")
    for each in report.unsure[:_SHOWN]:
        print(f"{each.image}: {each.label}: {', '.join(_DOUBTS[doubt] for doubt in each.doubts)}")
    if done.unsure > _SHOWN:
        print(f"and {done.unsure - _SHOWN} more; the project's page lists them")
    for each in report.failed[:_SHOWN]:
        print(f"{each.image}: {each.problem}", file=sys.stderr)
    return 1 if done.failed else 0


def do(
    runs: "MaskRuns | RemoteMaskRuns", project_id: str, kind: RunKind, start: Callable[[], MaskRunStanding]
) -> MaskRun:
    """The run when it has ended; one of this kind that was interrupted goes on. Raises why it failed, Conflict while
    another job makes masks in the project."""
    before = runs.standing(project_id).run
    begin = start
    if before is not None and before.kind == kind and before.state in ("paused", "failed"):
        print("Resuming what was interrupted.", file=sys.stderr)
        begin = lambda: runs.resume(OWNER, project_id, before.id)  # noqa: E731
    doing = greenlets.spawn(_attempt, begin)  # without a server it ends with the last image
    told: MaskRun | None = None
    line = Line(lambda: "" if told is None else _told(told))
    while not doing.dead or (told is not None and told.state in _GOING):
        greenlets.sleep(_ASK_SECONDS)
        told = runs.standing(project_id).run
        line.tell()
    refused = doing.get()
    if refused is not None:
        raise refused
    told = runs.standing(project_id).run
    line.end()
    if told is None:
        raise SamphireError("It was undone meanwhile.")
    if told.error is not None:
        raise SamphireError(told.error.message, hint=told.error.hint)
    return told


def _attempt(begin: Callable[[], object]) -> SamphireError | None:
    """Why it could not begin."""
    try:
        begin()
    except SamphireError as error:
        return error
    return None


def here(services: "Services") -> "tuple[Projects, MaskRuns]":
    return services.projects, services.mask_runs


def there(server: RunningServer) -> tuple[RemoteProjects, RemoteMaskRuns]:
    return RemoteProjects(server), RemoteMaskRuns(server)


def _told(run: MaskRun) -> str:
    parts = [f"{run.done} of {run.total} images, {run.objects} objects"]
    if run.images_per_minute:
        parts.append(f"{run.images_per_minute:.1f} images a minute")
    if run.seconds_left is not None:
        minutes, seconds = divmod(round(run.seconds_left), 60)
        parts.append(f"{minutes}:{seconds:02} left")
    return ", ".join(parts)
