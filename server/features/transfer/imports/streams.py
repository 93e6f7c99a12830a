"""Streams that raise our own errors, for archives and remote stores alike."""

from collections.abc import Callable
from typing import Any

from ....domain.outside.strings import fit


class Guarded:
    """A binary stream; what `read` raises of `caught` becomes what `told` makes of it."""

    def __init__(
        self, stream: Any, caught: tuple[type[Exception], ...], told: Callable[[Exception], Exception]
    ) -> None:
        self._stream, self._caught, self._told = stream, caught, told

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> "Guarded":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except self._caught as error:
            raise self._told(error) from error


def reason(error: Exception) -> str:
    """What a library says, in one short line."""
    return fit(" ".join(str(error).split()), 200).rstrip(".") or type(error).__name__
