"""What people who work at the same time tell each other over the socket. Nothing of it is kept."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line

MOST_HELD = 50  # objects that one page holds
_FARTHEST = 1_000_000.0  # image pixels
_Pixel = Annotated[float, about(ge=-_FARTHEST, le=_FARTHEST)]
_Id = Annotated[str, about(min_length=1, max_length=64)]
_Project = Annotated[
    str | UnsetType,
    about('Id of the project; "default" when it is left out.', says="project must be the id of a project."),
]
_PLACE = "at must be two numbers, x and y in image pixels."
_VIEW = "at must be three numbers: x, y and a span in image pixels."


class Here(Request):
    """Where somebody is, from now on; other pages of the same person come after this one."""

    project: _Project = UNSET
    image: Annotated[
        str | None, about("Id of the image that is open.", says="image must be the id of an image.")
    ] = None
    object: Annotated[_Id | None, about("Id of the selected object.")] = None
    tool: Annotated[str | None, line("The tool in hand.", 32)] = None


class Pointed(Request):
    """Where the pointer is."""

    at: Annotated[
        Annotated[list[_Pixel], about(min_length=2, max_length=2)] | None,
        about("x and y in image pixels; null when it has left the image.", says=_PLACE, absent=True),
    ]


class Look(Request):
    """A place of the image that others are to look at."""

    at: Annotated[list[_Pixel], about("x and y in image pixels.", min_length=2, max_length=2, says=_PLACE)]


class Viewed(Request):
    """What of the image somebody has on screen."""

    at: Annotated[
        list[_Pixel],
        about(
            "x and y of the middle, and how many image pixels the shorter side shows.",
            min_length=3,
            max_length=3,
            says=_VIEW,
        ),
    ]


class Follow(Request):
    """Whose view is wanted."""

    person: Annotated[int | None, about("Number of the person; null for nobody's.")] = None


class Hold(Request, kw_only=True):
    """The objects that somebody is editing now."""

    project: _Project = UNSET
    objects: Annotated[
        list[_Id], about("Their ids, all of them; those left out are released.", max_length=MOST_HELD)
    ]


class Person(Resource, kw_only=True):
    """Somebody who is in a project now; all pages of an account are one person, who is where the latest is."""

    n: Annotated[int, about("Number of the person, as long as they are here.")]
    account: Annotated[str, about("Id of the account; empty on a server without accounts.")]
    name: Annotated[str, about("What the account is called.")]
    image: Annotated[str | None, about("Id of the image that is open.")]
    object: Annotated[str | None, about("Id of the selected object.")]
    tool: Annotated[str | None, about("The tool in hand.")]


class PersonLeft(Resource):
    """Somebody has left the project."""

    n: Annotated[int, about("Number of the person.")]


class Present(Resource):
    """Who is in the project, and what is being edited on the image."""

    me: Annotated[int, about("Number of who asks.")]
    people: Annotated[list[Person], about("All of them.")]
    held: Annotated[dict[str, int], about("By the id of an object, the number of who edits it.")]
    followers: Annotated[int, about("How many follow the view of who asks.")]


class Cursors(Resource):
    """Pointers that moved."""

    at: Annotated[
        list[list[float]],
        about("For each: number of the person, x, y in image pixels; the number alone when it has left."),
    ]


class Looking(Resource):
    """Somebody wants others to look at a place."""

    n: Annotated[int, about("Number of the person.")]
    at: Annotated[list[float], about("x and y in image pixels.")]


class View(Resource):
    """What somebody who is followed has on screen."""

    n: Annotated[int, about("Number of the person.")]
    at: Annotated[list[float], about("x and y of the middle, and the span of the shorter side.")]


class Followed(Resource):
    """How many follow one's view; it need be told while there are some."""

    followers: Annotated[int, about("How many.")]


class Held(Resource):
    """What is being edited on the image, all of it."""

    held: Annotated[dict[str, int], about("By the id of an object, the number of who edits it.")]


class HoldAnswer(Resource):
    """What one holds; whatever else was asked for is another page's until that lets go, or does not say so for 30 s."""

    mine: Annotated[list[str], about("Ids of objects.")]
