"""Which content coding (RFC 9110, 8.4) to answer in."""

from collections.abc import Sequence

from werkzeug.datastructures import Accept


def choose_coding(accepted: Accept, offered: Sequence[str]) -> str:
    """The coding a client likes best of those offered; between equals the first one; "identity" when it
    wants none.

    `accepted`: the request's `accept_encodings`, with their q-values."""
    best, quality = "identity", 0.0
    for coding in offered:
        if accepted[coding] > quality:
            best, quality = coding, accepted[coding]
    listed = dict(accepted)
    return "identity" if listed.get("identity", 0.0) > quality else best
