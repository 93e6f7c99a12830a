"""Segmenters trained on a project's objects, as the API has it."""

from typing import Annotated, Literal, get_args

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line, matching, named
from ...contract.answers import ErrorShape, Moment
from ...inference.catalog import SEGMENTER_ID
from ...inference.training_plan import What
from ..annotations.schema import LABEL_CHARACTERS

TITLE_CHARACTERS = 80
MOST_MINUTES = 24 * 60

EncoderTraining = Literal["possible", "no_gpu", "unreadable"]
TrainingState = Literal["queued", "running", "paused", "failed", "done"]
TrainingStep = Literal["encoding", "reading", "before", "training", "after", "installing"]
STEPS: tuple[TrainingStep, ...] = get_args(TrainingStep)

_WHAT = (
    "`choice`: which of the candidate masks comes first, for few images; `tokens`: also the decoder's mask tokens and "
    "the small networks behind them; `decoder`: all of the mask decoder; `lora`: as `tokens`, and adapters in the "
    "image encoder, which needs a GPU."
)


def _id(description: str, says: str):
    return matching(description, SEGMENTER_ID.pattern, says)


_BASE = _id(
    "Id of the segmenter it starts from; the project's when left out.",
    '"segmenter" must be the id of a segmenter.',
)


_Minutes = Annotated[
    int,
    about(None, says=f'"minutes" must be a whole number from 1 to {MOST_MINUTES}.', ge=1, le=MOST_MINUTES),
]


class NewTraining(Request, forbid_unknown_fields=True):
    """A segmenter to train on the objects of a project."""

    what: Annotated[What, named(_WHAT, "thing to train")]
    id: Annotated[
        str,
        _id(
            "Id of the new segmenter: a new one, or one that was trained in this project, which it then replaces.",
            '"id" must consist of lower-case letters, digits, - and _, at most 64.',
        ),
    ]
    title: Annotated[
        str | None,
        line("Display name. null: derived from the project's name.", TITLE_CHARACTERS, called='"title"'),
    ] = None
    label: Annotated[
        str | None,
        line(
            "Name of the label whose objects count; null: those of all.", LABEL_CHARACTERS, called='"label"'
        ),
    ] = None
    segmenter: Annotated[str | UnsetType, _BASE] = UNSET
    minutes: Annotated[_Minutes | None, about("Time limit in minutes; null: none.")] = None


class TrainingEstimate(Resource):
    """What a training would learn from, and how long it would take."""

    images: Annotated[int, about("Images with objects that count.")]
    objects: Annotated[int, about("Number of these objects.")]
    used: Annotated[int, about("Images that would be used; very large projects are sampled.")]
    least: Annotated[int, about("Minimum number of images with objects.")]
    to_encode: Annotated[int, about("Images that have to be encoded first.")]
    seconds: Annotated[float, about("Estimated total time in seconds.")]
    measured: Annotated[
        bool, about("Whether that was measured on this server, at the latest training of the same kind.")
    ]
    encoder: Annotated[
        EncoderTraining,
        about(
            "Whether `lora` is possible from this segmenter; `no_gpu`: not on this server; `unreadable`: not from this "
            "one, whose encoder's weights can't be read back."
        ),
    ]
    needs: Annotated[
        str | None, about("Command that installs the missing Python packages; null: none are missing.")
    ]


class TrainingPoint(Resource):
    """A point of the curve."""

    step: Annotated[int, about("After so many steps.")]
    loss: Annotated[float | None, about("Focal and dice loss of the masks, 20 to 1.")]
    validation: Annotated[
        float | None,
        about(
            "Mean of the mean IoUs after one and after three clicks on validation images, used only to pick the best "
            "step; null: not measured at this step."
        ),
    ]


class TrainingSplit(Resource):
    """How many there are of each."""

    training: Annotated[int, about("Used for training.")]
    held_out: Annotated[int, about("Used for evaluation; an image's objects are never split.")]


class TrainingFigures(Resource):
    """How well a segmenter segments the held-out objects."""

    miou: Annotated[list[float], about("Mean IoU after 1, 2, 3 ... clicks.")]
    noc_85: Annotated[float | None, about("Mean number of clicks to reach IoU 0.85, at most 10.")]
    noc_90: Annotated[float | None, about("Mean number of clicks to reach IoU 0.9, at most 10.")]
    box: Annotated[float | None, about("Mean IoU after the object's box.")]
    boundary: Annotated[float | None, about("Mean boundary IoU after one click.")]


