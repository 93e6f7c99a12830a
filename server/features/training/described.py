"""A training as the API describes it."""

from typing import Any

from ...contract import parse
from ...contract.answers import ErrorShape
from ...domain.times import optional_timestamp, timestamp
from ...errors import BadRequest
from ...runtime.queue.base import NO_JOB, JobStatus
from ...storage.tables import Training
from . import schema


def described(
    training: Training,
    state: schema.TrainingState,
    status: JobStatus = NO_JOB,
) -> schema.Training:
    """`status`: of its job."""
    return schema.Training(**_values(training, state, status))


def detailed(
    training: Training,
    state: schema.TrainingState,
    status: JobStatus = NO_JOB,
) -> schema.TrainingDetails:
    """The same with its curve."""
    curve = [schema.TrainingPoint(**point) for point in training.curve]
    return schema.TrainingDetails(**_values(training, state, status), curve=curve)


def _values(training: Training, state: schema.TrainingState, status: JobStatus) -> dict[str, Any]:
    progress = (status.progress or {}) if state == "running" else {}
    result = training.result
    known = None if status.error is None else status.error.answer()["error"]
    error = training.error or known if state == "failed" else None
    return {
        "id": training.id,
        "what": training.what,
        "state": state,
        "step": progress.get("step"),
        "part": progress.get("part"),
        "seconds_left": progress.get("seconds_left"),
        "position": status.position,
        "segmenter": training.segmenter,
        "title": training.title,
        "base": training.base,
        "label": training.label,
        "minutes": training.minutes,
        "images": training.images,
        "objects": training.objects,
        "account": training.account,
        "at": timestamp(training.created_at),
        "ended_at": optional_timestamp(training.ended_at),
        "result": None if result is None else parse(schema.TrainingResult, result, BadRequest),
        "error": None
        if error is None
        else ErrorShape(str(error["code"]), str(error["message"]), str(error["hint"])),
    }
