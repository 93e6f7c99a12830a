"""Prompts, masks and annotations as JSON Schema."""

from ..domain.prompts import MAX_POINTS
from ..features.annotations.fields import (
    ATTRIBUTE_CHARACTERS,
    ATTRIBUTES,
    GREATEST_Z,
    LABEL_CHARACTERS,
    LARGEST_COORDINATE,
    LARGEST_NUMBER,
    LARGEST_SCORE,
    PROMPT_STEPS,
    TOKENS,
)
from ..features.projects.labels import ID_CHARACTERS
from .schema import (
    ID_PATTERN,
    LARGEST_INTEGER,
    Schema,
    about,
    an_object,
    an_open_object,
    integer,
    line,
    line_pattern,
    lines,
    list_of,
    number,
    or_null,
    ref,
    string,
)

_BOX = {"minItems": 4, "maxItems": 4}
_COLOR = "^#[0-9A-Fa-f]{6}$"
_SHA256 = "^[0-9a-f]{64}$"
_SCORE = {"minimum": -LARGEST_SCORE, "maximum": LARGEST_SCORE}
_COORDINATE = {"minimum": -LARGEST_COORDINATE, "maximum": LARGEST_COORDINATE}
_ATTRIBUTE: Schema = {
    "anyOf": [
        lines("Text.", ATTRIBUTE_CHARACTERS),
        number("A number.", minimum=-LARGEST_NUMBER, maximum=LARGEST_NUMBER),
        {"type": "boolean"},
        {"type": "null", "description": "Left out."},
    ]
}
_ANNOTATION: dict[str, Schema] = {
    "id": string(
        "Made by the client (8 to 36 letters, digits, - and _) or by the server.",
        pattern="^[A-Za-z0-9_-]{8,36}$",
    ),
    "project_id": string("The project it was made in."),
    "image_id": string("The image it lies on."),
    "label_id": string("The label that says what it is.", minLength=1, maxLength=ID_CHARACTERS),
    "label": line("The name of its label, 1 to 100 characters.", LABEL_CHARACTERS),
    "color": string("The colour of its label.", pattern=_COLOR),
    "rle": about("RLE", "The mask."),
    "area": integer("Pixels in the mask."),
    "bbox": list_of({"type": "integer"}, "[x, y, width, height] in pixels.", **_BOX),
    "attributes": {
        "type": "object",
        "description": "By name: text, a number, or true or false.",
        "maxProperties": ATTRIBUTES,
        "propertyNames": {"pattern": line_pattern(LABEL_CHARACTERS)},
        "additionalProperties": _ATTRIBUTE,
    },
    "z": integer("Greater lies above.", minimum=-GREATEST_Z, maximum=GREATEST_Z),
    "prompts": list_of(
        ref("PromptStep"),
        "What the person did, in order; the first is no mask.",
        maxItems=PROMPT_STEPS,
        prefixItems=[{"allOf": [ref("PromptStep"), {"properties": {"kind": {"enum": ["point", "box"]}}}]}],
    ),
    "segmenter": or_null(string("Id of the segmenter that made the mask.", pattern=ID_PATTERN)),
    "weights": or_null(string("SHA-256 of its weights.", pattern=_SHA256)),
    "candidate": or_null(
        integer(
            "Decoder token of the candidate that was accepted; 4: the mask before the last prompt was kept.",
            minimum=0,
            maximum=TOKENS - 1,
        )
    ),
    "predicted_iou": or_null(number("The decoder's own estimate.", **_SCORE)),
    "stability_score": or_null(number("area(logit > 1) / area(logit > -1).", **_SCORE)),
    "version": integer("Grows with every change, also over a deletion that is undone.", minimum=1),
    "created_at": string("UTC.", format="date-time"),
    "updated_at": string("UTC.", format="date-time"),
}
_WRITABLE = (
    "label_id",
    "label",
    "rle",
    "attributes",
    "z",
    "prompts",
    "segmenter",
    "weights",
    "candidate",
    "predicted_iou",
    "stability_score",
)

# What may be null, and is then as if it were left out.
_CHANGE = {
    **{name: _ANNOTATION[name] for name in _WRITABLE},
    **{name: or_null(_ANNOTATION[name]) for name in ("attributes", "prompts")},
    "label_id": or_null(
        _ANNOTATION["label_id"]
        | {
            "description": "Of a label of the project. Where it has none, its name counts: null, left out, or gone."
        }
    ),
    "color": _ANNOTATION["color"] | {"description": "Of a label that is new to the project."},
}
_NEW = _CHANGE | {
    "id": or_null(_ANNOTATION["id"]),
    "z": or_null(_ANNOTATION["z"] | {"description": "Greater lies above; null: above all others."}),
    "version": or_null(
        integer(
            "To restore one that was deleted: what the answer 409 annotation_deleted tells.",
            minimum=1,
            maximum=LARGEST_INTEGER,
        )
    ),
}


