"""What a request's body holds: a JSON object, a file. However slowly it comes, whoever sends it must still be allowed
to when the last of it is there."""

from typing import Any

import gevent
from flask import request
from werkzeug.datastructures import FileStorage

from ..domain.outside.json_values import InvalidJSON, has_more_values, parse_json
from ..errors import BadRequest, TooLarge
from . import acting

MOST_JSON_BYTES, MOST_JSON_VALUES = 1_500_000, 50_000  # ids of the most images that one request may name
_JSON_SECONDS = 30.0


def json_body(most_bytes: int = MOST_JSON_BYTES, most_values: int = MOST_JSON_VALUES) -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest, or TooLarge: building millions of values would hold up everybody
    else, whatever the bytes; and what `acting.confirm` does."""
    request.max_content_length = most_bytes
    data = None
    if request.is_json:
        body = _received()
        acting.confirm()
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


def body_bytes(most_bytes: int) -> bytes:
    """The request's JSON as it came, for who reads it in another way. Raises TooLarge, BadRequest, and what
    `acting.confirm` does."""
    request.max_content_length = most_bytes
    if not request.is_json:
        raise BadRequest("The body must be JSON.", hint="Send it with Content-Type: application/json.")
    body = _received()
    acting.confirm()
    return body


def sent_file() -> FileStorage:
    """The field "file" of a form. Raises BadRequest, or TooLarge; and what `acting.confirm` does."""
    file = request.files.get("file")
    acting.confirm()
    if file is None:
        raise BadRequest(
            'There is no file in the field "file".',
            hint='Send multipart/form-data with the image as "file".',
        )
    return file


def _received() -> bytes:
    """Raises BadRequest for what comes too slowly."""
    late = BadRequest(f"The body did not arrive within {_JSON_SECONDS:g} s.", hint="Send it again.")
    with gevent.Timeout(_JSON_SECONDS, late):
        return request.get_data(cache=False)
