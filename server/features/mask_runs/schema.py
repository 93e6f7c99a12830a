"""Masks made by a job on many images, as the API has it."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line, matching
from ...contract.answers import ErrorShape, Moment, Undo
from ...inference.catalog import SEGMENTER_ID
from ..annotations.schema import LABEL_CHARACTERS
from ..proposals.schema import ProposalSettings

RunKind = Literal["boxes", "automatic"]
RunState = Literal["queued", "running", "paused", "failed", "done", "undoing"]
Doubt = Literal["empty", "unstable", "outside", "full"]
_Segmenter = Annotated[
    str | UnsetType,
    matching(
        "Id of the segmenter; the project's when left out.",
        SEGMENTER_ID.pattern,
        '"segmenter" must be the id of a segmenter.',
    ),
]


class NewBoxRun(Request, forbid_unknown_fields=True):
    """Masks to make of all objects that are nothing but a box."""

    segmenter: _Segmenter = UNSET


class NewAutomaticRun(ProposalSettings, forbid_unknown_fields=True, kw_only=True):
    """Masks to make of everything there is on the images of a project that are not finished."""

    segmenter: _Segmenter = UNSET
    label: Annotated[
        str | None,
        line(
            "Name of the label of the objects that are made, on images without any; null: proposals are made, which "
            "nobody needs to take, on images without any.",
            LABEL_CHARACTERS,
        ),
    ] = None


class MaskRun(Resource):
    """Masks that a job makes, or made."""

    id: Annotated[str, about("Its id.")]
    kind: Annotated[RunKind, about("Of boxes, or of everything on the images.")]
    state: Annotated[RunState, about("A paused or failed one can be resumed.")]
    segmenter: Annotated[str, about("Id of the segmenter.")]
    label: Annotated[
        str | None, about("Id of the label of automatic objects; null: of none, or they are proposals.")
    ]
    account: Annotated[str | None, about("Id of the account that started it.")]
    at: Annotated[Moment, about("When it was started, UTC.")]
    done: Annotated[int, about("How many images are done.")]
    total: Annotated[int, about("Of how many.")]
    objects: Annotated[int, about("How many objects or proposals were made, or boxes turned into masks.")]
    unsure: Annotated[int, about("How many of them a person should look at, and nobody has yet.")]
    failed: Annotated[int, about("How many images could not be segmented.")]
    images_per_minute: Annotated[float | None, about("While it runs.")]
    seconds_left: Annotated[float | None, about("While it runs.")]
    error: Annotated[ErrorShape | None, about("Why it failed.")]
    restore: Annotated[Undo, about("How to undo it; objects that were changed since stay.")]


class MaskRunStanding(Resource):
    """What jobs can make masks of in a project, and how far the latest is."""

    boxes: Annotated[int, about("Objects that are nothing but a box; 0 while a job runs.")]
    boxed_images: Annotated[int, about("Images with such objects.")]
    run: Annotated[MaskRun | None, about("The latest; null: there was none, or it was undone.")]


class UnsureMask(Resource):
    """An object whose new mask a person should look at."""

    image_id: Annotated[str, about("Its image.")]
    image: Annotated[str, about("The name of its image.")]
    id: Annotated[str, about("Id of the annotation.")]
    label: Annotated[str, about("The name of its label.")]
    doubts: Annotated[
        list[Doubt],
        about(
            "`empty`: no mask was found, it is still a box; `unstable`: a slightly different threshold gives another "
            "mask; `outside`: part of the mask lies outside the box; `full`: it fills the box."
        ),
    ]
    predicted_iou: Annotated[float | None, about("The decoder's own estimate.")]
    stability_score: Annotated[float | None, about("area(logit > 1) / area(logit > -1).")]


class FailedImage(Resource):
    """An image that could not be segmented."""

    image: Annotated[str, about("Its name.")]
    problem: Annotated[str, about("Why.")]


class MaskRunReport(Resource):
    """What a person should look at after a job."""

    unsure: Annotated[list[UnsureMask], about("By the names of their images, at most 500.")]
    failed: Annotated[list[FailedImage], about("At most 100.")]
