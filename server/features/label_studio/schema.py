"""What Label Studio sends an ML backend and reads in its answers, as far as it matters here.

The protocol is that of label-studio-ml-backend, and of Label Studio's own `ml/api_connector.py`, since 1.3. What else
comes is skipped unread: tasks carry whole annotations."""

from typing import Annotated, Any

from msgspec import Struct

from ...contract import Request, Resource, about

MOST_POINTS = 256


class Value(Struct):
    """Where something was drawn: percent of the image. A point's `width` is its size on the screen."""

    x: float | None = None
    y: float | None = None
    width: float = 0
    height: float = 0
    keypointlabels: list[str] = []
    rectanglelabels: list[str] = []


class Drawn(Struct):
    """Something that a smart tool has drawn, and says with it."""

    type: str
    value: Value
    image_rotation: float = 0
    is_positive: bool | float = True


class Context(Struct):
    """What somebody has drawn for this answer."""

    result: list[Drawn] = []


class Params(Struct, frozen=True):
    """`context`: None: nobody draws, predictions are made ahead."""

    context: Context | None = None


class Task(Struct):
    """`data`: addresses of images, by what the labelling interface calls them."""

    data: dict[str, Any] = {}


class Predict(Struct):
    """`label_config`: the labelling interface, XML."""

    tasks: list[Task] = []
    label_config: str = ""
    params: Params = Params()


class LabelStudioRequest(Request):
    """A request from Label Studio. Other fields are ignored."""

    also = {"additionalProperties": True}

    label_config: Annotated[str, about("The labelling interface, XML.")] = ""
    tasks: Annotated[list[dict[str, Any]], about('Tasks, each with "data".')] = []
    params: Annotated[dict[str, Any], about('"context" has what was drawn.')] = {}


class BackendHealth(Resource):
    """The backend's health."""

    status: Annotated[str, about("UP.")]
    model_class: Annotated[str, about("The backend's name.")]


class BackendVersion(Resource):
    """The segmenter's version."""

    model_version: Annotated[str, about("Changes with the segmenter and its weights.")]


class BackendVersions(Resource):
    """The available versions."""

    versions: Annotated[list[str], about("One version.")]
    message: Annotated[str, about("Empty.")]


class BackendStatus(Resource):
    """An acknowledgement."""

    status: Annotated[str, about("ok.")]


class Region(Resource):
    """A Label Studio brush region."""

    id: Annotated[str, about("Id of the region.")]
    from_name: Annotated[str, about("Name of the BrushLabels tag.")]
    to_name: Annotated[str, about("Name of the Image tag.")]
    type: Annotated[str, about("brushlabels.")]
    original_width: Annotated[int, about("Pixels of the upright image.")]
    original_height: Annotated[int, about("Pixels of the upright image.")]
    image_rotation: Annotated[int, about("0.")]
    value: Annotated[dict[str, Any], about("format, rle and brushlabels.")]
    score: Annotated[float, about("The predicted IoU.")]
    readonly: Annotated[bool, about("False.")]


class BackendPrediction(Resource):
    """The prediction for a task."""

    result: Annotated[list[Region], about("One region.")]
    score: Annotated[float, about("The predicted IoU.")]
    model_version: Annotated[str, about("Version of the segmenter.")]


class BackendPredictions(Resource):
    """Predictions for tasks."""

    results: Annotated[list[BackendPrediction], about("One for a task with a drawing.")]
