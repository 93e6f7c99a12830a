"""`samphire train`: a segmenter trained on a project's objects, by the running server if there is one.

Interrupted, it keeps the best result so far; killed, it loses nothing either: the same command resumes.
"""

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from ..config import Settings
from ..contract import parse
from ..domain.policy import OWNER, Actor
from ..errors import BadRequest, SamphireError
from ..features.training.schema import (
    EncoderTraining,
    Training,
    TrainingDetails,
    TrainingEstimate,
    TrainingList,
    TrainingResult,
    TrainingStep,
)
from ..inference.training_plan import LEAST_IMAGES, WHATS
from .dataset_arguments import project_argument
from .following import follow
from .projects import RemoteProjects, find_project
from .running_server import RunningServer, here_or_there

if TYPE_CHECKING:
    from ..features.projects.service import Projects
    from ..features.training.service import Trainings
    from ..services import Services

INTERRUPTED = 130
_ENCODER: dict[EncoderTraining, str] = {
    "possible": "",
    "no_gpu": "training the encoder needs a GPU, which this machine lacks",
    "unreadable": "this segmenter's encoder can't be trained",
}
_STEPS: dict[TrainingStep, str] = {
    "encoding": "encoding images",
    "reading": "reading objects",
    "before": "measuring the current segmenter",
    "training": "training",
    "after": "measuring the new segmenter",
    "installing": "installing",
}


class RemoteTrainings:
    """What `Trainings` does, by a running server, which sees itself who asks."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server

    def list(self, project_id: str) -> TrainingList:
        return parse(TrainingList, self._server.ask("GET", _address(project_id)), BadRequest)

    def get(self, project_id: str, run_id: str) -> TrainingDetails:
        return self._details("GET", project_id, f"/{run_id}")

    def estimate(self, project_id: str, asked: Mapping[str, str]) -> TrainingEstimate:
        told = self._server.ask("GET", f"{_address(project_id)}/estimate?{urlencode(asked)}")
        return parse(TrainingEstimate, told, BadRequest)

    def start(self, _actor: Actor, project_id: str, data: Mapping[str, Any]) -> TrainingDetails:
        return self._details("POST", project_id, "", data)

    def pause(self, project_id: str, run_id: str) -> TrainingDetails:
        return self._details("POST", project_id, f"/{run_id}/pause")

    def resume(self, _actor: Actor, project_id: str, run_id: str) -> TrainingDetails:
        return self._details("POST", project_id, f"/{run_id}/resume")

    def _details(self, method: str, project_id: str, path: str, body: object = None) -> TrainingDetails:
        return parse(TrainingDetails, self._server.ask(method, _address(project_id) + path, body), BadRequest)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("--out", metavar="ID", help="Id of the new segmenter.")
    add_choices(parser)
    parser.add_argument("--title", metavar="TEXT", help="Display name of the new segmenter.")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="Show how many objects count and how long training would take, then exit.",
    )


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Of what is trained, on what, and how long: `chosen` reads them."""
    parser.add_argument(
        "--what",
        choices=WHATS,
        default=WHATS[0],
        help="choice: which candidate mask comes first (few images); tokens: also the mask tokens; decoder: the whole "
        "mask decoder; lora: adapters in the image encoder, too (needs a GPU). [%(default)s]",
    )
    parser.add_argument("--label", metavar="NAME", help="Only objects of this label. Default: all.")
    parser.add_argument("--segmenter", metavar="ID", help="Segmenter to start from. Default: the project's.")
    parser.add_argument("--minutes", type=int, metavar="M", help="Time limit in minutes.")


