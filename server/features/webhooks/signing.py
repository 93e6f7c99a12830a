"""Signatures of what is sent to webhooks, as https://www.standardwebhooks.com has them: libraries of many languages
check them."""

import base64
import hashlib
import hmac
import secrets

_PREFIX = "whsec_"
_BYTES = 32


def make_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sign(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """The header `webhook-signature`: HMAC-SHA256 of the id, the time and the body. `seconds`: since 1970."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
