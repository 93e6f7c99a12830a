"""Who a request is of, and whether they may do what its route is for."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, current_app, request

from ..config import Settings
from ..domain.policy import OWNER, Action, Actor, check
from .auth import is_owner
from .context import settings

View = TypeVar("View", bound=Callable[..., Any])
_GUEST = Actor("guest")


def may(action: Action) -> Callable[[View], View]:
    """Below a route's address: what one must be allowed to do to be answered. A route that declares nothing answers
    nobody."""

    def declare(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return declare


def action_of(view: Callable[..., Any]) -> Action | None:
    return getattr(view, "action", None)


def actor() -> Actor:
    """Whoever sent the present request."""
    return actor_of(request.environ, settings())


def actor_of(environ: Mapping[str, Any], settings: Settings) -> Actor:
    """`environ`: of WSGI; the socket's handshake has one too."""
    return OWNER if is_owner(environ, settings) else _GUEST


def register(app: Flask) -> None:
    """After `auth`, which finds out whether the request may come in at all."""
    app.before_request(_guard)


def _guard() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:  # there is no such address, or not with this method
        return
    action = action_of(view)
    if action is None:
        raise RuntimeError(f"The route {request.endpoint} does not declare its action.")
    check(actor(), action)
