"""/api/accounts: the accounts of the server, for its administrators."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from .http import body, need_accounts
from .schema import AccountList

blueprint = Blueprint("accounts", __name__, url_prefix="/api/accounts")


@blueprint.get("")
@may("account.manage")
def list_accounts() -> Response:
    need_accounts()
    return jsonify(AccountList(services().administration.list()))


@blueprint.post("")
@may("account.manage")
def create() -> tuple[Response, int]:
    return jsonify(services().administration.create(body())), 201


@blueprint.patch("/<account_id>")
@may("account.manage")
def change(account_id: str) -> Response:
    return jsonify(services().administration.change(account_id, body()))


@blueprint.post("/<account_id>/disable")
@may("account.manage")
def disable(account_id: str) -> Response:
    need_accounts()
    return jsonify(services().administration.disable(account_id))


@blueprint.post("/<account_id>/enable")
@may("account.manage")
def enable(account_id: str) -> Response:
    need_accounts()
    return jsonify(services().administration.enable(account_id))


@blueprint.post("/<account_id>/reset")
@may("account.manage")
def reset(account_id: str) -> tuple[Response, int]:
    """The link that gives it a new password."""
    need_accounts()
    return jsonify(services().invitations.reset(actor(), account_id)), 201
