"""The server itself, as the API has it."""

from typing import Annotated, Literal

from ...contract import Resource, about
from ..segmenters.schema import Segmenter

WHAT = {
    "exports": "exported files, which are recreated when needed",
    "imports": "files of failed or stopped imports, which then cannot be resumed",
    "downloads": "unfinished downloads of segmenters",
    "embeddings": "embeddings, which are recreated when needed",
    "deleted": "deleted images, which then cannot be restored",
    "quarantine": "files that are not in the database, which then cannot be recovered",
}
_WHAT = "; ".join(f"{what}: {meaning}" for what, meaning in WHAT.items()) + "."


class CanGo(Resource):
    """Something that can go."""

    what: Annotated[str, about(_WHAT, schema={"enum": list(WHAT)})]
    bytes: Annotated[int, about("Room it takes.")]


class Storage(Resource):
    """The disk of the data folder."""

    free_bytes: Annotated[int, about("What is free there.")]
    total_bytes: Annotated[int, about("How large it is.")]
    can_go: Annotated[list[CanGo], about("What `samphire doctor --free` lets go.")]


class Limits(Resource):
    """How large an upload may be."""

    max_upload_bytes: Annotated[int, about("Of a file.")]
    max_pixels: Annotated[int, about("Of a picture.")]
    max_side: Annotated[int, about("Its width, and its height, in pixels.")]


class Status(Resource):
    """What the server is."""

    ok: Annotated[Literal[True], about("Always true.")]
    version: Annotated[str, about("Of Samphire.")]
    segmenter: Annotated[str, about("Id of the configured segmenter.")]
    segmenters: Annotated[list[Segmenter], about("All that are installed.")]
    outdated_embeddings: Annotated[
        int | None,
        about(
            "How many embeddings older weights of an installed segmenter made. They are renewed in the background. "
            "null: it is not for you to know."
        ),
    ]
    limits: Annotated[Limits, about("What it takes.")]
    storage: Annotated[Storage | None, about("What room there is. null: it is not for you to know.")]
