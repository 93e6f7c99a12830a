"""Lists of images that one request names."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from ...errors import BadRequest

T = TypeVar("T")
BULK_LIMIT = 20_000
NO_IDS = f'"ids" must be a list of 1 to {BULK_LIMIT} ids of images.'
AT_ONCE = 500  # ids of one statement


def parse_ids(value: Any) -> list[str]:
    """Each once. Raises BadRequest."""
    fit = isinstance(value, list) and 1 <= len(value) <= BULK_LIMIT
    if not fit or not all(isinstance(each, str) and len(each) <= 64 for each in value):
        raise BadRequest(NO_IDS)
    return list(dict.fromkeys(value))


def some_of(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many as one statement takes, and so on."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
