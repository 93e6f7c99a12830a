"""Annotations as the API has them. A new field is one line, in `Writable`."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from ...contract import Request, Resource, about, line, lines, matching, optional
from ...contract.answers import Utc
from ...domain.outside.json_values import MOST_BITS
from ...errors import BadRequest, InvalidRLE
from ...inference.catalog import SEGMENTER_ID
from ..projects.labels_schema import COLOR, ID_CHARACTERS
from .mask_schema import RLE, TOKENS, Bbox, MaskStep, PromptStep, WindowKey

LABEL_CHARACTERS = 100
ATTRIBUTES = 100
ATTRIBUTE_CHARACTERS = 2000
PROMPT_STEPS = 1000
GREATEST_Z = 1_000_000_000
LARGEST_NUMBER = 2**53 - 1
LARGEST_SCORE = 100
LARGEST_VERSION = 2**MOST_BITS - 1
_COMPONENT = "#/components/schemas/"
_TOKEN_SAYS = f'"candidate" must be a decoder token, 0 to {TOKENS - 2}, or {TOKENS - 1} for the mask before.'
_Number = f"An attribute that is no text and no flag must be a number of at most {LARGEST_NUMBER}."
Attribute = Annotated[
    Annotated[str, lines("Text.", ATTRIBUTE_CHARACTERS, "An attribute")]
    | Annotated[int, Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
    | Annotated[float, Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, description="A number.")]
    | bool,
    about(says=_Number),
]
AttributeName = Annotated[str, line(None, LABEL_CHARACTERS, "The name of an attribute")]
Id = Annotated[
    str,
    matching(
        "Made by the client (8 to 36 letters, digits, - and _) or by the server.",
        "[A-Za-z0-9_-]{8,36}",
        '"id" must be 8 to 36 letters, digits, - or _, for example a UUID.',
    ),
]
LabelId = Annotated[
    str,
    about(
        "The label that says what it is.",
        says='"label_id" must be the id of a label of the project.',
        min_length=1,
        max_length=ID_CHARACTERS,
    ),
]
Version = Annotated[
    int,
    about(
        "Grows with every change, also over a deletion that is undone.",
        says="The version of the annotation is missing or is not a whole number above 0.",
        hint='Send the "version" that the change is based on.',
        absent=True,
        ge=1,
        le=LARGEST_VERSION,
    ),
]


def _score(description: str, name: str) -> Meta:
    says = f'"{name}" must be a score around 0 to 1: a number from -{LARGEST_SCORE} to {LARGEST_SCORE}.'
    return about(description, says=says, ge=-LARGEST_SCORE, le=LARGEST_SCORE)


def _no_mask_first(steps: list[Any], _called: str, error: type[BadRequest]) -> list[Any]:
    if steps and isinstance(steps[0], MaskStep):
        raise error("A mask step cannot come first: it feeds back what the steps before it made.")
    return steps


def _said(attributes: dict[str, Any], _called: str, _error: type[BadRequest]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


Z = Annotated[
    int,
    about(
        "Greater lies above.",
        says=f'"z" must be a whole number between -{GREATEST_Z} and {GREATEST_Z}.',
        ge=-GREATEST_Z,
        le=GREATEST_Z,
    ),
]


class Writable(Struct, kw_only=True):
    """What the API sets of an annotation besides its label and its mask: one line for each field.

    Its default is that of a new annotation of which nothing is said."""

    attributes: Annotated[
        dict[AttributeName, Attribute | None],
        about(
            "By name: text, a number, or true or false.",
            says=f'"attributes" must be an object of at most {ATTRIBUTES} values.',
            check=_said,
            max_length=ATTRIBUTES,
        ),
    ] = {}
    z: Z
    prompts: Annotated[
        list[PromptStep],
        about(
            "What the person did, in order; the first is no mask.",
            says=f'"prompts" must be a list of at most {PROMPT_STEPS} steps.',
            check=_no_mask_first,
            schema={
                "prefixItems": [{"anyOf": [{"$ref": _COMPONENT + each} for each in ("PointStep", "BoxStep")]}]
            },
            max_length=PROMPT_STEPS,
        ),
    ] = []
    segmenter: (
        Annotated[
            str,
            matching(
                "Id of the segmenter that made the mask.",
                SEGMENTER_ID.pattern,
                '"segmenter" must be the id of a segmenter.',
            ),
        ]
        | None
    ) = None
    weights: (
        Annotated[
            str,
            matching(
                "SHA-256 of its weights.",
                "[0-9a-f]{64}",
                '"weights" must be a SHA-256: 64 digits 0-9 and a-f.',
            ),
        ]
        | None
    ) = None
    window: Annotated[
        WindowKey | None,
        about("The window of the image in which its mask was decoded; null: the whole image."),
    ] = None
    candidate: (
        Annotated[
            int,
            about(
                "Decoder token of the candidate that was accepted; 4: the mask before the last prompt was kept.",
                says=_TOKEN_SAYS,
                ge=0,
                le=TOKENS - 1,
            ),
        ]
        | None
    ) = None
    predicted_iou: Annotated[float, _score("The decoder's own estimate.", "predicted_iou")] | None = None
    stability_score: (
        Annotated[float, _score("area(logit > 1) / area(logit > -1).", "stability_score")] | None
    ) = None
    candidates_iou: (
        Annotated[float, _score("IoU of the mask with the best other candidate there was.", "candidates_iou")]
        | None
    ) = None


class Annotation(Writable, Resource, kw_only=True):
    """An accepted mask."""

    id: Id
    project_id: Annotated[str, about("The project it was made in.")]
    image_id: Annotated[str, about("The image it lies on.")]
    label_id: LabelId
    label: Annotated[str, line("The name of its label, 1 to 100 characters.", LABEL_CHARACTERS)]
    color: Annotated[str, matching("The colour of its label.", COLOR, "")]
    rle: Annotated[RLE, about("The mask.")]
    area: Annotated[int, about("Pixels in the mask.")]
    bbox: Bbox
    version: Version
    created_at: Utc
    updated_at: Utc
    created_by: Annotated[
        str | None, about("Id of the account that made it; null: older, or of a server without accounts.")
    ]
    updated_by: Annotated[str | None, about("Id of the account that changed it last.")]


class _Change(optional(Writable), Request, kw_only=True):
    noun = "The annotation"
    says = "An annotation is a JSON object."

    label_id: Annotated[
        LabelId | UnsetType | None,
        about("Of a label of the project. Where it has none, its name counts: null, left out, or gone."),
    ] = UNSET
    label: (
        Annotated[str, line("The name of its label, 1 to 100 characters.", LABEL_CHARACTERS)] | UnsetType
    ) = UNSET
    color: (
        Annotated[
            str,
            matching(
                "Of a label that is new to the project.", COLOR, '"color" must be like "#1f77b4".', lower=True
            ),
        ]
        | UnsetType
    ) = UNSET


class NewAnnotation(_Change, kw_only=True):
    """An annotation to create. Other fields are ignored."""

    also = {"anyOf": [{"required": ["label_id"]}, {"required": ["label", "color"]}]}

    id: Id | None = None
    z: Annotated[Z | None, about("Greater lies above; null: above all others.")] = None
    rle: Annotated[RLE, about("The mask.", error=InvalidRLE)]
    version: Annotated[
        Version | None,
        about("To restore one that was deleted: what the answer 409 annotation_deleted tells."),
    ] = None


class AnnotationChange(_Change, kw_only=True):
    """Fields to change."""

    version: Annotated[Version, about("The version the change is based on.")]
    rle: Annotated[RLE | UnsetType, about("The mask.", error=InvalidRLE)] = UNSET


WRITABLE = tuple(Writable.__struct_fields__)
DETAILS = tuple(
    name for name in WRITABLE if name not in ("attributes", "z")
)  # what formats take beside the mask
CHANGEABLE = ("rle", "label_id", "label", *WRITABLE)
AnnotationChange.also = {"anyOf": [{"required": [name]} for name in CHANGEABLE]}


class AnnotationList(Resource):
    """An image's annotations."""

    annotations: Annotated[list[Annotation], about("Oldest first.")]


class Certainty(Resource):
    """How sure an annotation's mask is."""

    id: Annotated[str, about("Id of the annotation.")]
    version: Version
    certainty: Annotated[
        float | None,
        about(
            "The lowest known of predicted IoU, stability score, and (1 + IoU) / 2 with the next-best candidate and "
            "with the nearest proposal; null: none is known, as of what was drawn by hand."
        ),
    ]


class CertaintyList(Resource):
    """How sure the masks on an image are."""

    objects: Annotated[
        list[Certainty], about("The least certain first; those of which nothing is known last.")
    ]
