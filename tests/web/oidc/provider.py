"""An OpenID Connect provider on this machine, which keeps to the rules but where a test says otherwise."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.serving import Quiet, serving

CLIENT, SECRET = "samphire", "the client's secret"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, auto_kid=False)


class Provider:
    """`claims`: what tokens say besides; None leaves a claim out. `sign(claims)` makes the token. `answers`: what
    addresses answer with, (status, headers, object), instead of what they should. `asked`: (path, form) of requests."""

    def __init__(self, base: str) -> None:
        self.issuer = f"{base}/team"
        self.keys = [KEY]
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.sign = sign
        self.answers: dict[str, tuple[int, dict[str, str], Any]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.tokens: list[str] = []
        self._codes: dict[str, dict[str, Any]] = {}

    def sign_in(self, address: str, subject: str, **claims: Any) -> str:
        """Somebody signs in, whom our server sent to this address: the query they are sent back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = token_urlsafe()
        self._codes[code] = asked | {"claims": {"sub": subject} | claims}
        return urlencode({"code": code, "state": asked["state"], "iss": self.issuer})

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        asked = self._codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        pair = base64.b64encode(f"{CLIENT}:the+client%27s+secret".encode()).decode()
        if authorization != f"Basic {pair}":
            return 401, {"error": "invalid_client"}
        if (
            asked is None
            or form["grant_type"] != "authorization_code"
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge"] != proof.rstrip(b"=").decode()
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= asked["claims"] | self.claims
        token = self.sign({name: value for name, value in claims.items() if value is not None})
        self.tokens.append(token)
        return 200, {"access_token": "an access token", "token_type": "Bearer", "id_token": token}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, str], Any]:
        self.asked.append((path, form))
        if path in self.answers:
            return self.answers[path]
        if path == "/team/.well-known/openid-configuration":
            found = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            return 200, {}, found | self.described
        if path == "/team/keys":
            return 200, {}, {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path == "/team/token":
            status, told = self.redeem(form, authorization)
            return status, {}, told
        return 404, {}, {}


def sign(claims: dict[str, Any], key: Any = KEY, alg: str = "RS256", kid: str = "first") -> str:
    return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers until the block ends."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            self._tell({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._tell({name: values[0] for name, values in parse_qs(body).items()})

        def _tell(self, form: dict[str, str]) -> None:
            status, headers, told = made.answer(self.path, form, self.headers.get("Authorization", ""))
            self.reply(status, told if isinstance(told, bytes) else json.dumps(told).encode(), headers)

    with serving(Handler) as base:
        made = Provider(base)
        yield made
