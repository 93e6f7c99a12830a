"""How a request reaches the services, and how its JSON body is read."""

from typing import Any

from flask import current_app, request

from server.errors import BadRequest
from server.services import Services


def services() -> Services:
    return current_app.extensions["samphire"]


def json_body() -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest."""
    try:
        data = request.get_json(silent=True)
    except RecursionError:
        data = None
    if not isinstance(data, dict):
        raise BadRequest(
            "The body must be a JSON object.", hint="Send it with Content-Type: application/json."
        )
    return data
