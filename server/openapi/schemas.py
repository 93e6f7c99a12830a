"""The JSON objects of the API as JSON Schema."""

from ..features.segmenters.pulls import STATES, STEPS
from ..features.upkeep.room import WHAT
from .annotation_schemas import ANNOTATION_SCHEMAS
from .events import EVENT_SCHEMAS
from .exports import EXPORT_SCHEMAS
from .image_schemas import IMAGE_SCHEMAS
from .project_schemas import PROJECT_SCHEMAS
from .schema import (
    LARGEST_INTEGER,
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
from .transfers import TRANSFER_SCHEMAS
from .trash import TRASH_SCHEMAS

_WHAT = "; ".join(f"{what}: {meaning}" for what, meaning in WHAT.items()) + "."
SCHEMAS: dict[str, Schema] = {
    "Error": an_object(
        "Every failure.",
        {
            "ok": {"const": False, "type": "boolean", "description": "Always false."},
            "error": an_object(
                "What went wrong. A version conflict also carries `current`.",
                {
                    "code": string("A word for programs."),
                    "message": string("A sentence for people."),
                    "hint": string("What to do about it."),
                },
            ),
        },
    ),
    "Ignored": {
        "description": "Any JSON whose whole numbers fit into 64 bits.",
        "anyOf": [
            {"type": ["string", "boolean", "null"]},
            {"type": "number", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER},
            {"type": "array", "items": ref("Ignored")},
            {"type": "object", "additionalProperties": ref("Ignored")},
        ],
    },
    **IMAGE_SCHEMAS,
    **ANNOTATION_SCHEMAS,
    **EVENT_SCHEMAS,
    "Network": an_object(
        "A network that browsers run.",
        {"url": string("Where it is."), "bytes": integer("Its size, uncompressed.")},
    ),
    "Quality": an_object(
        "How well a segmenter segments the objects of a dataset: mean IoU.",
        {
            "dataset": string("Its name."),
            "objects": number("How many objects it has."),
            "one_click": number("The first choice after one click in the middle."),
            "best_of_three": number("The best of the three candidates after it."),
            "box": number("After the object's box."),
        },
    ),
    "Segmenter": an_object(
        "An installed segmenter: an encoder and the decoder made for it.",
        {
            "id": string("Its id."),
            "title": string("Its name, for people."),
            "weights": string("SHA-256 of both networks' weights."),
            "licence": string("SPDX."),
            "resize": string(
                "How the encoder sees a picture: its longest side scaled to 1024, or squeezed into a square.",
                enum=["longest_side", "square"],
            ),
            "prepare": about("Network", "Run once for an image."),
            "decoder": about("Network", "Run for every click."),
            "encoder_bytes": integer("Size of the encoder, which stays on the server."),
            "encoder_seconds": or_null(number("Median of its recent encodings on this machine.")),
            "quality": about_or_null("Quality", "As measured by `samphire eval`."),
            "default": {"type": "boolean", "description": "Whether it is the configured one."},
        },
    ),
    "SegmenterList": an_object(
        "What there is to choose from.", {"segmenters": list_of(ref("Segmenter"), "All that are installed.")}
    ),
    "Pull": an_object(
        "A segmenter of the catalogue that is not installed.",
        {
            "id": string("Its id."),
            "title": string("Its name, for people."),
            "licence": string("SPDX."),
            "download_bytes": integer("What has to be downloaded."),
            "quality": about_or_null("Quality", "As measured by `samphire eval`."),
            "needs": or_null(string("The command that installs Python packages which are missing.")),
            "state": string("failed: see `error`; starting it again goes on.", enum=list(STATES)),
            "step": or_null(string("What is being done, while it is running.", enum=list(STEPS))),
            "bytes": integer("How much has arrived."),
            "error": {
                "type": ["object", "null"],
                "description": "Why it failed: code, message, hint. Told to who may start it again.",
            },
        },
    ),
    "PullList": an_object(
        "What can be installed.",
        {
            "pulls": list_of(ref("Pull"), "Those of the best quality first."),
            "allowed": {"type": "boolean", "description": "Whether this client may start and stop them."},
            "command": string("What does the same on the server's machine, followed by an id."),
        },
    ),
    "NewPull": an_open_object(
        "Which segmenter.", {"segmenter": string("Id of a segmenter of the catalogue.")}
    ),
    **PROJECT_SCHEMAS,
    **TRANSFER_SCHEMAS,
    **EXPORT_SCHEMAS,
    **TRASH_SCHEMAS,
    "Storage": an_object(
        "The disk of the data folder.",
        {
            "free_bytes": integer("What is free there."),
            "total_bytes": integer("How large it is."),
            "can_go": list_of(ref("CanGo"), "What `samphire doctor --free` lets go."),
        },
    ),
    "CanGo": an_object(
        "Something that can go.",
        {
            "what": {"type": "string", "enum": list(WHAT), "description": _WHAT},
            "bytes": integer("Room it takes."),
        },
    ),
    "Status": an_object(
        "What the server is.",
        {
            "ok": {"type": "boolean", "description": "Always true."},
            "version": string("Of Samphire."),
            "segmenter": string("Id of the configured segmenter."),
            "segmenters": list_of(ref("Segmenter"), "All that are installed."),
            "outdated_embeddings": integer(
                "How many embeddings older weights of an installed segmenter made. They are renewed in the "
                "background."
            ),
            "limits": {"type": "object", "description": "max_upload_bytes, max_pixels, max_side."},
            "storage": ref("Storage"),
        },
    ),
}
