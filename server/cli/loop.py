"""`samphire loop`: one training round.

Train on a project's objects; if the result is better, switch the project to it and propose masks again.
"""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..contract import to_json
from ..domain.policy import OWNER
from ..features.mask_runs.ahead import SETTINGS_AHEAD
from ..features.mask_runs.schema import MaskRun
from ..features.training.schema import Training
from . import mask_runs, training
from .dataset_arguments import project_argument
from .projects import find_project
from .running_server import RunningServer, here_or_there

if TYPE_CHECKING:
    from ..services import Services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--out", required=True, metavar="ID", help="Id of the trained segmenter; each round replaces it."
    )
    training.add_choices(parser)


def loop(settings: Settings, arguments: argparse.Namespace) -> int:
    """0 after a round, 1 when training improved nothing, 130 when it was interrupted."""
    asked = training.chosen(arguments)
    with here_or_there(settings, _here, _there) as (projects, trainings, runs):
        project_id = find_project(projects, arguments.project)
        rounds = [each for each in trainings.list(project_id).trainings if each.segmenter == arguments.out]
        better = _unfinished(rounds, runs.standing(project_id).run)
        if better is not None:
            print("The last round was interrupted: it goes on.", file=sys.stderr)
        else:
            if rounds:  # all start from the first one's base, which has seen none of what judges it
                asked.setdefault("segmenter", rounds[-1].base)
            better = training.do(trainings, project_id, {**asked, "id": arguments.out})
            if better is None or better.result is None:
                return training.INTERRUPTED
            print(training.table(better.result))
            print(better.result.reason)
            if not better.result.installed:
                return 1
        projects.change(OWNER, project_id, {"settings": {"segmenter": arguments.out}})
        print(f"The project now uses {arguments.out}.", file=sys.stderr)
        _propose(runs, project_id, better)
    print('Next, review the least certain images: sort the project by "Certainty of masks".')
    return 0


def _unfinished(rounds: list[Training], latest: MaskRun | None) -> Training | None:
    """The training whose masks are not all proposed: no job followed it yet, or the one that proposes stands still.

    `rounds`: newest first."""
    better = next((each for each in rounds if each.result is not None and each.result.installed), None)
    if better is None or better.ended_at is None:
        return None
    if latest is None or latest.at < better.ended_at:
        return better if better is rounds[0] else None
    return better if latest.state not in ("done", "undoing") and _proposes(latest, better) else None


def _propose(runs: Any, project_id: str, trained: Training) -> None:
    """With what was trained, if the server does not do so by itself already."""
    wanted: dict[str, Any] = {**to_json(SETTINGS_AHEAD), "label": None}
    proposed = mask_runs.do(
        runs,
        project_id,
        lambda: runs.start_automatic(OWNER, project_id, wanted),
        lambda run: _proposes(run, trained),
    )
    print(f"{proposed.objects} proposals on {proposed.done} images.")


def _proposes(run: MaskRun, trained: Training) -> bool:
    """Whether it proposes masks that this training's segmenter makes: not one of its name, of an earlier round."""
    since = trained.ended_at is not None and run.at >= trained.ended_at
    return run.kind == "automatic" and run.label is None and run.segmenter == trained.segmenter and since


def _here(services: "Services") -> tuple[Any, Any, Any]:
    return services.projects, services.trainings, services.mask_runs


def _there(server: RunningServer) -> tuple[Any, Any, Any]:
    projects, trainings = training.there(server)
    return projects, trainings, mask_runs.there(server)[1]
