"""How a request reaches the services, and how its JSON body is read."""

from typing import Any

from flask import current_app, request

from server.domain.json_values import InvalidJSON, parse_json
from server.errors import BadRequest
from server.services import Services

MOST_JSON_BYTES = 5_000_000  # an annotation with the longest mask that is taken, and its prompts


def services() -> Services:
    return current_app.extensions["samphire"]


def json_body(most_bytes: int = MOST_JSON_BYTES) -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest, or TooLarge: parsing megabytes would hold up everybody else."""
    request.max_content_length = most_bytes
    data = None
    if request.is_json:
        try:
            data = parse_json(request.get_data(cache=False))
        except InvalidJSON as error:
            raise BadRequest(f"The body cannot be read as JSON. {error}") from None
    if not isinstance(data, dict):
        raise BadRequest(
            "The body must be a JSON object.", hint="Send it with Content-Type: application/json."
        )
    return data
