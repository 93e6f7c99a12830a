"""Masks, and how people made them, as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from ...contract import Request, about, matching, named
from ...domain.windows import KEY
from ...errors import InvalidRLE

TOKENS = 5  # the decoder's four, and the mask that a prompt refined, kept
LARGEST_COORDINATE = 1_000_000
Bbox = Annotated[list[int], about("[x, y, width, height] in pixels.", min_length=4, max_length=4)]


WindowKey = Annotated[
    str,
    matching(
        "A window of the image: level-column-row.",
        KEY.pattern,
        '"window" must be the key of a window, such as "1-0-2".',
    ),
]


class RLE(Request):
    """A mask as COCO run-length encoding: column-major, compressed as pycocotools does."""

    noun = "The mask"
    says = InvalidRLE.sentence

    size: Annotated[
        list[Annotated[int, Meta(ge=1)]],
        about(
            "[height, width] of the image.",
            says="The mask's size must be [height, width] of the image.",
            min_length=2,
            max_length=2,
        ),
    ]
    counts: Annotated[str, about("The runs.", says=InvalidRLE.sentence, min_length=1)]


class _Step(Request, tag_field="kind"):
    says = "A prompt step is a JSON object."
    noun = "The prompt step"


_Coordinate = Annotated[
    float,
    about(
        "Image pixels.",
        says="A coordinate must be a number of pixels.",
        ge=-LARGEST_COORDINATE,
        le=LARGEST_COORDINATE,
    ),
]


_CROP_SAYS = 'A "crop_box" must be [x, y, width, height] in whole pixels.'
_CropSide = Annotated[int, about("Image pixels.", says=_CROP_SAYS, ge=0, le=LARGEST_COORDINATE)]


class PointStep(_Step, tag="point"):
    """A point."""

    x: _Coordinate
    y: _Coordinate
    label: Annotated[
        Literal[0, 1],
        about("1 include, 0 exclude.", says='A point\'s "label" must be 1 (include) or 0 (exclude).'),
    ]
    crop_box: (
        Annotated[
            list[_CropSide],
            about(
                "[x, y, width, height] of the crop of an automatic mask; left out: the whole image.",
                says=_CROP_SAYS,
                min_length=4,
                max_length=4,
            ),
        ]
        | UnsetType
    ) = UNSET


class BoxStep(_Step, tag="box"):
    """A box."""

    box: Annotated[
        list[_Coordinate],
        about(
            "[x0, y0, x1, y1], image pixels.",
            says='A "box" must be [x0, y0, x1, y1].',
            min_length=4,
            max_length=4,
        ),
    ]


class MaskStep(_Step, tag="mask"):
    """A mask that was fed back."""

    token: Annotated[
        int,
        about(
            "Decoder token whose logits were fed back; 4: of the mask before.",
            says=f'A mask step must name its "token", 0 to {TOKENS - 1}.',
            absent=True,
            ge=0,
            le=TOKENS - 1,
        ),
    ]
    window: Annotated[
        WindowKey | UnsetType,
        about("The window of the image in which that mask was decoded; left out: the whole image."),
    ] = UNSET


PromptStep = Annotated[PointStep | BoxStep | MaskStep, named(None, "kind of prompt step")]
