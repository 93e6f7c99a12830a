"""/api/projects/{id}/members: who works on a project; and links that lead others into it."""

from flask import Blueprint, Response, jsonify

from ...contract import parse
from ...errors import BadRequest
from ...services import services
from ...web.acting import actor, may
from ...web.standing import require
from ..accounts.http import body, need_accounts
from ..accounts.links_schema import OpenLinkList
from .schema import NewRole

blueprint = Blueprint("members", __name__, url_prefix="/api/projects/<project_id>")
blueprint.before_request(need_accounts)


@blueprint.get("/members")
@may("project.read")
def list_members(project_id: str) -> Response:
    """With the names that go with ids of accounts in the project's events."""
    return jsonify(services().members.of_project(actor(), project_id))


@blueprint.post("/members")
@may("member.change")
def add(project_id: str) -> tuple[Response, int]:
    return jsonify(services().members.add(actor(), project_id, body())), 201


@blueprint.patch("/members/<account_id>")
@may("member.change")
def change(project_id: str, account_id: str) -> Response:
    return jsonify(services().members.change(actor(), project_id, account_id, body()))


@blueprint.delete("/members/<account_id>")
@may("project.read")
def remove(project_id: str, account_id: str) -> tuple[str, int]:
    """Everybody may leave."""
    require("account.use" if account_id == actor().id else "member.change")
    services().members.remove(actor(), project_id, account_id)
    return "", 204


@blueprint.post("/invitations")
@may("member.change")
def invite(project_id: str) -> tuple[Response, int]:
    """A link that works once."""
    role = parse(NewRole, body(), BadRequest).role
    services().members.check_may_give(actor(), project_id, role)
    return jsonify(services().invitations.create(actor(), project_id=project_id, role=role)), 201


@blueprint.get("/invitations")
@may("member.change")
def list_links(project_id: str) -> Response:
    """Those into the project that nobody has followed yet."""
    return jsonify(OpenLinkList(services().open_links.list(project_id)))


@blueprint.delete("/invitations/<link_id>")
@may("member.change")
def revoke(project_id: str, link_id: str) -> tuple[str, int]:
    link = services().open_links.find(link_id, project_id)
    if link.role is not None:
        services().members.check_may_give(actor(), project_id, link.role)
    services().open_links.revoke(link_id, project_id)
    return "", 204
