"""Which project a request is about, and what its sender is there. Outsiders are answered as if it were not there."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from flask import current_app, g, request

from ..domain.policy import Action, Actor, Role, allows, check, is_about_project
from ..domain.visits import Visit
from ..errors import AnnotationNotFound, ImageNotFound, NotByLink, NotFound, ProjectNotFound
from ..storage.access import NONE, Access, Standing
from ..storage.tables import DEFAULT_PROJECT

About = Literal["project", "image", "annotation", "default"]
"""What a route is about: the project in its address, an image in whatever projects have it, an annotation, or the
project of what is put into none."""

Reach = Literal["project", "image"]
"""Of a view that answers visitors: of a whole project, or also of one image of it."""

_MISSING: dict[About, type[NotFound]] = {
    "project": ProjectNotFound,
    "image": ImageNotFound,
    "annotation": AnnotationNotFound,
    "default": ProjectNotFound,
}


def access() -> Access:
    """Of the application that answers."""
    return current_app.extensions["samphire.access"]


def admit(
    actor: Actor,
    action: Action,
    about: About | None,
    address: Mapping[str, Any],
    visitors: Reach | None = None,
) -> Standing:
    """What the actor is there. `address`: the values in the route's. `visitors`: which of those it answers.

    Raises NotFound for what is not the actor's, and Forbidden for what their role, or none at all, does not allow."""
    standing, known = NONE, None
    if is_about_project(action) and actor.kind != "guest":
        known = "project" if "project_id" in address else about
        if known is None:
            raise RuntimeError(f"A route for {action} does not say what it is about.")
        standing = _LOOKS[known](actor, address)
        if standing.role is None:
            raise _MISSING[known]()
    if actor.visit is not None and action != "public":
        image_id = None if known == "image" else address.get("image_id")  # the look has asked for that one
        _check_visit(actor.visit, image_id, visitors)
    check(actor, action, standing.role)
    return standing


def _check_visit(visit: Visit, image_id: str | None, visitors: Reach | None) -> None:
    """Raises NotByLink for what is not for visitors; ImageNotFound for an image that theirs does not lead to."""
    if visitors is None or (visitors == "project" and visit.image_id is not None):
        raise NotByLink()
    if image_id is not None and not access().reaches(visit, image_id):
        raise ImageNotFound()


def remember(actor: Actor, standing: Standing) -> None:
    g.samphire_actor, g.samphire_standing = actor, standing


def role() -> Role:
    """Of who sent the present request, in the project that it is about."""
    found = g.samphire_standing.role
    if found is None:
        raise RuntimeError("This request is about no project.")
    return found


def project_of_annotation() -> str | None:
    """The project in which an annotation is meant that the present request names by its id alone; None: whichever has
    it, since all are the sender's."""
    return g.samphire_standing.project_id


def allowed(action: Action) -> bool:
    """Whether the sender may do this, too, in the same project."""
    return allows(g.samphire_actor, action, g.samphire_standing.role)


def require(action: Action) -> None:
    """Raises Forbidden."""
    check(g.samphire_actor, action, g.samphire_standing.role)


def _of_annotation(actor: Actor, annotation_id: str) -> Standing:
    """In the project that `?project=` names, if it names one."""
    project_id = request.args.get("project")
    if actor.visit is not None and project_id in (None, actor.visit.project_id):
        return access().on_annotation(actor, annotation_id)
    if project_id is None:
        return access().on_annotation(actor, annotation_id)
    return Standing(access().in_project(actor, project_id).role, project_id)


_LOOKS: dict[About, Callable[[Actor, Mapping[str, Any]], Standing]] = {
    "project": lambda actor, address: access().in_project(actor, address["project_id"]),
    "image": lambda actor, address: access().on_image(actor, address["image_id"]),
    "annotation": lambda actor, address: _of_annotation(actor, address["annotation_id"]),
    "default": lambda actor, address: access().in_project(actor, DEFAULT_PROJECT),
}
