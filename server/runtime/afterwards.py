"""What follows a commit: word to others, cleaning up, work begun ahead. What was stored is stored, so a failure in it
is logged and is no failure of the request."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import SamphireError

log = logging.getLogger(__name__)


@contextmanager
def afterwards(doing: str) -> Iterator[None]:
    """`with afterwards("telling of a new annotation"):` logs what goes wrong in it, and goes on."""
    try:
        yield
    except SamphireError as error:  # the server is stopping, say
        log.warning("Stored, but %s failed: %s", doing, error)
    except Exception:
        log.exception("Stored, but %s failed", doing)
