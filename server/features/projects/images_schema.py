"""The images of a project, its trash and the order they are worked through, as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from ...contract import Request, Resource, about, named
from ...contract.answers import Moment, Undo, Utc
from ...domain.outside.ids import BULK_LIMIT, NO_IDS
from ...storage.rows.listing.order import Settable, State
from ..images.schema import Image, Rendering
from .schema import StateCounts

ONE_OF = 'Send "ids" and one of "state", "remove": true, "restore": true or "gold".'
NO_CHOICE = 'Send either "ids" or "all": true.'
Id = Annotated[str, Meta(max_length=64)]
Ids = Annotated[list[Id], about("Ids of images.", says=NO_IDS, min_length=1, max_length=BULK_LIMIT)]
_Restorable = Literal[Settable, "returned"]
Known = Annotated[State, named("How far work on it is.", "state")]


class Assigned(Resource):
    """Whose an image is to work on."""

    account: Annotated[str, about("Id of the account.")]
    until: Annotated[
        Moment | None, about("Until when, for one out of the common queue, UTC; null: for good.")
    ]
    state: Annotated[
        State | UnsetType,
        about("How far they are, where annotators do not see each other's work; to others than them."),
    ] = UNSET


class ProjectImage(Image, kw_only=True):
    """A picture in a project; the same one may be in others, with other annotations."""

    name: Annotated[str, about("Its name in the project, with the folders it came in.")]
    project_id: Annotated[str, about("The project it is in.")]
    state: Known
    added_at: Utc
    updated_at: Annotated[Moment, about("When its state was last changed, UTC.")]
    assigned: Annotated[list[Assigned], about("Whose it is to work on.")]
    submitted_by: Annotated[str | None, about("Id of the account that last said it is done.")]
    reviewed_by: Annotated[str | None, about("Id of the account that last accepted or returned it.")]
    reviewed_at: Annotated[Moment | None, about("When that was, UTC.")]
    review_note: Annotated[str | None, about("What the reviewer said.")]
    open_threads: Annotated[int, about("Threads of comments on it that are not resolved.")]
    changed_since_review: Annotated[bool, about("Whether objects were changed since it was accepted.")]
    gold: Annotated[
        bool,
        about("Whether annotators, who are not told, are compared with its common objects; to managers."),
    ]


class ProjectImagePage(Resource):
    """Some images of a project."""

    images: Annotated[list[ProjectImage], about("In the order asked for.")]
    next: Annotated[str | None, about("The cursor of the following page; null on the last one.")]
    counts: Annotated[StateCounts, about("How many images are in each state.")]


class ProjectImageChange(Request, kw_only=True):
    """What to change: one or both."""

    also = {"anyOf": [{"required": ["state"]}, {"required": ["rendering"]}]}

    state: Annotated[Settable, named("Its new state.", "state")] | UnsetType = UNSET
    rendering: Annotated[
        Rendering | UnsetType | None,
        about(
            "How to show it in every project that has it; null as it comes. Its embeddings are recreated.",
            says='"rendering" must be null, or an object of "range" and "bands".',
        ),
    ] = UNSET


class BulkChange(Request, forbid_unknown_fields=True, kw_only=True):
    """Images, and one of "state", "remove", "restore" and "gold"; or "states" alone."""

    also = {
        "oneOf": [
            {"required": ["ids", "state"], "maxProperties": 2},
            {"required": ["ids", "remove"], "maxProperties": 2},
            {"required": ["ids", "restore"], "maxProperties": 2},
            {"required": ["ids", "gold"], "maxProperties": 2},
            {"required": ["states"], "maxProperties": 1},
        ]
    }

    ids: Ids | UnsetType = UNSET
    state: Annotated[Settable, named("Their new state.", "state")] | UnsetType = UNSET
    remove: Annotated[
        Literal[True] | UnsetType,
        about("Take them out of the project; you can restore them for 30 days.", says=ONE_OF),
    ] = UNSET
    restore: Annotated[
        Literal[True] | UnsetType, about("Restore removed ones, with their annotations.", says=ONE_OF)
    ] = UNSET
    gold: Annotated[
        bool | UnsetType,
        about("Whether annotators, who are not told, are compared with their common objects.", says=ONE_OF),
    ] = UNSET
    states: (
        Annotated[
            dict[Annotated[_Restorable, named(None, "state")], Ids],
            about(
                "Ids of images under the state they get: what undoing a change of states sends.",
                says='Send "states" alone: ids of images under the state they get.',
                min_length=1,
            ),
        ]
        | UnsetType
    ) = UNSET


class BulkAnswer(Resource):
    """What was done."""

    changed: Annotated[int, about("How many images it concerned.")]
    restore: Annotated[Undo | UnsetType, about("How to undo it; left out when nothing can be.")] = UNSET
    until: Annotated[Moment | UnsetType, about("Of removed ones: until when that can be done, UTC.")] = UNSET


class Queue(Resource):
    """Where an image stands in a listing."""

    previous: Annotated[str | None, about("Id of the image before it.")]
    next: Annotated[list[str], about("Ids of those after it, which are encoded ahead.")]
    position: Annotated[
        int, about("How many images of the listing stand before it or are it; 0 without an image.")
    ]
    total: Annotated[int, about("How many images are listed.")]
    images: Annotated[
        list[ProjectImage] | UnsetType,
        about("If asked for: those before it, itself even if not listed, those after it."),
    ] = UNSET


class RemovedImage(Resource):
    """An image that was removed from a project."""

    id: Annotated[str, about("Its id.")]
    name: Annotated[str, about("Its name in the project.")]
    state: Annotated[State, about("How far work on it was.")]
    width: Annotated[int, about("Pixels, after the EXIF rotation.")]
    height: Annotated[int, about("Pixels, after the EXIF rotation.")]
    bytes: Annotated[int, about("Size of the upload.")]
    annotation_count: Annotated[int, about("How many annotations it has.")]
    thumbnail_url: Annotated[str, about("At most 256 pixels long.")]
    removed_at: Utc
    until: Annotated[Moment, about("Until when it can be restored, UTC.")]


class TrashPage(Resource):
    """Some removed images."""

    images: Annotated[list[RemovedImage], about("The one removed last comes first.")]
    next: Annotated[str | None, about("What `after` is for the following page; null on the last one.")]
    total: Annotated[int, about("How many there are in all.")]


class TrashChoice(Request, forbid_unknown_fields=True, kw_only=True):
    """Some removed images, or all."""

    also = {"oneOf": [{"required": ["ids"]}, {"required": ["all"]}]}

    ids: Ids | UnsetType = UNSET
    all: Annotated[Literal[True] | UnsetType, about("All of them.", says=NO_CHOICE)] = UNSET


class NewSelection(Request, forbid_unknown_fields=True):
    """Images to export."""

    ids: Ids
