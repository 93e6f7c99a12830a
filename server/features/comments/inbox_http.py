"""/api/account/inbox: what concerns whoever asks, in all their projects."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.context import whole_number
from ..accounts.http import body, need_accounts

blueprint = Blueprint("inbox", __name__, url_prefix="/api/account/inbox")
blueprint.before_request(need_accounts)


@blueprint.get("")
@may("account.use")
def page() -> Response:
    """The newest first, after the item `before`."""
    before = whole_number("before", 0)
    return jsonify(services().inbox.page(actor(), min(before, 2**53) if before > 0 else None))


@blueprint.get("/unread")
@may("account.use")
def unread() -> Response:
    return jsonify(services().inbox.unread(actor()))


@blueprint.post("/read")
@may("account.use")
def read() -> Response:
    """Mark something as read; how much is left."""
    return jsonify(services().inbox.read(actor(), body()))
