"""Images, alone and in projects, as JSON Schema."""

from ..domain.outside.ids import BULK_LIMIT
from ..features.pictures.files import EXTENSIONS
from ..features.pictures.rendering import MOST_BANDS, MOST_VALUE
from ..storage.rows.project_images import STATES
from .schema import (
    Schema,
    about,
    about_or_null,
    an_object,
    an_open_object,
    integer,
    list_of,
    number,
    or_null,
    ref,
    string,
)

IDS = list_of({"type": "string", "maxLength": 64}, "Ids of images.", minItems=1, maxItems=BULK_LIMIT)
_IMAGE: dict[str, Schema] = {
    "id": string("Its id."),
    "name": string("File name, cleaned."),
    "width": integer("Pixels, after the EXIF rotation."),
    "height": integer("Pixels, after the EXIF rotation."),
    "bytes": integer("Size of the upload."),
    "format": string("Of the upload.", enum=[*EXTENSIONS]),
    "sha256": string("Of the upload."),
    "created_at": string("UTC.", format="date-time"),
    "rendering": about_or_null("Rendering", "How deep samples are shown, where somebody chose it."),
    "version": string("Changes with the rendering; empty for an image as it comes."),
    "file_url": string("The picture as browsers show it."),
    "thumbnail_url": string("At most 256 pixels long."),
    "annotation_count": integer("How many annotations it has."),
    "embedding": about("Embedding", "Of the segmenter in use."),
}
_EXISTING: Schema = {"type": "boolean", "description": "After an upload: the same bytes were here already."}
_IN_PROJECT: dict[str, Schema] = _IMAGE | {
    "project_id": string("The project it is in."),
    "name": string("Its name in the project, with the folders it came in."),
    "state": string("How far work on it is.", enum=list(STATES)),
    "added_at": string("UTC.", format="date-time"),
    "updated_at": string("When its state was last changed, UTC.", format="date-time"),
}
COUNTS = an_object(
    "How many images are in each state.", {state: integer(f"Images that are {state}.") for state in STATES}
)


_VALUE = {"type": "number", "minimum": -MOST_VALUE, "maximum": MOST_VALUE}
_BAND = {"type": "integer", "minimum": 1, "maximum": MOST_BANDS}
_CHANGES: dict[str, Schema] = {
    "state": string("Its new state.", enum=list(STATES)),
    "rendering": about_or_null(
        "Rendering",
        "How to show it in every project that has it; null as it comes. Its embeddings are recreated.",
    ),
}


def only(**properties: Schema) -> Schema:
    return an_object("These fields, and no others.", properties) | {"additionalProperties": False}


def yes(description: str) -> Schema:
    return {"type": "boolean", "const": True, "description": description}


IMAGE_SCHEMAS: dict[str, Schema] = {
    "Embedding": an_object(
        "What the encoder made of an image, or where that stands.",
        {
            "segmenter": string("Id of the segmenter."),
            "weights": string("SHA-256 of its weights."),
            "state": string("How far it is.", enum=["none", "queued", "running", "ready", "failed"]),
            "position": or_null(integer("Place in the queue, 1 is next.")),
            "seconds_left": or_null(number("Estimate from recent encodings.")),
            "bytes": or_null(integer("Size as stored, compressed.")),
            "url": string("Where its bytes are."),
            "error": {"anyOf": [{"type": "object"}, {"type": "null"}], "description": "Why it failed."},
        },
    ),
    "Image": an_object("An uploaded picture.", _IMAGE | {"existing": _EXISTING}, tuple(_IMAGE)),
    "ImagePage": an_object(
        "Some images, the newest first.",
        {"images": list_of(ref("Image"), "The images."), "total": integer("How many there are in all.")},
    ),
    "ProjectImage": an_object(
        "A picture in a project; the same one may be in others, with other annotations.",
        _IN_PROJECT | {"existing": _EXISTING},
        tuple(_IN_PROJECT),
    ),
    "ProjectImagePage": an_object(
        "Some images of a project.",
        {
            "images": list_of(ref("ProjectImage"), "In the order asked for."),
            "next": or_null(string("The cursor of the following page; null on the last one.")),
            "counts": COUNTS,
        },
    ),
    "ProjectImageChange": {
        "description": "What to change: one or both.",
        "anyOf": [an_open_object("A change.", _CHANGES, (needed,)) for needed in _CHANGES],
    },
    "Rendering": an_object(
        "Which of the bands and values of a 16-bit, floating or many-band image are shown.",
        {
            "range": {
                "description": "What becomes black and white: found by what the image holds, the whole range of its "
                "samples, or two values.",
                "anyOf": [
                    {"type": "string", "enum": ["auto", "full"]},
                    {"type": "array", "items": _VALUE, "minItems": 2, "maxItems": 2},
                ],
            },
            "bands": {
                "description": "One for grey, three for red, green and blue, counted from 1; null for the usual.",
                "anyOf": [
                    {"type": "array", "items": _BAND, "minItems": 1, "maxItems": 1},
                    {"type": "array", "items": _BAND, "minItems": 3, "maxItems": 3},
                    {"type": "null"},
                ],
            },
        },
        (),
    )
    | {"additionalProperties": False},
    "BulkChange": {
        "description": 'Images, and one of "state", "remove" and "restore"; or "states" alone.',
        "anyOf": [
            only(ids=IDS, state=string("Their new state.", enum=list(STATES))),
            only(ids=IDS, remove=yes("Take them out of the project; you can restore them for 30 days.")),
            only(ids=IDS, restore=yes("Restore removed ones, with their annotations.")),
            only(
                states=an_object(
                    "Ids of images under the state they get: what undoing a change of states sends.",
                    dict.fromkeys(STATES, IDS),
                    (),
                )
                | {"minProperties": 1, "additionalProperties": False}
            ),
        ],
    },
    "BulkAnswer": an_object(
        "What was done.",
        {
            "changed": integer("How many images it concerned."),
            "restore": about("Undo", "How to undo it; left out when nothing can be."),
            "until": string("Of removed ones: until when that can be done, UTC.", format="date-time"),
        },
        ("changed",),
    ),
    "Queue": an_object(
        "Where an image stands in a listing.",
        {
            "previous": or_null(string("Id of the image before it.")),
            "next": list_of({"type": "string"}, "Ids of those after it, which are encoded ahead."),
            "position": integer(
                "How many images of the listing stand before it or are it; 0 without an image."
            ),
            "total": integer("How many images are listed."),
            "images": list_of(
                ref("ProjectImage"),
                "If asked for: those before it, itself even if not listed, those after it.",
            ),
        },
        ("previous", "next", "position", "total"),
    ),
}
