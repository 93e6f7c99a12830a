"""Who a request is of, and whether they may do what its route is for."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from ..domain.policy import Action, Actor, is_about_project
from ..errors import Forbidden, Unauthorized
from . import standing
from .identity import Identity
from .standing import About, Reach

View = TypeVar("View", bound=Callable[..., Any])
PAGE_OF = "Samphire-Account"  # a page's requests name the account that the page is of


def may(
    action: Action, about: About | None = None, *, visitors: Reach | None = None
) -> Callable[[View], View]:
    """Below a route's address: what one must be allowed to do to be answered, and what that is about, where it takes a
    role in a project and the address names none. A route that declares nothing answers nobody. `visitors`: whether it
    answers visitors, too, as far as their link allows the action: by one of a project, or of one image of it as
    well, and then with what is of that image alone."""

    def declare(view: View) -> View:
        view.action, view.about, view.visitors = action, about, visitors  # type: ignore[attr-defined]
        return view

    return declare


def action_of(view: Callable[..., Any]) -> Action | None:
    return getattr(view, "action", None)


def about_of(view: Callable[..., Any]) -> About | None:
    return getattr(view, "about", None)


def visitors_of(view: Callable[..., Any]) -> Reach | None:
    return getattr(view, "visitors", None)


def identity() -> Identity:
    """Of the application that answers."""
    return current_app.extensions["samphire.identity"]


def actor() -> Actor:
    """Whoever sent the present request. Raises Unauthorized for a token that is nobody's."""
    if "actor" not in g:
        g.actor = actor_of(request.environ)
    return g.actor


def actor_of(environ: Mapping[str, Any]) -> Actor:
    """`environ`: of the socket's handshake, asked anew for each event: meanwhile a sign-in may have ended. Raises
    Unauthorized."""
    return identity().actor(environ)


def is_about_a_project() -> bool:
    """Whether the present request is for something that takes a role in a project."""
    view = current_app.view_functions.get(request.endpoint or "")
    action = None if view is None else action_of(view)
    return action is not None and is_about_project(action)


def register(app: Flask) -> None:
    """After `auth`, which finds out whether the request may come in at all."""
    app.before_request(_guard)
    app.add_template_global(person)
    app.add_template_global(visitor)


def person() -> Actor | None:
    """Who is signed in, for pages to show; None: nobody, or this server has no accounts."""
    who = _known()
    return who if who is not None and who.kind == "account" else None


def visitor() -> Actor | None:
    """Who follows a share link; None: who asks does not."""
    who = _known()
    return who if who is not None and who.kind == "visitor" else None


def _known() -> Actor | None:
    try:
        return actor()
    except Unauthorized:
        return None


def _guard() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:  # there is no such address, or not with this method
        return
    action = action_of(view)
    if action is None:
        raise RuntimeError(f"The route {request.endpoint} does not declare its action.")
    _admit(view, action)


def _admit(view: Callable[..., Any], action: Action) -> None:
    if action != "public":
        who = actor()
        _check_page(who)
        address = request.view_args or {}
        standing.remember(who, standing.admit(who, action, about_of(view), address, visitors_of(view)))


def _check_page(who: Actor) -> None:
    """A page that stayed open does nothing in the name of whoever signed in to its browser meanwhile. Raises
    Unauthorized."""
    meant = request.headers.get(PAGE_OF)
    if meant is not None and meant != who.id:
        raise Unauthorized(
            "Somebody else is signed in to this browser now.", hint="Sign in again, or reload the page."
        )


def confirm() -> None:
    """That whoever sent the present request may still have it answered: while its body came, a sign-in or a role may
    have ended. Raises what `_guard` does; Forbidden where the sender is somebody with other rights now."""
    before = g.pop("actor", None)
    view = current_app.view_functions[request.endpoint or ""]
    action = action_of(view)
    assert action is not None  # else the request would not have come so far
    _admit(view, action)
    if before is not None and _rights(before) != _rights(actor()):
        raise Forbidden(
            "What you may do has changed while this request was on its way.", hint="Send it again."
        )


def _rights(who: Actor) -> tuple[str, bool, str | None]:
    return str(who), who.admin, who.scope