class HardObject(Resource):
    """A held-out object that the trained segmenter segments badly."""

    image: Annotated[str, about("The name of its image.")]
    object: Annotated[str, about("Which object in the image.")]
    before: Annotated[float, about("IoU after one click, before the training.")]
    after: Annotated[float, about("The same, after it.")]


class TrainingResult(Resource):
    """Outcome of a training."""

    installed: Annotated[bool, about("Whether the new segmenter was better and was installed.")]
    reason: Annotated[str, about("Why, in a sentence.")]
    gain: Annotated[
        float, about("Of the mean of the IoUs after one click and after three, on held-out images.")
    ]
    error: Annotated[
        float | None, about("The gain's standard error over the images; null: of a single image.")
    ]
    weights: Annotated[
        str | None, about("SHA-256 of the new segmenter's weights; null: it is not installed.")
    ]
    images: Annotated[TrainingSplit, about("Images.")]
    objects: Annotated[TrainingSplit, about("Objects.")]
    before: Annotated[TrainingFigures, about("Of the segmenter it started from.")]
    after: Annotated[TrainingFigures, about("Of the new one.")]
    seconds: Annotated[float, about("How long it trained and measured.")]
    steps: Annotated[int, about("How many steps it trained.")]
    worst: Annotated[list[HardObject], about("The worst first.")]
    training_seconds: Annotated[float | None, about("How long it trained.")] = None


class Training(Resource):
    """A training of a segmenter on a project's objects."""

    id: Annotated[str, about("Its id.")]
    what: Annotated[What, about(_WHAT)]
    state: Annotated[TrainingState, about("A paused or failed one can be resumed.")]
    step: Annotated[
        TrainingStep | None,
        about(
            "What it does while it is running: images are encoded; objects read; the old segmenter measured; the new "
            "one trained, measured, and installed if it is better."
        ),
    ]
    part: Annotated[float | None, about("How much of that is done, from 0 to 1.")]
    seconds_left: Annotated[float | None, about("Until all of it is done.")]
    position: Annotated[int | None, about("While it is queued: 1 for the next.")]
    segmenter: Annotated[str, about("Id of the new segmenter.")]
    title: Annotated[str, about("Its display name.")]
    base: Annotated[str, about("Id of the segmenter it starts from.")]
    label: Annotated[str | None, about("Name of the label whose objects count; null: those of all.")]
    minutes: Annotated[int | None, about("Time limit in minutes; null: none.")]
    images: Annotated[int, about("Images it learns from and is measured on; 0 before they are gathered.")]
    objects: Annotated[int, about("Objects on them.")]
    account: Annotated[str | None, about("Id of the account that started it.")]
    at: Annotated[Moment, about("When it was started, UTC.")]
    ended_at: Annotated[Moment | None, about("When it was done, UTC.")]
    result: Annotated[TrainingResult | None, about("Its outcome, once it is done.")]
    error: Annotated[ErrorShape | None, about("Why it failed.")]


class TrainingDetails(Training):
    """A training with its curve."""

    curve: Annotated[list[TrainingPoint], about("Point by point.")]


class TrainingList(Resource):
    """The trainings of a project."""

    trainings: Annotated[list[Training], about("The newest first, at most 200.")]
    needs: Annotated[
        str | None, about("Command that installs the missing Python packages; null: none are missing.")
    ]


class TrainingTold(Resource):
    """Progress or end of a training."""

    project: Annotated[str, about("Id of the project.")]
    training: Annotated[Training, about("As it is now.")]


class TrainingPointTold(Resource):
    """A new point of the curve. Discard points already received with the same or a later step."""

    project: Annotated[str, about("Id of the project.")]
    training: Annotated[str, about("Id of the training.")]
    point: Annotated[TrainingPoint, about("The point.")]


class WatchTrainings(Request):
    """Subscribe to a project's trainings."""

    project: Annotated[str, about("Id of the project.", says='"project" must be the id of a project.')]
