"""Projects and their labels as JSON Schema."""

from server.web.openapi.image_schemas import COUNTS
from server.web.openapi.schema import Schema, about, an_object, integer, list_of, or_null, ref, string

_SETTINGS = an_object(
    "What the project works with. In changes, only what is named is changed.",
    {
        "segmenter": or_null(string("Id of a segmenter; null: the configured one.")),
        "key_preset": string("Which keys do what.", enum=["samphire", "cvat", "labelme"]),
    },
    (),
)
_WRITABLE: dict[str, Schema] = {
    "name": string("1 to 200 characters."),
    "description": string("A few lines."),
    "guidelines": string("How to annotate, Markdown."),
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
    "id": string("Its id; left out of a new one."),
    "name": string("1 to 100 characters, the only one of this name."),
    "color": string("Its colour.", pattern="^#[0-9a-f]{6}$"),
    "key": or_null(string("1 to 9 or a letter, the only one with it.")),
    "description": string("What it means."),
    "attributes": list_of(ref("LabelAttribute"), "What is asked of its objects."),
}
_REPLACES = list_of({"type": "string"}, "Ids of labels whose annotations get this one.")

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
    "NewProject": an_object("A project to create.", _WRITABLE, ("name",)),
    "ProjectChange": an_object("Fields to change.", _WRITABLE, ()),
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
        "How what was deleted can be had back.",
        {
            "restore": about("Undo", "The request to send."),
            "until": string("Until when that can be done, UTC.", format="date-time"),
        },
    ),
    "LabelAttribute": an_object(
        "Something to say of an object besides its label.",
        {
            "name": string("1 to 100 characters."),
            "type": string("What is said.", enum=["text", "number", "choice", "flag"]),
            "required": {"type": "boolean", "description": "Whether it must be said."},
            "choices": list_of({"type": "string"}, 'What to choose from, for type "choice" only.'),
        },
        ("name", "type"),
    ),
    "Label": an_object("What an object can be.", _LABEL),
    "LabelList": an_object(
        "The labels of a project, in their order.",
        {
            "labels": list_of(ref("Label"), "All of them."),
            "version": integer("One more with every change of the list."),
        },
    ),
    "NewLabelList": an_object(
        "The labels a project is to have, and no others.",
        {
            "labels": list_of(
                an_object("A label.", _LABEL | {"replaces": _REPLACES}, ("name", "color")), "All of them."
            ),
            "version": integer("The version of the list this was made from."),
        },
    ),
}
