"""Proposals as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about
from ...contract.answers import ErrorShape, Utc
from ...errors import BadRequest
from ..annotations.mask_schema import RLE, Bbox
from ..segmenters.schema import NO_SEGMENTER

MOST = 3000  # proposals of an image
_MOST_POINTS, _MOST_LAYERS, _LARGEST_AREA = 64, 2, 1_000_000
_VISITORS_POINTS, _VISITORS_THRESHOLD, _VISITORS_OVERLAP = 32, 0.6, 0.9
_NO_IDS = f"Proposals are named by a list of at most {MOST} ids."

Ids = Annotated[
    list[Annotated[str, about("Id of a proposal.", says=_NO_IDS, max_length=64)]],
    about("Ids of proposals; others are ignored.", says=_NO_IDS, max_length=MOST),
]


def _fraction(description: str, name: str):
    return about(description, says=f'"{name}" must be a number from 0 to 1.', ge=0, le=1)


class ProposalSettings(Request, kw_only=True):
    """Settings of the automatic mask generator, with the reference's names and values."""

    fast: Annotated[bool, about("Look coarsely first, then closely where something was found.")] = True
    points_per_side: Annotated[
        int,
        about(
            "The image is asked at so many points a side.",
            says=f'"points_per_side" must be a whole number from 1 to {_MOST_POINTS}.',
            ge=1,
            le=_MOST_POINTS,
        ),
    ] = 32
    pred_iou_thresh: Annotated[
        float, _fraction("Least IoU that the decoder predicts.", "pred_iou_thresh")
    ] = 0.88
    stability_score_thresh: Annotated[
        float, _fraction("Least stability score.", "stability_score_thresh")
    ] = 0.95
    box_nms_thresh: Annotated[
        float,
        _fraction("Of masks whose boxes have a greater IoU, only the best is kept.", "box_nms_thresh"),
    ] = 0.7
    crop_n_layers: Annotated[
        int,
        about(
            "So many times the image is also cut into smaller crops.",
            says=f'"crop_n_layers" must be 0, 1 or {_MOST_LAYERS}.',
            ge=0,
            le=_MOST_LAYERS,
        ),
    ] = 0
    min_mask_region_area: Annotated[
        int,
        about(
            "Smaller parts and holes are removed; in pixels.",
            says=f'"min_mask_region_area" must be a whole number from 0 to {_LARGEST_AREA}.',
            ge=0,
            le=_LARGEST_AREA,
        ),
    ] = 0


class ProposalRun(ProposalSettings, kw_only=True):
    """A run to start."""

    segmenter: Annotated[
        str | None, about("Id of a segmenter; the project's when left out.", says=NO_SEGMENTER)
    ] = None


def check_for_visitors(asked: ProposalRun) -> None:
    """A run must not cost more than the page's. Raises BadRequest."""
    dear = asked.crop_n_layers > 0 or asked.points_per_side > _VISITORS_POINTS
    loose = asked.pred_iou_thresh < _VISITORS_THRESHOLD or asked.stability_score_thresh < _VISITORS_THRESHOLD
    if dear or loose or asked.box_nms_thresh > _VISITORS_OVERLAP:
        raise BadRequest(
            "Visitors can't have an image segmented this closely.",
            hint=f"At most {_VISITORS_POINTS} points a side and no crops, thresholds of {_VISITORS_THRESHOLD} or more, "
            f"a box NMS of {_VISITORS_OVERLAP} or less.",
        )


class Proposal(Resource):
    """A mask that may become an object. Create the object with the proposal's id: then it is taken."""

    id: Annotated[str, about("Its id, and the object's that is made of it.")]
    rle: Annotated[RLE, about("The mask.")]
    area: Annotated[int, about("Pixels in the mask.")]
    bbox: Bbox
    predicted_iou: Annotated[float, about("The decoder's own estimate.")]
    stability_score: Annotated[float, about("area(logit > 1) / area(logit > -1).")]
    point: Annotated[list[float], about("[x, y] that the decoder was given, image pixels.")]
    crop_box: Annotated[list[int], about("[x, y, width, height] of the crop it was found in.")]


class ProposalList(Resource):
    """An image's proposals that are neither taken nor dropped."""

    proposals: Annotated[list[Proposal], about("The highest predicted IoU first.")]
    segmenter: Annotated[str | None, about("Id of the segmenter that made them; null: nothing was proposed.")]
    weights: Annotated[str | None, about("SHA-256 of its weights.")]
    settings: Annotated[ProposalSettings | None, about("With which they were made.")]
    complete: Annotated[bool, about("Whether the run came to its end.")]
    ahead: Annotated[bool, about("Whether they were made before the image was opened.")]
    created_at: Utc | None
    created_by: Annotated[str | None, about("Id of the account that asked for them.")]
    running: Annotated[bool, about("Whether a run is under way.")]


class ProposalChange(Request, kw_only=True):
    """Proposals to drop, and dropped ones to restore."""

    drop: Ids = []
    restore: Ids = []


class ProposalNews(Resource):
    """A line of a run's answer."""

    state: Annotated[
        Literal["encoding", "running", "complete", "stopped", "failed"],
        about("Of the run: the last three are those of its last line."),
    ]
    progress: Annotated[float, about("0 to 1.")]
    found: Annotated[list[Proposal], about("Found since the line before.")]
    segmenter: Annotated[str, about("Id of the segmenter.")]
    weights: Annotated[str, about("SHA-256 of its weights.")]
    kept: Annotated[
        list[str] | UnsetType,
        about("In the last line: the ids of those that are left when duplicates are removed."),
    ] = UNSET
    error: Annotated[ErrorShape | UnsetType, about("Why it failed.")] = UNSET
