"""/api/projects/{id}/links: links that lead strangers into a project; /api/links: following one."""

from flask import Blueprint, Response, jsonify, request

from ...services import services
from ...web import credentials
from ...web.acting import actor, may, person
from ...web.credentials import VISIT
from ...web.standing import access
from ..accounts.http import address, body, need_accounts
from .schema import OpenedLink

blueprint = Blueprint("links", __name__)


@blueprint.get("/api/projects/<project_id>/links")
@may("link.change")
def list_links(project_id: str) -> Response:
    need_accounts()
    return jsonify(services().links.of_project(project_id))


@blueprint.post("/api/projects/<project_id>/links")
@may("link.change")
def make(project_id: str) -> tuple[Response, int]:
    """The only answer with the link's secret."""
    return jsonify(services().links.create(actor(), project_id, body())), 201


@blueprint.delete("/api/projects/<project_id>/links/<share_id>")
@may("link.change")
def revoke(project_id: str, share_id: str) -> tuple[str, int]:
    need_accounts()
    services().links.revoke(actor(), project_id, share_id)
    return "", 204


@blueprint.post("/api/links/open")
@may("public")
def follow() -> Response:
    """By POST, so that what looks at links for people uses none up. The answer sets the visit's cookie, but for who is
    signed in and has a role in the project."""
    who = person()

    def is_member(project_id: str) -> bool:
        return who is not None and access().in_project(who, project_id).role is not None

    begun = services().visits.open(body(), address(), _cookie(), is_member)
    answer = jsonify(OpenedLink(begun.path))
    if begun.secret is None:
        return answer
    return credentials.put_cookie(answer, begun.secret, begun.seconds, VISIT)


@blueprint.post("/api/links/leave")
@may("public")
def leave() -> tuple[Response, int]:
    """End this browser's visit; where there is none, nothing."""
    need_accounts()
    if (secret := _cookie()) is not None:
        services().visits.leave(secret)
    return credentials.clear_cookie(Response(), VISIT), 204


def _cookie() -> str | None:
    return credentials.cookie(request.environ, VISIT)
