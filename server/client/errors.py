"""Error answers of a server as exceptions.

SamphireError            as server/errors draws it: NotFound, Conflict > VersionConflict, Forbidden, ...
├── Unreachable          no server answers at this address
└── NotSamphire          what answers is no Samphire server
"""

from typing import Any

from ..errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    MethodNotAllowed,
    NotFound,
    SamphireError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    from_answer,
)

_BY_STATUS: dict[int, type[SamphireError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    409: Conflict,
    410: Gone,
    413: TooLarge,
    429: TooManyRequests,
    503: Unavailable,
}


class Unreachable(SamphireError):
    code = "unreachable"
    sentence = "The server cannot be reached."
    hint = "Check the address, and whether Samphire runs there."


class NotSamphire(SamphireError):
    code = "not_samphire"
    sentence = "What answers at this address is no Samphire server."
    hint = "Check the address, with the path that the server is reached under."


def error_of(status: int, answer: Any) -> SamphireError:
    """The exception for an error answer: by its code, or by its status if a newer server sends an unknown code."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict) or not all(
        isinstance(error.get(each), str) for each in ("code", "message", "hint")
    ):
        return _without_words(status)
    told = from_answer(error)
    if told.code != error["code"]:
        kind = _BY_STATUS.get(status, SamphireError)
        told = kind(told.message, hint=told.hint, **told.details)
        told.code = error["code"]
    told.status = status
    return told


def _without_words(status: int) -> SamphireError:
    """A proxy's own answer, as when the server behind it does not run."""
    if status in (429, 502, 503, 504):
        error = Unavailable(f"The server is not available: {status}.")
    else:
        error = NotSamphire(f"Something that is no Samphire server answered with {status}.")
    error.status = status
    return error
