"""ID tokens: whether the provider signed one, and whether its time is now."""

import time
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from ....errors import ProviderUnavailable, SignInRefused
from .fetching import Fetcher, log

# Signatures that only who has the provider's private key can make: neither "none", nor with a secret that we have too.
ALGORITHMS = tuple(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
_LEEWAY_SECONDS = 60
_KNOWN_SECONDS = 3600.0
_AGAIN_SECONDS = 30.0  # keys are asked for again when a token names one that is new, and not more often
_TIMES = jwt.JWTClaimsRegistry(leeway=_LEEWAY_SECONDS, exp={"essential": True}, iat={"essential": True})


class Keys:
    """The provider's public keys, which it changes now and then."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: tuple[float, KeySet] | None = None

    def get(self, address: str, anew: bool = False) -> KeySet:
        """`anew`: those that are known lack one. Raises ProviderUnavailable."""
        if self._known is None or time.monotonic() - self._known[0] > (
            _AGAIN_SECONDS if anew else _KNOWN_SECONDS
        ):
            found: Any = self._fetcher.get(address)
            try:
                self._known = (time.monotonic(), KeySet.import_key_set(found))
            except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                log.warning("The keys of the sign-in provider cannot be read: %s", error)
                raise ProviderUnavailable() from None
        return self._known[1]


def claims_of(token: str, keys: Keys, address: str) -> dict[str, Any]:
    """What a token says. `address`: of the keys. Raises SignInRefused, ProviderUnavailable."""
    try:
        try:
            found = jwt.decode(token, keys.get(address), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            found = jwt.decode(token, keys.get(address, anew=True), algorithms=ALGORITHMS)
        _TIMES.validate(found.claims)
    except (JoseError, ValueError, TypeError) as error:
        log.warning("The sign-in provider gave a token that does not count: %s", type(error).__name__)
        raise SignInRefused() from None
    return found.claims
