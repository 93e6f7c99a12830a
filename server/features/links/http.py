"""/api/projects/{id}/links: the share links of a project; /api/links: following one."""

from flask import Blueprint, Response, jsonify, request

from ...services import services
from ...web import credentials
from ...web.acting import actor, identity, may, person
from ...web.credentials import VISIT
from ...web.files import send_drawn
from ...web.standing import access
from ..accounts.http import address, body, need_accounts, visit_cookie
from .schema import OpenedLink
from .visits import Caller

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
    begun = services().visits.open(body(), caller())
    answer = jsonify(OpenedLink(begun.path))
    if begun.secret is None:
        return answer
    return credentials.put_cookie(answer, begun.secret, begun.seconds, VISIT)


@blueprint.post("/api/links/leave")
@may("public")
def leave() -> tuple[Response, int]:
    """End this browser's visit; where there is none, nothing."""
    need_accounts()
    if (secret := visit_cookie()) is not None:
        services().visits.end(secret)
    return credentials.clear_cookie(Response(), VISIT), 204


@blueprint.get("/s/<token>/card.jpg")
@may("public")
def card(token: str) -> Response:
    """What chats show beside the link. It uses nothing up and begins no visit."""
    need_accounts()
    jpeg, tag = services().cards.jpeg(services().visits.preview(token, address()))
    answer = send_drawn(jpeg, tag, "image/jpeg")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # some chats show it from its own address
    return answer


def caller() -> Caller:
    """Who asks about a link."""
    who = person() or identity().signed_in(request.environ)
    return Caller(
        address(), visit_cookie(), lambda project_id: who is not None and access().is_member(who, project_id)
    )