def chosen(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the API is asked."""
    given = {name: getattr(arguments, name) for name in ("what", "label", "segmenter", "minutes")}
    return {name: value for name, value in given.items() if value is not None}


def train(settings: Settings, arguments: argparse.Namespace) -> int:
    """0 when the new segmenter is better and installed, 1 when it is not better, 130 when it was interrupted."""
    asked = chosen(arguments)
    with here_or_there(settings, _here, there) as (projects, trainings):
        project_id = find_project(projects, arguments.project)
        estimate = trainings.estimate(project_id, {name: str(value) for name, value in asked.items()})
        print(_foreseen(estimate, asked["what"]), file=sys.stderr)
        if arguments.dry_run:
            return 0
        if arguments.out is None:
            raise BadRequest("The new segmenter needs an id.", hint="Name one with --out ID.")
        more = {} if arguments.title is None else {"title": arguments.title}
        done = do(trainings, project_id, {**asked, **more, "id": arguments.out})
    if done is None:
        print("Paused; the best result so far is kept. Run the same command to resume.", file=sys.stderr)
        return INTERRUPTED
    result = done.result
    if result is None:
        return 1
    print(table(result))
    print(result.reason)
    if result.installed:
        print(f"Installed as {done.segmenter}. Choose it in the project's settings.")
    return 0 if result.installed else 1


def do(
    trainings: "Trainings | RemoteTrainings", project_id: str, asked: Mapping[str, Any]
) -> TrainingDetails | None:
    """The training when it is done; None when it was interrupted. One that was interrupted goes on. Raises why it
    failed."""
    known = trainings.list(project_id).trainings
    before = next((each for each in known if each.state in ("paused", "failed") and _is(each, asked)), None)
    begin = lambda: trainings.start(OWNER, project_id, asked)  # noqa: E731
    if before is not None:
        print("Resuming what was interrupted.", file=sys.stderr)
        begin = lambda: trainings.resume(OWNER, project_id, before.id)  # noqa: E731
    others = {each.id for each in known if before is None or each.id != before.id}
    told: Training | None = None

    def look(begun: TrainingDetails | None) -> Training | None:
        """That very one. Without a server, where its id comes at its end, it is the only new one."""
        nonlocal told
        mine = lambda each: each.id not in others if begun is None else each.id == begun.id  # noqa: E731
        told = next(filter(mine, trainings.list(project_id).trainings), None)
        return told

    def pause() -> None:
        if told is not None:
            trainings.pause(project_id, told.id)

    try:
        ended = follow(begin, look, _told, pause)
    except KeyboardInterrupt:
        return None
    if ended is None:
        raise SamphireError("The training was deleted while it was running.")
    done = trainings.get(project_id, ended.id)
    if done.error is not None:
        raise SamphireError(done.error.message, hint=done.error.hint)
    return None if done.state == "paused" else done


def _is(training: Training, asked: Mapping[str, Any]) -> bool:
    """Whether it is what is asked for."""
    wanted = (asked["id"], asked["what"], asked.get("label"), asked.get("segmenter", training.base))
    return (training.segmenter, training.what, training.label, training.base) == wanted


def _here(services: "Services") -> "tuple[Projects, Trainings]":
    return services.projects, services.trainings


def there(server: RunningServer) -> tuple[RemoteProjects, RemoteTrainings]:
    return RemoteProjects(server), RemoteTrainings(server)


def _address(project_id: str) -> str:
    return f"/api/projects/{quote(project_id)}/trainings"


def _foreseen(estimate: TrainingEstimate, what: str) -> str:
    parts = [f"{estimate.images} images with {estimate.objects} objects"]
    if estimate.images < LEAST_IMAGES:
        parts.append(f"at least {LEAST_IMAGES} images are needed")
    else:
        how = "based on the last training" if estimate.measured else "rough estimate"
        parts.append(f"about {_time(estimate.seconds)} ({how})")
    if estimate.to_encode:
        parts.append(f"{estimate.to_encode} images to encode first")
    if what == "lora" and estimate.encoder != "possible":
        parts.append(_ENCODER[estimate.encoder])
    if estimate.needs is not None:
        parts.append(f"Python packages are missing: {estimate.needs}")
    return "; ".join(parts) + "."


def _told(training: Training) -> str:
    if training.state != "running" or training.step is None:
        return training.state
    parts = [_STEPS[training.step]]
    if training.part is not None:
        parts[0] += f" {training.part:.0%}"
    if training.seconds_left is not None:
        parts.append(f"{_time(training.seconds_left)} left")
    return ", ".join(parts)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def table(result: TrainingResult) -> str:
    """Figures on the held-out images, before and after."""
    before, after = result.before, result.after
    rows: list[tuple[str, float | None, float | None]] = [
        (f"mIoU after {clicks} click{'s' if clicks > 1 else ''}", old, new)
        for clicks, (old, new) in enumerate(zip(before.miou, after.miou, strict=False), start=1)
    ]
    rows += [("Clicks to 0.85", before.noc_85, after.noc_85), ("Clicks to 0.90", before.noc_90, after.noc_90)]
    rows += [("mIoU after a box", before.box, after.box), ("Boundary IoU", before.boundary, after.boundary)]
    lines = [f"{'':<20} {'before':>8} {'after':>8}"]
    lines += [
        f"{name:<20} {old:8.3f} {new:8.3f}" for name, old, new in rows if old is not None and new is not None
    ]
    return "\n".join(lines)
