"""Who did what when, as the API tells of it."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about
from ...contract.answers import Moment, Undo, Utc
from ...storage.rows.listing.order import State
from ..annotations.schema import Annotation, Version

What = Literal[
    "created",
    "imported",
    "changed",
    "restored",
    "deleted",
    "objects_imported",
    "consensus",
    "segmented",
    "unsegmented",
    "state",
    "accepted",
    "returned",
    "reopened",
    "changed_after_review",
    "rendering",
    "assigned",
    "commented",
    "comment_deleted",
    "images_added",
    "images_removed",
    "images_restored",
    "images_deleted",
    "labels",
    "link_made",
    "link_revoked",
    "project",
    "project_deleted",
    "project_restored",
]


class HistoryChange(Resource, kw_only=True):
    """What is different."""

    what: Annotated[
        Literal["mask", "label", "order", "attribute", "added", "renamed", "merged", "removed"],
        about("Of an object; the last four: of the project's labels."),
    ]
    name: Annotated[str | UnsetType, about("Of the attribute.")] = UNSET
    before: Annotated[Any, about("What it was: a name, a value, or pixels of a mask. Null: nothing.")] = None
    after: Annotated[Any, about("What it is.")] = None


class HistoryEntry(Resource, kw_only=True):
    """Somebody did something."""

    what: What
    at: Utc
    by: Annotated[
        str | None, about("Id of the account; null: of a server without accounts, or its commands.")
    ]
    seq: Annotated[int | UnsetType, about("Number of the project's event.")] = UNSET
    image: Annotated[str | UnsetType, about("Id of the image.")] = UNSET
    annotation: Annotated[str | UnsetType, about("Id of the object.")] = UNSET
    version: Annotated[int | UnsetType, about("The object's, after this.")] = UNSET
    label: Annotated[str | UnsetType, about("What the object's label is called, or was.")] = UNSET
    restored_from: Annotated[int | UnsetType, about("The version that it is again.")] = UNSET
    kept: Annotated[bool | UnsetType, about("Whether this version can be looked at and restored.")] = UNSET
    changes: Annotated[list[HistoryChange] | UnsetType, about("What is different.")] = UNSET
    count: Annotated[int | UnsetType, about("How many images, or objects.")] = UNSET
    state: Annotated[State | UnsetType, about("The new state.")] = UNSET
    was: Annotated[State | UnsetType, about("The state before.")] = UNSET
    to: Annotated[list[str] | UnsetType, about("Ids of the accounts whose the images are now.")] = UNSET
    fields: Annotated[list[str] | UnsetType, about("Names of the project's fields.")] = UNSET
    layer: Annotated[
        str | UnsetType,
        about(
            "Id of the account to whose work, which other annotators do not see, it was done; left out for them."
        ),
    ] = UNSET


class HistoryPage(Resource):
    """What happened."""

    entries: Annotated[list[HistoryEntry], about("The newest first.")]
    next: Annotated[int | None, about("`before` of the next page; null: this is the last.")]
    people: Annotated[dict[str, str], about("Names of the accounts, by id; also of those that are disabled.")]
    images: Annotated[dict[str, str], about("Names of the images, by id, but for those that were removed.")]


class Restore(Request, kw_only=True):
    """A version of an object that it is to be again."""

    version: Annotated[Version, about("The one to restore.")]
    base: Annotated[
        Version, about("The present one; of a deleted object what annotation_deleted tells.", absent=True)
    ]


class ImageRestore(Request):
    """A moment."""

    at: Annotated[Moment, about("All objects of the image are to be as they were then.")]
    undoes: Annotated[
        Moment | UnsetType,
        about("When what is undone had ended, as its answer says: what was done since stays."),
    ] = UNSET


class ImageRestored(Resource):
    """An image whose objects are as they were."""

    annotations: Annotated[list[Annotation], about("All of them, the oldest first.")]
    changed: Annotated[int, about("How many objects were changed, deleted or restored.")]
    restore: Annotated[Undo | UnsetType, about("How to undo it; left out when nothing was changed.")] = UNSET
