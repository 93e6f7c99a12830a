"""Secrets that are made here and given away once: 256 random bits, of which the database keeps the sha256. They are
looked up by it, so that nothing is compared with a secret, byte by byte, in an attacker's time."""

import hashlib
import secrets

TOKEN_PREFIX = "smp_"  # by which people and scanners of source code know one


def make(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def public_id(secret_hash: str) -> str:
    """What names a row to others, and tells neither the secret nor the hash that finds it."""
    return hashlib.sha256(f"id {secret_hash}".encode()).hexdigest()[:16]
