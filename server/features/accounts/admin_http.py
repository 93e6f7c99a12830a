"""/api/accounts: the accounts of the server, for its administrators."""

import logging

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from .http import body, need_accounts
from .schema import AccountList, AccountSummary

log = logging.getLogger(__name__)

blueprint = Blueprint("accounts", __name__, url_prefix="/api/accounts")
blueprint.before_request(need_accounts)


@blueprint.get("")
@may("account.manage")
def list_accounts() -> Response:
    return jsonify(AccountList(services().administration.list()))


@blueprint.post("")
@may("account.manage")
def create() -> tuple[Response, int]:
    return _told("made", services().administration.create(body())), 201


@blueprint.patch("/<account_id>")
@may("account.manage")
def change(account_id: str) -> Response:
    changed = services().administration.change(account_id, body())
    return _told("made an administrator of" if changed.is_admin else "made no administrator of", changed)


@blueprint.post("/<account_id>/disable")
@may("account.manage")
def disable(account_id: str) -> Response:
    return _told("disabled", services().administration.disable(account_id))


@blueprint.post("/<account_id>/enable")
@may("account.manage")
def enable(account_id: str) -> Response:
    return _told("enabled", services().administration.enable(account_id))


@blueprint.post("/<account_id>/reset")
@may("account.manage")
def reset(account_id: str) -> tuple[Response, int]:
    """The link that gives it a new password."""
    link = services().invitations.reset(actor(), account_id)
    log.info("%s made a link that sets the password of account %s", actor(), account_id)
    return jsonify(link), 201


def _told(deed: str, account: AccountSummary) -> Response:
    log.info("%s %s account %s %r", actor(), deed, account.id, account.name)
    return jsonify(account)
