"""The one place where exceptions become answers, in the one shape; pages get the same as HTML."""

import contextlib
import errno
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from ..contract.json import dumps
from ..domain.policy import allows
from ..errors import (
    BadRequest,
    ImageFileLost,
    ImageNotFound,
    MethodNotAllowed,
    NotFound,
    RangeNotSatisfiable,
    SamphireError,
    StorageFull,
    TooLarge,
    Unauthorized,
    UnusableData,
    VisitEnded,
)
from ..runtime.logs import subject
from .acting import actor
from .credentials import forget_visit

log = logging.getLogger(__name__)

_HTTP: dict[int, type[SamphireError]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    416: RangeNotSatisfiable,
}
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def translate(error: Exception) -> SamphireError:
    """What to tell about any exception. An unexpected one is logged whole and told as nothing but
    "internal".
    """
    if isinstance(error, SamphireError):
        if isinstance(error, UnusableData | ImageFileLost):  # for who can mend it to see
            log.error("%s", error)
        return error
    if isinstance(error, HTTPException):
        known = _HTTP.get(error.code or 500)
        if known is not None:
            return known()
        return BadRequest() if (error.code or 500) < 500 else SamphireError()
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return StorageFull()
    if isinstance(error, OSError) and error.errno in _NOT_WRITABLE:
        log.error("The data folder cannot be written: %s", error)
        return UnusableData(f"The data folder cannot be written ({error.strerror}).")
    log.error("Unexpected %s", type(error).__name__, exc_info=error)
    return SamphireError()


def register(app: Flask, describe_storage: Callable[[], object]) -> None:
    """`describe_storage` says what a full disk could let go; None: not to this client."""
    app.register_error_handler(Exception, lambda error: _answer(error, describe_storage))


def _answer(error: Exception, describe_storage: Callable[[], object]) -> Any:
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return error  # a redirect
    told = translate(error)
    if isinstance(told, ImageNotFound) and told.elsewhere and allows(actor(), "project.read"):
        told = told.pointing()
    if isinstance(told, StorageFull):
        with contextlib.suppress(Exception):  # what is told without it is right, too
            storage = describe_storage()
            if storage is not None:
                told.details["storage"] = storage
    response = as_response(told)
    if isinstance(told, VisitEnded):
        forget_visit(response)
    elif isinstance(told, Unauthorized) and _wants_page():
        return redirect(f"{request.script_root}/sign-in?{urlencode({'next': _here()})}", 303)
    if _wants_page():
        response.set_data(render_template("error.html", error=told))
        response.mimetype = "text/html"
    if isinstance(error, HTTPException) and error.code == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    if isinstance(error, RequestedRangeNotSatisfiable):
        response.headers["Content-Range"] = f"bytes */{error.length}"
    return response


def _here() -> str:
    """The address of this page below the server's own; never one that leads to another host, as // would."""
    query = request.query_string.decode("latin-1")
    return "/" + request.path.lstrip("/\\") + (f"?{query}" if query else "")


def as_response(error: SamphireError) -> Response:
    """The one shape over HTTP; works outside of Flask's requests as well."""
    answer = error.answer()
    if error.status == 500 and "request" in subject():  # what to look for in the log
        answer["error"]["request"] = subject()["request"]
    response = Response(dumps(answer), error.status, mimetype="application/json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_page() -> bool:
    """A person followed a link; programs, and the page's own requests, ask for something else."""
    if request.path.startswith("/api/") and request.path != "/api/docs":
        return False
    accepted = request.accept_mimetypes
    return request.method == "GET" and accepted.quality("text/html") > accepted.quality("application/json")
