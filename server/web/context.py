"""How a request reaches the services, and how its JSON body is read."""

from typing import Any

from flask import current_app, request

from server.errors import BadRequest
from server.services import Services

MOST_JSON_BYTES = 5_000_000  # an annotation with the longest mask that is taken, and its prompts


def services() -> Services:
    return current_app.extensions["samphire"]


def json_body(most_bytes: int = MOST_JSON_BYTES) -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest, or TooLarge: parsing megabytes would hold up everybody else."""
    request.max_content_length = most_bytes
    try:
        data = request.get_json(silent=True)
    except RecursionError:
        data = None
    if not isinstance(data, dict):
        raise BadRequest(
            "The body must be a JSON object.", hint="Send it with Content-Type: application/json."
        )
    return data
