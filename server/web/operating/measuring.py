"""Times each request for `/metrics`, by its route's template: what stands in an address is nobody else's business."""

import time

from flask import Flask, Response, request

from ...runtime.metrics import REQUESTS
from .request_ids import BEGAN

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def register(app: Flask) -> None:
    """Before all else that looks at answers: what looks first is asked last."""
    app.after_request(_count)


def _count(response: Response) -> Response:
    method = request.method if request.method in _METHODS else "other"
    route = request.url_rule.rule if request.url_rule is not None else "none"
    seconds = time.perf_counter() - request.environ[BEGAN]
    REQUESTS.observe(seconds, method, route, str(response.status_code))
    return response