def _step(kind: str, **properties: Schema) -> Schema:
    named: dict[str, Schema] = {
        "kind": {"type": "string", "const": kind, "description": "Which of the three."}
    }
    return an_open_object(f"A {kind}.", named | properties)


ANNOTATION_SCHEMAS: dict[str, Schema] = {
    "RLE": an_open_object(
        "A mask as COCO run-length encoding: column-major, compressed as pycocotools does.",
        {
            "size": list_of(
                {"type": "integer", "minimum": 1}, "[height, width] of the image.", minItems=2, maxItems=2
            ),
            "counts": string("The runs.", minLength=1),
        },
    ),
    "PromptStep": {
        "description": "One step of what the person did.",
        "anyOf": [
            _step(
                "point",
                x=number("Image pixels.", **_COORDINATE),
                y=number("Image pixels.", **_COORDINATE),
                label=integer("1 include, 0 exclude.", enum=[0, 1]),
            ),
            _step(
                "box",
                box=list_of({"type": "number", **_COORDINATE}, "[x0, y0, x1, y1], image pixels.", **_BOX),
            ),
            _step(
                "mask",
                token=integer(
                    "Decoder token whose logits were fed back; 4: of the mask before.",
                    minimum=0,
                    maximum=TOKENS - 1,
                ),
            ),
        ],
    },
    "Annotation": an_object("An accepted mask.", _ANNOTATION),
    "NewAnnotation": an_open_object(
        "An annotation to create. Other fields are ignored.",
        _NEW,
        ("rle",),
    )
    | {"anyOf": [{"required": ["label_id"]}, {"required": ["label", "color"]}]},
    "AnnotationChange": an_open_object(
        "Fields to change.",
        {"version": integer("The version the change is based on.", minimum=1, maximum=LARGEST_INTEGER)}
        | _CHANGE,
        ("version",),
    )
    | {"anyOf": [{"required": [name]} for name in _WRITABLE]},
    "AnnotationList": an_object(
        "An image's annotations.", {"annotations": list_of(ref("Annotation"), "Oldest first.")}
    ),
    "Prompt": an_open_object(
        "What to segment: at least a point, a box or a mask.",
        {
            "points": or_null(
                list_of(
                    {
                        **list_of({"type": "number"}, "One point.", minItems=3, maxItems=3),
                        "prefixItems": [{"type": "number"}, {"type": "number"}, {"enum": [0, 1]}],
                    },
                    "[[x, y, label], ...]: label 1 include, 0 exclude; image pixels.",
                    maxItems=MAX_POINTS,
                )
            ),
            "box": {
                "anyOf": [list_of({"type": "number"}, "Corners.", **_BOX), {"type": "null"}],
                "description": "[x0, y0, x1, y1], image pixels.",
            },
            "mask_from": or_null(string("mask_id of an earlier candidate to refine, of the same segmenter.")),
            "segmenter": or_null(string("Id of a segmenter; the configured one when left out.")),
            "all": {"type": "boolean", "description": "All four masks of the decoder, in token order."},
        },
        (),
    )
    | {
        "anyOf": [
            {"required": ["points"], "properties": {"points": {"type": "array", "minItems": 1}}},
            {"required": ["box"], "properties": {"box": {"type": "array"}}},
        ]
    },
    "Candidate": an_object(
        "A mask the decoder offers.",
        {
            "token": integer("0: the single-mask token; 1 to 3: whole, part, sub-part."),
            "rle": about("RLE", "The mask at full size."),
            "predicted_iou": number("The decoder's own estimate."),
            "stability_score": number("area(logit > 1) / area(logit > -1)."),
            "area": integer("Pixels in the mask."),
            "bbox": list_of({"type": "integer"}, "[x, y, width, height] in pixels.", **_BOX),
            "mask_id": string("For mask_from of a later prompt."),
        },
    ),
    "Prediction": an_object(
        "The answer to a prompt.",
        {
            "candidates": list_of(ref("Candidate"), "In the order they are offered."),
            "best": integer("Index into candidates of the one to take when nobody chooses."),
            "prediction": string("Id of this prediction."),
            "segmenter": string("Id of the segmenter that made the masks."),
            "weights": string("SHA-256 of its weights."),
            "timing_ms": {"type": "object", "description": "wait, decode, masks, total: milliseconds."},
        },
    ),
}
