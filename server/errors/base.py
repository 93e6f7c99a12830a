"""What every error is, and the one shape it is answered in."""

from collections.abc import Mapping
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


def unknown(kind: str, name: object, known: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
    """The sentence for a name that is not in a list: it tells the legal ones."""
    legal = ", ".join(sorted(known)) or "none"
    return f"There is no {kind} called {str(name)[:80]!r}. Known: {legal}."
