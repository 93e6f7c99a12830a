"""A provider of OpenID Connect: where it sends people to sign in, and who somebody is that came back with a code.

Follows OpenID Connect Core 1.0, sections 3.1 and 2, with PKCE (RFC 7636) and the issuer in the answer (RFC 9207).
"""

import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

from ....errors import ProviderUnavailable, SignInRefused
from .fetching import Fetcher, log
from .tokens import Keys, claims_of

_KNOWN_SECONDS = 3600.0  # for which the provider's description and keys are not asked for again
_WELL_KNOWN = "/.well-known/openid-configuration"
_SUBJECT_CHARACTERS = 255
_NAMES = ("name", "preferred_username", "nickname", "email")


class Person(NamedTuple):
    """Who somebody is to the provider. `subject` alone is theirs for ever; `name`: how it calls them; may be empty."""

    issuer: str
    subject: str
    name: str


class Provider:
    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer, self._client_id, self._client_secret = issuer, client_id, client_secret
        self._fetcher = Fetcher(on_this_machine=issuer.startswith("http:"))
        self._known: tuple[float, dict[str, Any]] | None = None
        self._keys = Keys(self._fetcher)

    def address(self, return_to: str, state: str, nonce: str, verifier: str) -> str:
        """Where to send somebody who wants to sign in. `verifier` stays here. Raises ProviderUnavailable."""
        parts = urlsplit(self._fetcher.check(self._described().get("authorization_endpoint")))
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": return_to,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *asked.items()])))

    def person(self, answer: Mapping[str, str], return_to: str, nonce: str, verifier: str) -> Person:
        """Who came back, with this answer in the query. What else the provider gives is forgotten at once.

        Raises SignInRefused, ProviderUnavailable."""
        described = self._described()
        self._check_sender(answer, described)
        token = self._redeem(described, answer["code"], return_to, verifier)
        claims = claims_of(token, self._keys, self._fetcher.check(described.get("jwks_uri")))
        self._check_claims(claims, nonce)
        return Person(self.issuer, claims["sub"], _name(claims))

    def _check_sender(self, answer: Mapping[str, str], described: Mapping[str, Any]) -> None:
        """That no other provider sent somebody here, and that they were let in."""
        needs_issuer = described.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if needs_issuer else self.issuer) != self.issuer:
            raise _refused("an answer of another issuer")
        if "error" in answer:
            log.info("The sign-in provider said %r.", answer["error"][:100])
            raise SignInRefused("The sign-in provider did not let you in.", hint="Try again, or ask there.")
        if not answer.get("code"):
            raise _refused("an answer without a code")

    def _redeem(self, described: Mapping[str, Any], code: str, return_to: str, verifier: str) -> str:
        """The ID token that a code stands for."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_to,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        headers: dict[str, str] = {}
        ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self._client_secret and "client_secret_basic" in ways:
            pair = f"{quote_plus(self._client_id)}:{quote_plus(self._client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif self._client_secret:
            form["client_secret"] = self._client_secret
        address = self._fetcher.check(described.get("token_endpoint"))
        token = self._fetcher.post(address, form, headers).get("id_token")
        if not isinstance(token, str):
            raise _refused("no ID token")
        return token

    def _check_claims(self, claims: Mapping[str, Any], nonce: str) -> None:
        """Whose token it is, and that it is for us and for this very sign-in; its time is looked at already."""
        audience, subject = claims.get("aud"), claims.get("sub")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.issuer:
            raise _refused("a token of another issuer")
        if self._client_id not in audiences or claims.get("azp", self._client_id) != self._client_id:
            raise _refused("a token for another client")
        if len(audiences) > 1 and "azp" not in claims:
            raise _refused("a token for several clients")
        if claims.get("nonce") != nonce:
            raise _refused("a token of another sign-in")
        if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_CHARACTERS:
            raise _refused("a token of nobody")

    def _described(self) -> dict[str, Any]:
        """The provider's description of itself. Raises ProviderUnavailable."""
        if self._known is None or time.monotonic() - self._known[0] > _KNOWN_SECONDS:
            found = self._fetcher.get(self.issuer.rstrip("/") + _WELL_KNOWN)
            if found.get("issuer") != self.issuer:
                log.warning("--oidc-issuer is %r, but it calls itself %r.", self.issuer, found.get("issuer"))
                raise ProviderUnavailable()
            self._known = (time.monotonic(), found)
        return self._known[1]


def _name(claims: Mapping[str, Any]) -> str:
    """Without what follows an @, since others read it."""
    named = (claims.get(each) for each in _NAMES)
    short = (each.partition("@")[0].strip() for each in named if isinstance(each, str))
    return next(filter(None, short), "")


def _refused(what: str) -> SignInRefused:
    log.warning("The sign-in provider gave %s.", what)
    return SignInRefused()
