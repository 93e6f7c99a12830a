"""What S3 looks at and moto does not: whether the clock of who asks is right, and whether an address was signed for
this very request, and has not expired (Signature Version 4, in the query)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

_SKEW = timedelta(minutes=15)
_PLAIN = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}  # without HTTP_ in WSGI


def refusal(environ: Mapping[str, Any], secret: str) -> str | None:
    """S3's code for why the request is refused. `secret`: the only key there is."""
    if environ["REQUEST_METHOD"] == "OPTIONS":  # a browser's, before its request
        return None
    asked = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    moment = asked.get("X-Amz-Date") or environ.get("HTTP_X_AMZ_DATE")
    if moment is None:
        return None
    age = datetime.now(UTC) - datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    signature = asked.pop("X-Amz-Signature", None)
    if signature is None:
        return "RequestTimeTooSkewed" if abs(age) > _SKEW else None
    if not -_SKEW < age <= timedelta(seconds=int(asked["X-Amz-Expires"])):
        return "AccessDenied"
    return (
        None
        if hmac.compare_digest(_signature(environ, asked, secret), signature)
        else "SignatureDoesNotMatch"
    )


def _signature(environ: Mapping[str, Any], asked: Mapping[str, str], secret: str) -> str:
    names = asked["X-Amz-SignedHeaders"].split(";")
    headers = "".join(f"{name}:{environ.get(_PLAIN.get(name, _wsgi(name)), '')}\n" for name in names)
    query = "&".join(f"{quote(name, '')}={quote(value, '')}" for name, value in sorted(asked.items()))
    parts = environ["REQUEST_METHOD"], quote(environ["PATH_INFO"]), query, headers
    request = "\n".join([*parts, ";".join(names), "UNSIGNED-PAYLOAD"])
    _, *scope = asked["X-Amz-Credential"].split("/")
    digest = hashlib.sha256(request.encode()).hexdigest()
    signed = "\n".join(["AWS4-HMAC-SHA256", asked["X-Amz-Date"], "/".join(scope), digest])
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, signed.encode(), "sha256").hex()


def _wsgi(name: str) -> str:
    return "HTTP_" + name.upper().replace("-", "_")
