"""Passwords as they are stored and compared: argon2id, in native threads, for known and unknown names alike."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ...runtime.pools import Pools


class Passwords:
    """Each call takes some tens of milliseconds of several cores, and 64 MiB; clients take turns."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._hasher = PasswordHasher()  # of RFC 9106 the second choice: 64 MiB, three passes
        self._nobodys: str | None = None  # compared with where there is no password: it takes as long

    def hash(self, password: str) -> str:
        return self._pools.compute(self._hasher.hash, _plain(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """`stored`: of an account that has one."""
        return self._pools.compute(self._matches, stored, _plain(password))

    def _matches(self, stored: str | None, password: str) -> bool:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash(secrets.token_hex())
        try:
            return self._hasher.verify(stored or self._nobodys, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def _plain(password: str) -> bytes:
    """One form of the same characters, whichever keyboard they come from."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
