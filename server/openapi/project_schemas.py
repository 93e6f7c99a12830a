"""Projects and their labels as JSON Schema."""

from ..features.projects.fields import DESCRIPTION_CHARACTERS as PROJECT_DESCRIPTION_CHARACTERS
from ..features.projects.fields import GUIDELINES_CHARACTERS, KEY_PRESETS
from ..features.projects.fields import NAME_CHARACTERS as PROJECT_NAME_CHARACTERS
from ..features.projects.labels import (
    ATTRIBUTE_TYPES,
    ATTRIBUTES,
    CHOICES,
    DESCRIPTION_CHARACTERS,
    GROUP_CHARACTERS,
    ID_CHARACTERS,
    LABELS,
    NAME_CHARACTERS,
)
from .image_schemas import COUNTS
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
    or_null,
    ref,
    string,
)

_SETTINGS = an_object(
    "What the project works with. In changes, only what is named is changed.",
    {
        "segmenter": or_null(string("Id of a segmenter; null: the configured one.", pattern=ID_PATTERN)),
        "key_preset": string("Which keys do what.", enum=list(KEY_PRESETS)),
        "require_attributes": {
            "type": "boolean",
            "description": "Whether an image whose objects lack a required attribute cannot be marked as done.",
        },
    },
    (),
) | {"additionalProperties": False}
_WRITABLE: dict[str, Schema] = {
    "name": line("1 to 200 characters.", PROJECT_NAME_CHARACTERS),
    "description": lines("A few lines.", PROJECT_DESCRIPTION_CHARACTERS),
    "guidelines": lines("How to annotate, Markdown.", GUIDELINES_CHARACTERS),
    "settings": _SETTINGS,
}
_SUMMARY: dict[str, Schema] = {
    "id": string("Its id."),
    "name": _WRITABLE["name"],
    "description": _WRITABLE["description"],
    "settings": _SETTINGS,
    "created_at": string("UTC.", format="date-time"),
    "archived_at": or_null(string("UTC.", format="date-time")),
    "deleted_at": or_null(string("UTC.", format="date-time")),
    "counts": COUNTS,
    "image_count": integer("How many images it has."),
    "annotation_count": integer("How many annotations it has."),
    "covers": list_of({"type": "string"}, "Addresses of thumbnails of its first images."),
}
_LABEL: dict[str, Schema] = {
    "id": string("Its id.", maxLength=ID_CHARACTERS),
    "name": line("1 to 100 characters, the only one of this name.", NAME_CHARACTERS),
    "color": string("Its colour.", pattern="^#[0-9A-Fa-f]{6}$"),
    "key": or_null(string("1 to 9 or a letter, the only one with it.", pattern="^[1-9A-Za-z]$")),
    "description": lines("What the label stands for.", DESCRIPTION_CHARACTERS),
    "group": string(
        'What it is listed under, the supercategory of COCO; "" for none. Left out, it stays as it was.',
        pattern=f"^$|{line_pattern(GROUP_CHARACTERS)}",
    ),
    "attributes": list_of(
        ref("LabelAttribute"), "What is asked of its objects, each under another name.", maxItems=ATTRIBUTES
    ),
}
_NEW_LABEL = _LABEL | {
    "id": or_null(_LABEL["id"] | {"description": "Its id; null, or left out, for a new one."}),
    "replaces": list_of(
        {"type": "string", "maxLength": ID_CHARACTERS},
        "Ids of labels whose annotations get this one.",
        maxItems=LABELS,
    ),
}
_ATTRIBUTE: dict[str, Schema] = {
    "name": line("1 to 100 characters.", NAME_CHARACTERS),
    "type": string("What is said.", enum=list(ATTRIBUTE_TYPES)),
    "required": {"type": "boolean", "description": "Whether it must be said."},
    "choices": list_of(
        line("One of them.", NAME_CHARACTERS),
        'What to choose from, for type "choice" only.',
        maxItems=CHOICES,
    ),
}

PROJECT_SCHEMAS: dict[str, Schema] = {
    "ProjectSummary": an_object("What people work on.", _SUMMARY),
    "Project": an_object(
        "A project with its guidelines.",
        _SUMMARY
        | {
            "guidelines": _WRITABLE["guidelines"],
            "guidelines_html": string("The same as HTML that holds no scripts, styles or pictures."),
        },
    ),
    "ProjectList": an_object(
        "Projects.", {"projects": list_of(ref("ProjectSummary"), "The default one, then the newest first.")}
    ),
    "NewProject": an_open_object("A project to create.", _WRITABLE, ("name",)),
    "ProjectChange": an_open_object("Fields to change.", _WRITABLE, ())
    | {"anyOf": [{"required": [name]} for name in _WRITABLE]},
    "Undo": an_object(
        "A request that undoes what was done.",
        {
            "method": string("Of the request."),
            "url": string("Its address."),
            "body": {"type": "object", "description": "Its JSON, where it has one."},
        },
        ("method", "url"),
    ),
    "Undoable": an_object(
        "How to restore what was deleted.",
        {
            "restore": about("Undo", "The request to send."),
            "until": string("Until when that can be done, UTC.", format="date-time"),
        },
    ),
    "LabelAttribute": an_open_object(
        "Something to say of an object besides its label.", _ATTRIBUTE, ("name", "type")
    )
    | {
        "if": {"properties": {"type": {"const": "choice"}}},
        "then": {"required": ["choices"], "properties": {"choices": {"minItems": 1}}},
    },
    "Label": an_object("What an object can be.", _LABEL),
    "LabelList": an_object(
        "The labels of a project, in their order.",
        {
            "labels": list_of(ref("Label"), "All of them."),
            "version": integer("One more with every change of the list."),
        },
    ),
    "NewLabelList": an_open_object(
        "The labels a project is to have, and no others.",
        {
            "labels": list_of(
                an_open_object("A label.", _NEW_LABEL, ("name", "color")), "All of them.", maxItems=LABELS
            ),
            "version": integer(
                "The version of the list this was made from.",
                minimum=-LARGEST_INTEGER,
                maximum=LARGEST_INTEGER,
            ),
        },
    ),
}
