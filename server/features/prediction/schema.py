"""Prompts and predictions as the API has them, over HTTP and the socket."""

from typing import Annotated, Any

from ...contract import Request, Resource, about, matching
from ...domain.prompts import MAX_POINTS
from ...domain.windows import KEY
from ...errors import InvalidPrompt
from ..annotations.mask_schema import RLE, Bbox, WindowKey
from ..segmenters.schema import NO_SEGMENTER

AUTO = "auto"  # in the place of a window: the one that the object needs
_MOST_SEQ = 2**53 - 1  # JavaScript's whole numbers

_POINT = {"prefixItems": [{"type": "number"}, {"type": "number"}, {"enum": [0, 1]}]}
_SAID = {
    "anyOf": [
        {"required": ["points"], "properties": {"points": {"type": "array", "minItems": 1}}},
        {"required": ["box"], "properties": {"box": {"type": "array"}}},
    ]
}
_Numbers = Annotated[
    list[float],
    about(
        "One point.",
        says="A point [x, y, label] must be 3 finite numbers.",
        min_length=3,
        max_length=3,
        schema=_POINT,
    ),
]
Points = Annotated[
    Annotated[list[_Numbers], about(max_length=MAX_POINTS)] | None,
    about(
        "[[x, y, label], ...]: label 1 include, 0 exclude; image pixels.",
        says=f"points must be a list of at most {MAX_POINTS} entries.",
        error=InvalidPrompt,
    ),
]
Corners = Annotated[
    Annotated[list[float], about(min_length=4, max_length=4)] | None,
    about(
        "[x0, y0, x1, y1], image pixels.",
        says="A box [x0, y0, x1, y1] must be 4 finite numbers.",
        error=InvalidPrompt,
    ),
]


class Prompt(Request, kw_only=True):
    """What to segment: at least a point, a box or a mask."""

    also = _SAID

    points: Points = None
    box: Corners = None
    mask_from: Annotated[
        str | None,
        about(
            "mask_id of an earlier candidate to refine, of the same segmenter.",
            says="mask_from must be the mask_id of an earlier candidate, or null.",
        ),
    ] = None
    segmenter: Annotated[
        str | None, about("Id of a segmenter; the configured one when left out.", says=NO_SEGMENTER)
    ] = None
    window: (
        Annotated[
            str,
            matching(
                'The window of the image to decode in, as "1-0-2"; "auto": the smallest with room for the object;'
                " left out: the whole image. The first prompt in a window waits until that is encoded.",
                f"{AUTO}|{KEY.pattern}",
                '"window" must be "auto" or the key of a window, such as "1-0-2".',
            ),
        ]
        | None
    ) = None
    all: Annotated[
        bool, about("All four masks of the decoder, in token order.", says="all must be true or false.")
    ] = False


class Candidate(Resource):
    """A mask the decoder offers."""

    token: Annotated[int, about("0: the single-mask token; 1 to 3: whole, part, sub-part.")]
    rle: Annotated[RLE, about("The mask at full size.")]
    predicted_iou: Annotated[float, about("The decoder's own estimate.")]
    stability_score: Annotated[float, about("area(logit > 1) / area(logit > -1).")]
    area: Annotated[int, about("Pixels in the mask.")]
    bbox: Bbox
    mask_id: Annotated[str, about("For mask_from of a later prompt.")]


class Prediction(Resource):
    """The answer to a prompt."""

    candidates: Annotated[list[Candidate], about("In the order they are offered.")]
    best: Annotated[int, about("Index into candidates of the one to take when nobody chooses.")]
    prediction: Annotated[str, about("Id of this prediction.")]
    segmenter: Annotated[str, about("Id of the segmenter that made the masks.")]
    weights: Annotated[str, about("SHA-256 of its weights.")]
    window: Annotated[WindowKey | None, about("The window that they were decoded in; null: the whole image.")]
    timing_ms: Annotated[dict[str, float], about("wait, decode, masks, total: milliseconds.")]


class PredictRequest(Request, kw_only=True):
    """What to segment, over the socket: answered with logits."""

    noun = "The event"

    image: Annotated[str, about("Id of the image.", says="image must be the id of an image.", absent=True)]
    segmenter: Annotated[
        str | None, about("Id of a segmenter; the configured one when left out.", says=NO_SEGMENTER)
    ] = None
    window: Annotated[
        WindowKey | None, about("The window of the image to decode in; left out: the whole image.")
    ] = None
    points: Points = None
    box: Corners = None
    mask_input: Annotated[Any, about("Bytes of the logits to refine, as they were sent, or null.")] = None
    seq: Annotated[
        Annotated[int, about(ge=-_MOST_SEQ, le=_MOST_SEQ)] | None,
        about("A number that the answer repeats.", says="seq must be a whole number below 2^53."),
    ] = None


class PredictLogits(Resource):
    """All four masks as logits. Its lists have an entry for each."""

    seq: Annotated[int | None, about("That of the request.")]
    predicted_iou: Annotated[list[float], about("The decoder's own estimates.")]
    stability_score: Annotated[list[float], about("area(logit > 1) / area(logit > -1), of the exact logits.")]
    area_fraction: Annotated[list[float], about("The share of the picture, of the exact logits.")]
    agreement: Annotated[
        list[float],
        about("The IoU with the mask sent, else of the mask's bounding box with the box."),
    ]
    shape: Annotated[list[int], about("[4, height, width] of the logits.")]
    logits: Annotated[bytes, about("Packed and deflated.")]
    segmenter: Annotated[str, about("Id of the segmenter that made the masks.")]
    weights: Annotated[str, about("SHA-256 of its weights.")]
    timing_ms: Annotated[dict[str, float], about("wait, decode, pack, total: milliseconds.")]
