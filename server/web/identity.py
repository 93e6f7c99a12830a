"""Who sends a request: the one person of a server without accounts, an account's browser or program, this machine's own
commands, a visitor, or a guest."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from ..config import Settings
from ..domain.policy import GUEST, OWNER, Actor
from ..errors import Unauthorized, VisitEnded
from . import credentials

Known = Callable[[str], Actor | None]
IsMember = Callable[[Actor, str], bool]


class Identity:
    """`of_sign_in`, `of_token`, `of_visit`: whoever a secret is of, out of a cookie or an `Authorization` header; None:
    nobody. `is_member`: whether an account has a role in a project.

    `machine_secret` is this run's. Who can read it in the data folder is at this machine, and acts as its owner."""

    def __init__(
        self, settings: Settings, of_sign_in: Known, of_token: Known, of_visit: Known, is_member: IsMember
    ) -> None:
        self._is_team = settings.is_team
        self._of_sign_in, self._of_token, self._of_visit = of_sign_in, of_token, of_visit
        self._is_member = is_member
        self.machine_secret = secrets.token_urlsafe(32)

    def actor(self, environ: Mapping[str, Any]) -> Actor:
        """Of a request that `auth` lets in; `environ` of WSGI, the socket's handshake has one too. A visit goes before
        a sign-in that has no role in the project: it was begun to see what the account does not. Raises Unauthorized
        for a token that is nobody's and for a visit that has ended, so that also those hear of it who are let in as
        guests."""
        if not self._is_team:
            return OWNER
        token = credentials.bearer(environ)
        if token is not None:
            return self._of_bearer(token)
        visit = credentials.cookie(environ, credentials.VISIT)
        visitor = self._of_visit(visit) if visit else None
        account = self.signed_in(environ)
        if visitor is not None and visitor.visit is not None:
            project_id = visitor.visit.project_id
            return account if account is not None and self._is_member(account, project_id) else visitor
        if account is None and visit:
            raise VisitEnded()
        return account or GUEST

    def signed_in(self, environ: Mapping[str, Any]) -> Actor | None:
        """Whose sign-in the browser has, also where a visit goes before it."""
        secret = credentials.cookie(environ)
        return self._of_sign_in(secret) if secret else None

    def _of_bearer(self, token: str) -> Actor:
        own = hmac.compare_digest(token.encode("utf-8", "replace"), self.machine_secret.encode())
        found = OWNER if own else self._of_token(token)
        if found is None:
            raise Unauthorized(
                "This API token is not valid: it was deleted, has expired, or was never one.",
                hint="Send one as `Authorization: Bearer smp_...`; the account's page makes them.",
            )
        return found
