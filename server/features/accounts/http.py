"""/api/account: who asks, signing in and out, and one's own account."""

from flask import Blueprint, Response, jsonify, request

from ...contract import parse
from ...domain.policy import Actor
from ...errors import BadRequest, NoAccounts
from ...services import services
from ...web import credentials
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.clients import address_of
from ...web.context import settings
from .oidc.opening import name_of_provider
from .schema import (
    SIGN_IN_WITH_PROVIDER,
    Account,
    ApiTokenList,
    OfferedProvider,
    SignInList,
    SignOut,
    Visit,
    Visitor,
)
from .service import SIGN_IN_DAYS, SignedIn

blueprint = Blueprint("account", __name__, url_prefix="/api/account")

_MOST_BYTES = 20_000


def need_accounts() -> None:
    """Raises NoAccounts on a server for the one person at its machine."""
    if not settings().is_team:
        raise NoAccounts()


def body() -> dict[str, object]:
    """The request's JSON object, which a few lines make. Raises BadRequest, NoAccounts."""
    need_accounts()
    return json_body(_MOST_BYTES)


def address() -> str:
    return address_of(request.environ)


def browser() -> str:
    return request.headers.get("User-Agent", "")


def cookie() -> str | None:
    return credentials.cookie(request.environ)


def visit_cookie() -> str | None:
    return credentials.cookie(request.environ, credentials.VISIT)


def visit_of(who: Actor) -> Visit | None:
    """None for who is no visitor."""
    visit = who.visit
    return visit and Visit(who.id, visit.kind, visit.project_id, visit.image_id, visit.sandbox, who.name)


def put_sign_in(response: Response, signed: SignedIn) -> Response:
    """A browser that signs in visits nothing any more."""
    if (visit := visit_cookie()) is not None:
        services().visits.end(visit)
    credentials.forget_visit(response)
    return credentials.put_cookie(response, signed.secret, SIGN_IN_DAYS * 24 * 3600)


def welcome(signed: SignedIn) -> Response:
    """The cookie, and who has it."""
    account = signed.account
    visitor = Visitor("team", Account(account.id, account.name, account.is_admin), offered_provider())
    return put_sign_in(jsonify(visitor), signed)


def offered_provider() -> OfferedProvider | None:
    """With which people may sign in here; None: with a password only."""
    if services().identities is None:
        return None
    return OfferedProvider(name_of_provider(settings()), SIGN_IN_WITH_PROVIDER)


@blueprint.get("")
@may("public")
def visitor() -> Response:
    """Whom the server takes the sender for."""
    mode = "team" if settings().is_team else "local"
    who = actor()
    return jsonify(Visitor(mode, services().accounts.of(who), offered_provider(), visit_of(who)))


@blueprint.patch("")
@may("account.use")
def change() -> Response:
    return jsonify(services().accounts.change(actor(), body()))


@blueprint.post("/sign-in")
@may("public")
def sign_in() -> Response:
    return welcome(services().accounts.sign_in(body(), address(), browser(), cookie()))


@blueprint.post("/sign-out")
@may("account.use")
def sign_out() -> tuple[Response, int]:
    everywhere = parse(SignOut, body(), BadRequest).everywhere
    services().accounts.sign_out(actor(), cookie(), everywhere)
    return credentials.clear_cookie(Response()), 204


@blueprint.post("/password")
@may("account.use")
def password() -> Response:
    """All sign-ins end but this one, which gets another cookie."""
    return welcome(services().accounts.change_password(actor(), body(), browser()))


@blueprint.get("/sign-ins")
@may("account.use")
def sign_ins() -> Response:
    need_accounts()
    return jsonify(SignInList(services().accounts.sign_ins(actor(), cookie())))


@blueprint.delete("/sign-ins/<sign_in_id>")
@may("account.use")
def end_sign_in(sign_in_id: str) -> tuple[str, int]:
    need_accounts()
    services().accounts.end_sign_in(actor(), sign_in_id)
    return "", 204


@blueprint.get("/tokens")
@may("account.use")
def tokens() -> Response:
    need_accounts()
    return jsonify(ApiTokenList(services().api_tokens.list(actor())))


@blueprint.post("/tokens")
@may("account.use")
def make_token() -> tuple[Response, int]:
    """The only answer with the token's secret."""
    return jsonify(services().api_tokens.create(actor(), body())), 201


@blueprint.delete("/tokens/<token_id>")
@may("account.use")
def delete_token(token_id: str) -> tuple[str, int]:
    need_accounts()
    services().api_tokens.delete(actor(), token_id)
    return "", 204
