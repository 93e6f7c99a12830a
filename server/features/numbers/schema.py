"""Numbers of people's work, as the API has them."""

from typing import Annotated

from ...contract import Resource, about

Day = Annotated[str, about("A day of UTC, as 2026-01-31.")]


class NumbersOfDay(Resource, kw_only=True):
    """What somebody did on a day."""

    day: Day
    made: Annotated[int, about("Objects they drew.")]
    changed: Annotated[int, about("Changes of objects.")]
    deleted: Annotated[int, about("Objects they deleted.")]
    active_seconds: Annotated[int, about("As that of all days.")]


class NumbersOfPerson(Resource, kw_only=True):
    """What somebody did, and how their images stand now."""

    account: Annotated[str | None, about("Id of the account; null: of a server without accounts.")]
    name: Annotated[str, about("Their name.")]
    made: Annotated[int, about("Objects they drew; imported ones do not count.")]
    changed: Annotated[int, about("Changes of objects, restored ones included.")]
    deleted: Annotated[int, about("Objects they deleted.")]
    submitted: Annotated[int, about("How often they said that an image is done.")]
    accepted: Annotated[int, about("How often a reviewer accepted what they submitted.")]
    returned: Annotated[int, about("How often a reviewer returned it.")]
    reviewed: Annotated[int, about("Their own decisions as a reviewer.")]
    active_seconds: Annotated[
        int, about("Estimated: the time between what they did, without pauses of more than 2 minutes.")
    ]
    objects_per_hour: Annotated[
        float | None, about("Drawn in an active hour; null: active for less than a minute.")
    ]
    assigned: Annotated[int, about("Images that are theirs now and not done.")]
    waiting: Annotated[int, about("Images they submitted that wait for a reviewer now.")]
    changed_after_review: Annotated[int, about("Images they submitted that were changed since accepted.")]
    days: Annotated[list[NumbersOfDay], about("Those on which they did something.")]


class Numbers(Resource):
    """What people did in a project."""

    first: Annotated[Day, about("The first day.")]
    last: Annotated[Day, about("The last day, included.")]
    people: Annotated[
        list[NumbersOfPerson], about("By name: all members and who else did any of this; or only oneself.")
    ]
