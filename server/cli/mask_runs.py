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
from ..features.mask_runs.schema import MaskRun, MaskRunReport, MaskRunStanding
from .dataset_arguments import project_argument
from .following import GOING, follow
from .projects import RemoteProjects, find_project
from .running_server import RunningServer, here_or_there

if TYPE_CHECKING:
    from ..features.mask_runs.service import MaskRuns
    from ..features.projects.service import Projects
    from ..services import Services

_SHOWN = 20  # of what is to be looked at
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
        done = do(
            runs,
            project_id,
            lambda: runs.start_boxes(OWNER, project_id, asked),
            lambda run: run.kind == "boxes",
        )
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
    runs: "MaskRuns | RemoteMaskRuns",
    project_id: str,
    start: Callable[[], MaskRunStanding],
    is_it: Callable[[MaskRun], bool],
) -> MaskRun:
    """The run when it has ended. One that is what is wanted, which `is_it` says, goes on if it was interrupted, and is
    followed if it is under way. Raises why it failed, Conflict while another job makes masks in the project."""
    before = runs.standing(project_id).run
    resumed = before is not None and before.state in ("paused", "failed") and is_it(before)
    if resumed:
        print("Resuming what was interrupted.", file=sys.stderr)

    def begin() -> None:
        try:
            runs.resume(OWNER, project_id, before.id) if resumed and before is not None else start()
        except SamphireError:
            there = runs.standing(project_id).run
            if there is None or there.state not in GOING or not is_it(there):
                raise
            print("Following what is under way.", file=sys.stderr)

    told = follow(begin, lambda _: runs.standing(project_id).run, _told)
    if told is None:
        raise SamphireError("It was undone meanwhile.")
    if told.error is not None:
        raise SamphireError(told.error.message, hint=told.error.hint)
    return told


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
