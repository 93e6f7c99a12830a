"""/sign-in/oidc: to the provider, and back; and the identities there that sign in to one's account."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, after_this_request, jsonify, request

from ....contract import parse
from ....errors import BadRequest, NotFound
from ....services import services
from ....web import credentials
from ....web.acting import actor, may
from ....web.onward import onward
from ..http import address, body, browser, cookie, need_accounts, put_sign_in
from ..schema import SIGN_IN_WITH_PROVIDER, InvitationSecret
from .flows import SECONDS
from .schema import IdentityList, ProviderAddress

if TYPE_CHECKING:
    from .service import Begun, Identities

blueprint = Blueprint("oidc", __name__)

_COOKIE = "oidc"


def _identities() -> "Identities":
    """Raises NoAccounts; NotFound on a server without a provider."""
    need_accounts()
    found = services().identities
    if found is None:
        raise NotFound("This server has no sign-in provider.", hint="Start it with --oidc-issuer.")
    return found


def _return_to() -> str:
    """The whole address at which people come back, as they reach this server."""
    return f"{request.root_url.rstrip('/')}{SIGN_IN_WITH_PROVIDER}/return"


def _kept(response: Response, begun: "Begun") -> Response:
    return credentials.put_cookie(response, begun.sealed, SECONDS, _COOKIE)


def _told(begun: "Begun") -> Response:
    return _kept(jsonify(ProviderAddress(begun.address)), begun)


@blueprint.get(SIGN_IN_WITH_PROVIDER)
@may("public")
def enter() -> Response:
    """On to the provider; `?next=` is the page to show afterwards."""
    begun = _identities().enter(_return_to(), onward(request.args.get("next", "")))
    response = Response(status=303)
    response.headers["Location"] = begun.address
    return _kept(response, begun)


@blueprint.get(f"{SIGN_IN_WITH_PROVIDER}/return")
@may("public")
def come_back() -> Response:
    """Where the provider sends people back. What the browser kept is for one attempt."""
    identities, kept = _identities(), credentials.cookie(request.environ, _COOKIE)
    after_this_request(lambda response: credentials.put_cookie(response, "", 0, _COOKIE))
    answer = request.args.to_dict()
    came = identities.come_back(kept, answer, _return_to(), actor(), address(), browser(), cookie())
    response = Response(status=303)
    response.headers["Location"] = request.script_root + came.onward
    return response if came.signed is None else put_sign_in(response, came.signed)


@blueprint.post("/api/invitations/provider")
@may("public")
def accept() -> Response:
    """To follow a link without a password."""
    asked = parse(InvitationSecret, body(), BadRequest)
    return _told(_identities().accept(asked.secret, address(), _return_to()))


@blueprint.get("/api/account/identities")
@may("account.use")
def list_identities() -> Response:
    return jsonify(IdentityList(_identities().list(actor())))


@blueprint.post("/api/account/identities")
@may("account.use")
def link() -> Response:
    """To have one's account signed in to by the provider, too."""
    return _told(_identities().link(actor(), _return_to()))


@blueprint.delete("/api/account/identities/<identity_id>")
@may("account.use")
def remove(identity_id: str) -> tuple[str, int]:
    _identities().remove(actor(), identity_id)
    return "", 204
