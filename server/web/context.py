"""What a request brings: who sends it, its numbers and flags, its JSON body; and what answering one may take."""

import re
import select
import socket
from typing import Any

from flask import current_app, request

from ..config import Settings
from ..domain.outside.json_values import InvalidJSON, has_more_values, parse_json
from ..errors import BadRequest, TooLarge
from ..runtime.fair import Sender
from ..runtime.pools import Pools

CONNECTION = "samphire.connection"  # the client's socket in a WSGI environment, of a real server
_WHOLE = re.compile(r"-?[0-9]{1,4000}")
_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}
MOST_JSON_BYTES, MOST_JSON_VALUES = 1_500_000, 50_000  # ids of the most images that one request may name


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


def json_body(most_bytes: int = MOST_JSON_BYTES, most_values: int = MOST_JSON_VALUES) -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest, or TooLarge: building millions of values would hold up everybody
    else, whatever the bytes."""
    request.max_content_length = most_bytes
    data = None
    if request.is_json:
        body = request.get_data(cache=False)
        if has_more_values(body, most_values):
            raise TooLarge(f"The body holds more than {most_values} values.", hint="Send less at once.")
        try:
            data = parse_json(body)
        except InvalidJSON as error:
            raise BadRequest(f"The body cannot be read as JSON. {error}") from None
    if not isinstance(data, dict):
        raise BadRequest(
            "The body must be a JSON object.", hint="Send it with Content-Type: application/json."
        )
    return data


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
