"""/api/invitations: links that make accounts, what one is for, and following it."""

from flask import Blueprint, Response, jsonify

from ...contract import parse
from ...errors import BadRequest
from ...services import services
from ...web.acting import actor, may
from .http import address, body, browser, cookie, need_accounts, welcome
from .links_schema import OpenLinkList
from .schema import JoinedProject, NewInvitation

blueprint = Blueprint("invitations", __name__, url_prefix="/api/invitations")
blueprint.before_request(need_accounts)


@blueprint.post("/open")
@may("public")
def open_link() -> Response:
    """By POST, so that the secret is in no address."""
    return jsonify(services().invitations.open(body(), address()))


@blueprint.post("/accept")
@may("public")
def accept() -> Response:
    """Signs in with the account that is new, or has a new password."""
    return welcome(services().invitations.accept(body(), address(), browser(), cookie()))


@blueprint.post("/join")
@may("account.use")
def join() -> Response:
    """With the account one is signed in with."""
    return jsonify(JoinedProject(services().invitations.join(actor(), body(), address())))


@blueprint.post("")
@may("account.manage")
def invite() -> tuple[Response, int]:
    """A link that makes an account."""
    asked = parse(NewInvitation, body(), BadRequest)
    return jsonify(services().invitations.create(actor(), is_admin=asked.is_admin)), 201


@blueprint.get("")
@may("account.manage")
def list_links() -> Response:
    """Those that nobody has followed yet, into projects too."""
    return jsonify(OpenLinkList(services().open_links.list()))


@blueprint.delete("/<string(length=16):link_id>")  # not "open", nor another of those above
@may("account.manage")
def revoke(link_id: str) -> tuple[str, int]:
    services().open_links.revoke(link_id)
    return "", 204
