"""What a request brings: who sends it, its numbers and flags; and what answering one may take."""

import re
import select
import socket

from flask import current_app, request

from ..config import Settings
from ..errors import BadRequest
from ..runtime.fair import Sender
from ..runtime.pools import Pools

CONNECTION = "samphire.connection"  # the client's socket in a WSGI environment, of a real server
_WHOLE = re.compile(r"-?[0-9]{1,4000}")
_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


def settings() -> Settings:
    return current_app.extensions["samphire.settings"]


def pools() -> Pools:
    """Threads of the application that answers."""
    return current_app.extensions["samphire.pools"]


def sender() -> Sender:
    """The client of this request, by its address; `gone` once it has closed its connection."""
    connection: socket.socket | None = request.environ.get(CONNECTION)
    return Sender(request.remote_addr, lambda: connection is not None and _is_closed(connection))


def _is_closed(connection: socket.socket) -> bool:
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True


def whole_number(name: str, default: int) -> int:
    """Of the query. Raises BadRequest."""
    text = request.args.get(name)
    if text is None:
        return default
    if not _WHOLE.fullmatch(text):
        raise BadRequest(f'"{name}" must be a whole number.')
    return int(text)


def flag(name: str) -> bool:
    """Of the query: 1 or true. Raises BadRequest."""
    text = request.args.get(name, "")
    if text not in _FLAGS:
        raise BadRequest(f'"{name}" must be 1 or 0.')
    return _FLAGS[text]
