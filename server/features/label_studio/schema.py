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
    """A request of Label Studio's; it has more in it, which is skipped."""

    also = {"additionalProperties": True}

    label_config: Annotated[str, about("The labelling interface, XML.")] = ""
    tasks: Annotated[list[dict[str, Any]], about('Tasks, each with "data".')] = []
    params: Annotated[dict[str, Any], about('With the "context" that somebody has drawn.')] = {}


class BackendHealth(Resource):
    """That the backend is there."""

    status: Annotated[str, about("UP.")]
    model_class: Annotated[str, about("What it is called.")]


class BackendVersion(Resource):
    """What makes the masks."""

    model_version: Annotated[str, about("Changes with the segmenter and its weights.")]


class BackendVersions(Resource):
    """The versions there are."""

    versions: Annotated[list[str], about("One.")]
    message: Annotated[str, about("Empty.")]


class BackendStatus(Resource):
    """That something was heard."""

    status: Annotated[str, about("ok.")]


class Region(Resource):
    """A brush stroke of Label Studio's."""

    id: Annotated[str, about("Of the region.")]
    from_name: Annotated[str, about("Name of the BrushLabels.")]
    to_name: Annotated[str, about("Name of the Image.")]
    type: Annotated[str, about("brushlabels.")]
    original_width: Annotated[int, about("Pixels of the upright image.")]
    original_height: Annotated[int, about("Pixels of the upright image.")]
    image_rotation: Annotated[int, about("0.")]
    value: Annotated[dict[str, Any], about("format, rle and brushlabels.")]
    score: Annotated[float, about("The decoder's own estimate.")]
    readonly: Annotated[bool, about("False.")]


class BackendPrediction(Resource):
    """The answer for a task."""

    result: Annotated[list[Region], about("One region.")]
    score: Annotated[float, about("The decoder's own estimate.")]
    model_version: Annotated[str, about("What made it.")]


class BackendPredictions(Resource):
    """Answers for tasks."""

    results: Annotated[list[BackendPrediction], about("One for a task of which something was drawn.")]
