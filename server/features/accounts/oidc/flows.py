"""What a browser keeps while its person is at the provider, so that nobody can come back in their place."""

import secrets
from typing import Literal, NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer

from ....errors import SignInRefused

SECONDS = 600
_RANDOM_BYTES = 32
Purpose = Literal["enter", "accept", "link"]


class Flow(NamedTuple):
    """`state` comes back with the answer, `nonce` in the token, `verifier` is proof to the provider that it is us.

    `purpose`: to sign in; to follow a link, whose secret is `detail`; to tie the identity to an account, whose id that
    is. `onward`: the page that was asked for, below the server's address."""

    state: str
    nonce: str
    verifier: str
    purpose: Purpose
    detail: str
    onward: str


class Flows:
    """Sealed with a key, so that what comes back is what was given, and not older than `SECONDS`."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="oidc")

    @staticmethod
    def begin(purpose: Purpose, detail: str, onward: str) -> Flow:
        state, nonce, verifier = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
        return Flow(state, nonce, verifier, purpose, detail, onward)

    def seal(self, flow: Flow) -> str:
        sealed = self._serializer.dumps(list(flow))
        return sealed if isinstance(sealed, str) else sealed.decode("ascii")

    def open(self, sealed: str | None) -> Flow:
        """Raises SignInRefused."""
        try:
            return Flow(*self._serializer.loads(sealed or "", max_age=SECONDS))
        except BadSignature:
            raise SignInRefused(
                "This sign-in was not begun in this browser, or took too long.", hint="Sign in again."
            ) from None
