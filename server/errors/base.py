"""What every error is, and the one shape it is answered in."""

from collections.abc import Iterator, Mapping
from typing import Any


class SamphireError(Exception):
    """`message`: a sentence for a person; `hint`: what to do about it; `details` are added to the answer.

    `retry_after_s`: when the same may succeed, where that is known.
    """

    code = "internal"
    status = 500
    sentence = "Something went wrong inside the server."
    hint = "Try again; if it happens again, look at the server's log."
    retry_after_s: int | None = None

    def __init__(self, message: str | None = None, *, hint: str | None = None, **details: Any) -> None:
        self.message = message or self.sentence
        if hint is not None:
            self.hint = hint
        self.details = details
        super().__init__(self.message)

    def answer(self) -> dict[str, Any]:
        """The one shape, for HTTP bodies and socket acknowledgements alike."""
        return {
            "ok": False,
            "error": {"code": self.code, "message": self.message, "hint": self.hint, **self.details},
        }


def from_answer(error: Mapping[str, Any]) -> SamphireError:
    """The error whose answer had this "error": for one that was stored."""
    kinds = {kind.code: kind for kind in _kinds(SamphireError)}
    details = {name: value for name, value in error.items() if name not in ("code", "message", "hint")}
    return kinds.get(error["code"], SamphireError)(error["message"], hint=error["hint"], **details)


def _kinds(kind: type[SamphireError]) -> Iterator[type[SamphireError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


def unknown(kind: str, name: object, known: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
    """The sentence for a name that is not in a list: it tells the legal ones."""
    legal = ", ".join(sorted(known)) or "none"
    return f"There is no {kind} called {str(name)[:80]!r}. Known: {legal}."
