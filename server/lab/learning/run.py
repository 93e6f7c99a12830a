"""One training from beginning to end, in a folder that remembers how far it is: the same call goes on after a kill.

request.json   what is wanted (`Request`)
set/           the training set (`inference/training_set.py`)
plan.json, checkpoint.pt   what is done so far
finish         if there is such a file, training ends now, with the best weights so far
result.json, report.html   at the end
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from ...config import Settings
from ...errors import Conflict, SegmenterNotFound, UnsupportedSegmenter
from ...inference.catalog import SegmenterSpec, open_catalog, read_spec
from ...inference.training_set import TrainingImage, TrainingObject, read_set
from ...modelkit.catalogue.landing import already_there, as_refusals, land, workplace
from ...modelkit.training.building import build
from ...modelkit.training.decoding import Decoder
from ...modelkit.training.examples import Examples
from ...modelkit.training.planning import plan_for
from ...modelkit.training.trainer import Plan, Point, Trainer
from ..evaluation.report import write_whole
from .judging import Judgement, judge
from .measuring import Measured, after_some_clicks, agreement, figures, first_clicks, measure
from .report import write_report
from .request import Request, read_request
from .splitting import split
from .subjects import Subject, begun, in_training, installed

RESULT, REPORT, FINISH = "result.json", "report.html", "finish"
_SAME = (
    0.98  # mean IoU of the built networks' masks with PyTorch's: a graph that was built wrong is far below
)
_COMPARED = 12  # objects
_MOST_OBJECTS = 10  # of an image that judge
_AGAIN_SECONDS = 2.0
Tell = Callable[..., None]


class Stopped(Exception):
    """Somebody stopped it; what is done is stored."""


def learn(folder: Path, tell: Tell, stopped: Callable[[], bool]) -> dict[str, Any]:
    """Train, compare, and install what is better. The result, which `result.json` keeps.

    `tell(**message)` says how far it is: {"step", "part", "seconds_left"} or {"point"}. Raises Stopped, BadRequest,
    SegmenterNotFound, UnsupportedSegmenter, InvalidDataset, Conflict, OSError.
    """
    return _Learning(folder, read_request(folder), tell, stopped).run()


class _Learning:
    def __init__(self, folder: Path, request: Request, tell: Tell, stopped: Callable[[], bool]) -> None:
        self._folder, self._request, self._tell, self._stopped = folder, request, tell, stopped
        self._settings = Settings(data=request.data)
        catalog = open_catalog(self._settings.data_path)
        self._base = catalog.find(request.base)
        self._installed()
        tell(step="reading", part=0.0, seconds_left=None)
        self._source = read_set(folder / "set")
        if self._source.weights != self._base.encoding:
            raise SegmenterNotFound(f"The training set's embeddings don't match {self._base.id}.")
        self._examples = Examples(self._source, self._base.resize)
        self._split = split(self._examples.images, request.seed)

    def _installed(self) -> SegmenterSpec | None:
        """What makes room for the new one. Raises Conflict where that is another project's, or was not trained."""
        request = self._request
        specs = open_catalog(self._settings.data_path).installed()
        there = next((spec for spec in specs if spec.id == request.id), None)
        if there is not None and (
            "trained_from" not in there.source or there.source.get("project") != request.project
        ):
            raise already_there(request.id)
        return there

    def run(self) -> dict[str, Any]:
        """What is done in each of its parts is not done again when that is asked once more."""
        if (self._folder / RESULT).exists():
            return json.loads((self._folder / RESULT).read_text("utf-8"))
        model = begun(self._base, self._request.what)
        trainer = self._train(model)
        began, built = time.monotonic(), self._folder / "built"
        shutil.rmtree(built, ignore_errors=True)
        model.load(trainer.state.best)
        self._describe(model, built)
        trained = read_spec(built)
        subjects = installed(self._base, self._source), installed(trained, self._source)
        self._check(model, subjects[1])
        before = list(self._measure(subjects[0], "before"))
        after = list(self._measure(subjects[1], "after"))
        judgement = self._judge(before, after, trained)
        seconds = trainer.state.seconds + time.monotonic() - began
        result = self._result(trainer, before, after, judgement, trained, seconds)
        pages = (self._base.title, subjects, self._source, self._split.held_out, before, after)
        write_whole(self._folder / REPORT, write_report(result, self._request.title, *pages))
        if judgement.better:
            self._install(built, trained)
        write_whole(self._folder / RESULT, json.dumps(result))
        return result

    def _judge(
        self, before: Sequence[Measured], after: Sequence[Measured], trained: SegmenterSpec
    ) -> Judgement:
        """It has to be better than what it began with, and than what it would replace."""
        judgement, there = judge(before, after), self._installed()
        if not judgement.better or there is None or there.weights == trained.weights:
            return judgement
        replaced = judge(list(self._measure(installed(there, self._source), "after")), after)
        if replaced.gain > 0:
            return judgement
        reason = f"It is better than {self._base.title}, but not than {there.title}, which is installed."
        return replace(judgement, better=False, reason=reason)

    def _install(self, built: Path, trained: SegmenterSpec) -> None:
        """Put it in its place, as soon as nobody else installs something. Raises Stopped, Conflict, OSError."""
        self._tell(step="installing", part=0.0, seconds_left=None)
        there = self._installed()
        if there is not None and there.weights == trained.weights:
            return  # an earlier go did that
        while True:
            try:
                with as_refusals(self._settings), workplace(self._settings) as place:
                    moved = Path(shutil.move(built, place / trained.id))
                    land(moved, self._settings, trained.id, replace=True)
                return
            except Conflict:
                if self._stopped():
                    raise Stopped from None
                time.sleep(_AGAIN_SECONDS)

    def _judged(self, image: TrainingImage) -> Sequence[TrainingObject]:
        """Some of its objects: images with hundreds would take hours."""
        objects = self._examples.objects(image)
        if len(objects) <= _MOST_OBJECTS:
            return objects
        return sorted(objects, key=lambda one: sha256(one.name.encode()).digest())[:_MOST_OBJECTS]

    def _train(self, model: Decoder) -> Trainer:
        parts = self._split

        def validate(now: Decoder) -> float:
            clicked = first_clicks(self._in_training(now), parts.validation, self._judged)
            return after_some_clicks(clicked)

        plan = self._plan(model)
        trainer = Trainer(model, self._examples, parts.training, plan, validate, self._folder)
        told = 0
        for point in trainer.state.curve:
            self._tell_point(point)
            told += 1
        first, began = trainer.state.episode, time.monotonic()
        for state in trainer.run(self._enough):
            done = state.episode - first
            left = (time.monotonic() - began) / done * trainer.left
            self._tell(step="training", part=state.episode / plan.episodes, seconds_left=round(left, 1))
            for point in state.curve[told:]:
                self._tell_point(point)
            told = len(state.curve)
        if self._stopped():
            raise Stopped
        return trainer

    def _in_training(self, model: Decoder) -> Subject:
        return in_training(model, self._source, self._base.resize)

    def _enough(self) -> bool:
        return self._stopped() or (self._folder / FINISH).exists()

    def _plan(self, model: Decoder) -> Plan:
        """Made once: a folder's training ends where it was to end when it began."""
        path, request = self._folder / "plan.json", self._request
        if path.exists():
            return Plan(**json.loads(path.read_text("utf-8")))
        plan = plan_for(
            model, self._examples, self._split.training, request.what, request.seed, request.minutes
        )
        write_whole(path, json.dumps(asdict(plan)))
        return plan

    def _tell_point(self, point: Point) -> None:
        loss = None if np.isnan(point.loss) else round(point.loss, 4)
        self._tell(point={"step": point.episode, "loss": loss, "validation": round(point.validation, 4)})

    def _describe(self, model: Decoder, folder: Path) -> None:
        request, parts = self._request, self._split
        images = (*parts.training, *parts.validation)
        source = {
            "what": request.what,
            "project": request.project,
            "label": request.label,
            "images": len(images),
            "objects": sum(len(self._examples.objects(image)) for image in images),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        build(self._base, model, folder, request.id, request.title, source)

    def _check(self, model: Decoder, built: Subject) -> None:
        """That the networks that were built answer as those that were trained. Raises UnsupportedSegmenter."""
        trained, images = self._in_training(model), self._split.held_out
        agreed = list(agreement(trained, built, images, self._judged, _COMPARED))
        if np.mean(agreed) < _SAME:
            raise UnsupportedSegmenter(
                "The exported networks don't match the trained ones: "
                f"mean mask IoU {np.mean(agreed):.4f}, at least {_SAME} is required."
            )

    def _measure(self, subject: Subject, step: str) -> Iterator[Measured]:
        total = sum(len(self._judged(image)) for image in self._split.held_out)
        began = time.monotonic()
        measured = measure(subject, self._split.held_out, self._judged)
        for number, each in enumerate(measured, 1):
            if self._stopped():
                raise Stopped
            left = (time.monotonic() - began) / number * (total - number)
            self._tell(step=step, part=number / total, seconds_left=round(left, 1))
            yield each

    def _result(
        self,
        trainer: Trainer,
        before: Sequence[Measured],
        after: Sequence[Measured],
        judgement: Judgement,
        trained: SegmenterSpec,
        seconds: float,
    ) -> dict[str, Any]:
        parts, state = self._split, trainer.state
        learnt = (*parts.training, *parts.validation)
        pairs = [
            {
                "image": then.result.image,
                "object": then.result.object,
                "before": round(then.result.iou_after(1), 4),
                "after": round(now.result.iou_after(1), 4),
            }
            for then, now in zip(before, after, strict=True)
        ]
        return {
            "installed": judgement.better,
            "reason": judgement.reason,
            "gain": judgement.gain,
            "error": judgement.error if isfinite(judgement.error) else None,
            "segmenter": trained.id,
            "weights": trained.weights,
            "base": self._base.id,
            "what": self._request.what,
            "images": {"training": len(learnt), "held_out": len(parts.held_out)},
            "objects": {
                "training": sum(len(self._examples.objects(image)) for image in learnt),
                "held_out": len(before),
            },
            "before": figures(before).as_json(),
            "after": figures(after).as_json(),
            "seconds": round(seconds, 1),
            "training_seconds": round(state.seconds, 1),
            "steps": state.episode,
            "curve": [
                {"step": point.episode, "loss": _number(point.loss), "validation": point.validation}
                for point in state.curve
            ],
            "worst": sorted(pairs, key=lambda pair: pair["after"])[:12],
        }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
