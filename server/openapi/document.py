"""Builds the OpenAPI document from the table of operations and the schemas."""

from functools import lru_cache
from typing import Any

from ..paths import VERSION
from .operation import Operation
from .operations import OPERATIONS
from .schema import ref
from .schemas import components
from .socket import SOCKET

_DESCRIPTION = """Samphire encodes an image once on the server; masks for points and boxes are then decoded
in the browser, or here by POST /api/images/{id}/predict. Coordinates are pixels of the image after its EXIF
rotation: x to the right, y down, centres of pixels at .5. Masks are COCO run-length encodings of the whole
image.

Every failure has the same shape: {"ok": false, "error": {"code", "message", "hint"}}.

A server for the one person at its machine asks for no login. With --team, or on any other address than a loopback one,
people sign in, and programs send an API token, which an account's page makes, as "Authorization: Bearer smp_...". A
change that is asked for with the cookie of a sign-in must carry Origin or Sec-Fetch-Site, as browsers send them."""

_REASONS = {
    400: "The request is not valid.",
    401: "Nobody is signed in, or the API token is not valid.",
    403: "The request comes from another web page, by a foreign host name, or from somebody who may not do this.",
    404: "There is no such thing.",
    409: 'It was changed meanwhile; "error" carries "current".',
    410: "What it names is no longer kept: the mask of mask_from, or the file of an export.",
    413: "Too many bytes or pixels.",
    415: "A kind of file that is not supported.",
    416: "The file ends before the part that `Range` asks for.",
    429: "This client has too many requests or connections open, or too many attempts failed. Try again later.",
    500: "The image could not be encoded, or its file is lost.",
    503: "Not now: another program has locked the database, or the image is still being encoded. Try again later.",
    507: "The disk is full, so nothing was saved.",
}
_ANYWHERE = (401, 403, 429, 503)
_OPEN = ("/healthz", "/readyz")


@lru_cache(maxsize=1)
def build() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The API of Samphire",
            "version": VERSION,
            "description": _DESCRIPTION.replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{}, {"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": components(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "samphire-8765",
                    "description": "Has the port in its name; with https it begins with __Host- or __Secure-.",
                },
            },
        },
        "x-socket": SOCKET,
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": operation.id, "summary": operation.summary}
    if operation.description:
        described["description"] = operation.description
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.body:
        described["requestBody"] = {"required": True, "content": operation.body}
    failures = sorted({*operation.failures, *(() if operation.path in _OPEN else _ANYWHERE)})
    answers = {str(status): answer for status, answer in operation.answers.items()}
    described["responses"] = answers | {str(status): _failure(status) for status in failures}
    return described


def _failure(status: int) -> dict[str, Any]:
    return {"description": _REASONS[status], "content": {"application/json": {"schema": ref("Error")}}}
