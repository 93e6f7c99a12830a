"""What happens in projects, as the API tells of it: on the socket when it happens, and by HTTP to who missed it."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Resource, about
from ...contract.answers import Utc
from ...domain.events import Kind
from ...domain.visits import LinkKind
from ...storage.rows.listing.order import State
from ..annotations.schema import Annotation
from ..images.schema import Rendering

_IMAGES = about("Ids of images.")


class _Happened(Resource, kw_only=True):
    event: Annotated[Kind, about("What happened.")]
    project: Annotated[str, about("Id of the project.")]
    seq: Annotated[int, about("Counts in the project, without gaps.", ge=1)]
    actor: Annotated[
        str,
        about(
            'Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members '
            "has; without the id for visitors who look or try."
        ),
    ]
    at: Utc


class Event(_Happened, kw_only=True):
    """Something that happened in a project. What else it has depends on what happened: see the socket."""

    image: Annotated[str | UnsetType, about("Id of the image that it is about, if it is about one.")] = UNSET


class EventList(Resource):
    """What happened since."""

    events: Annotated[list[Event], about("The oldest first: 500 or 2 MB, then ask for the rest.")]
    seq: Annotated[int, about("The number of the last event of the project.", ge=0)]


class _OnAnImage(_Happened, kw_only=True):
    image: Annotated[str, about("Id of the image.")]


class AnnotationChanged(_OnAnImage, kw_only=True):
    """An annotation is new or changed."""

    annotation: Annotated[Annotation, about("As it was then.")]


class AnnotationDeleted(_OnAnImage, kw_only=True):
    """An annotation is deleted."""

    id: Annotated[str, about("Its id.")]
    version: Annotated[int, about("The version that was deleted.")]


class AnnotationsImported(_OnAnImage, kw_only=True):
    """An import has added annotations to an image, or changed some."""

    count: Annotated[int, about("How many.")]


class CommentTold(_OnAnImage, kw_only=True):
    """A comment is new, changed or deleted, or its thread is resolved or open again. What it says is asked for."""

    id: Annotated[str, about("Its id.")]
    thread: Annotated[str, about("Id of its thread.")]


class AnnotationsAgreed(_OnAnImage, kw_only=True):
    """Common annotations of an image were made of several people's, or that was undone."""

    count: Annotated[int, about("How many are there now because of that.")]
    deleted: Annotated[int, about("How many were deleted for it.")]


class AnnotationsSegmented(_OnAnImage, kw_only=True):
    """A job has made masks on an image, of its boxes or of everything there is; or that was undone."""

    count: Annotated[int, about("How many annotations are new or changed.")]
    deleted: Annotated[int, about("How many were deleted.")]
    undone: Annotated[bool | UnsetType, about("Whether that undid an earlier job.")] = UNSET


class ImageChanged(_OnAnImage, kw_only=True):
    """An image has another state in the project, or is shown differently."""

    state: Annotated[State | UnsetType, about("The new one.")] = UNSET
    was: Annotated[State | UnsetType, about("The one before.")] = UNSET
    decision: Annotated[
        Literal["accept", "return", "reopen"] | UnsetType, about("What a reviewer said of it.")
    ] = UNSET
    follows: Annotated[
        bool | UnsetType,
        about("It follows from the states of several annotators, or for them from a review."),
    ] = UNSET
    submitted_by: Annotated[str | UnsetType | None, about("Whose work was reviewed: an account's id.")] = (
        UNSET
    )
    changed_since_review: Annotated[
        bool | UnsetType, about("Its objects were changed after it was accepted.")
    ] = UNSET
    rendering: Annotated[Rendering | UnsetType | None, about("How it is shown now.")] = UNSET


class ImagesMoved(_Happened, kw_only=True):
    """Images were added to a project, removed, restored, or deleted out of its trash."""

    images: Annotated[list[str], _IMAGES]


class ImagesChanged(_Happened, kw_only=True):
    """Images have another state in the project."""

    images: Annotated[list[str], _IMAGES]
    state: Annotated[State, about("The new one.")]
    submitted: Annotated[int | UnsetType, about("How many of them are done and were not.")] = UNSET


class AssignmentsChanged(_Happened, kw_only=True):
    """Images of a project are other people's to work on."""

    images: Annotated[list[str], _IMAGES]
    to: Annotated[list[str] | UnsetType, about("Ids of the accounts whose they are now; none: nobody's.")] = (
        UNSET
    )


class LabelChange(Resource, kw_only=True):
    """What became of a label."""

    what: Annotated[
        Literal["added", "renamed", "merged", "removed"], about("merged: its objects got another.")
    ]
    name: Annotated[str, about("What it is called; of a merged one, the other label.")]
    was: Annotated[str | UnsetType, about("What it was called.")] = UNSET


class LabelsChanged(_Happened, kw_only=True):
    """The labels of a project were changed."""

    version: Annotated[int, about("Of the list.")]
    merged: Annotated[
        dict[str, str], about("By the id of a label that is gone, the id of the one its objects have.")
    ]
    changes: Annotated[
        list[LabelChange] | UnsetType, about("The first 100, but for colours, keys and attributes.")
    ] = UNSET


class LinksChanged(_Happened, kw_only=True):
    """A share link of the project was made or revoked."""

    link: Annotated[str, about("Its id, which leads nowhere.")]
    what: Annotated[Literal["made", "revoked"], about("What happened.")]
    link_kind: Annotated[LinkKind, about("What whoever follows it may.")]


class ProjectChanged(_Happened, kw_only=True):
    """Fields of a project were changed."""

    fields: Annotated[list[str], about("Their names.")]
