"""Who works on which images, as the API has it."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from ...contract import Request, Resource, about, lines, named
from ...contract.answers import Moment, Undo
from ...domain.outside.ids import BULK_LIMIT, NO_IDS
from ..projects.images_schema import Ids, ProjectImage
from ..projects.schema import StateCounts

MOST_PEOPLE = 500
NOTE_CHARACTERS = 2000
WHICH = 'Send "to" with "ids" or "all": true; or "ids" and "given".'
_NO_PEOPLE = f'"to" must be a list of at most {MOST_PEOPLE} ids of members.'
_AccountId = Annotated[str, Meta(max_length=64)]
_Given = dict[_AccountId, Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=BULK_LIMIT)]]


class NewAssignments(Request, forbid_unknown_fields=True, kw_only=True):
    """Images, and whose they are to be: nobody else's."""

    also = {
        "oneOf": [
            {"required": ["ids", "to"], "maxProperties": 2},
            {"required": ["all", "to"], "maxProperties": 2},
            {"required": ["ids", "given"], "maxProperties": 2},
            {"required": ["ids", "given", "leased"], "maxProperties": 3},
        ]
    }

    ids: Ids | UnsetType = UNSET
    all: Annotated[
        Literal[True] | UnsetType, about("Every image that is nobody's and not done.", says=WHICH)
    ] = UNSET
    to: (
        Annotated[
            list[_AccountId],
            about(
                "Ids of the accounts that share them evenly; none: they become nobody's.",
                says=_NO_PEOPLE,
                max_length=MOST_PEOPLE,
            ),
        ]
        | UnsetType
    ) = UNSET
    given: (
        Annotated[
            _Given, about("Ids of images under the account whose they are: what undoing sends.", says=WHICH)
        ]
        | UnsetType
    ) = UNSET
    leased: (
        Annotated[
            _Given, about("With `given`: the same for those that are the account's for a while.", says=WHICH)
        ]
        | UnsetType
    ) = UNSET


class AssignmentAnswer(Resource):
    """What was done."""

    changed: Annotated[int, about("How many images changed hands.")]
    restore: Annotated[Undo | UnsetType, about("How to undo it; left out when nothing was done.")] = UNSET


class GivenBack(Request, forbid_unknown_fields=True):
    """Images to give back."""

    ids: Annotated[Ids, about("Ids of images that are one's own.", says=NO_IDS)]


class Taken(Resource):
    """The next image of the common queue."""

    image: Annotated[ProjectImage | None, about("Null: no image is left that is nobody's.")]
    until: Annotated[Moment | None, about("Until when it is yours unless you work on it, UTC.")]


class Share(Resource):
    """What somebody has."""

    account: Annotated[str | None, about("Id of the account; null: nobody.")]
    images: Annotated[StateCounts, about("How many of their images are in each state.")]


class Shares(Resource):
    """Who has what."""

    shares: Annotated[list[Share], about("Those who have something; nobody comes last.")]


class Decision(Request, forbid_unknown_fields=True):
    """What a reviewer says of an image that is done."""

    decision: Annotated[
        Literal["accept", "return", "reopen"],
        named("`reopen` takes the last decision back: the image is as it was submitted.", "decision"),
    ]
    note: Annotated[str, lines("What is to be done, for who gets it back.", NOTE_CHARACTERS, "The note")] = ""
