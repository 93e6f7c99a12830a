"""A server that is running already, asked over HTTP by commands that cannot have its data folder meanwhile."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from ..errors import SamphireError, Unauthorized, Unavailable

_SECONDS = 60.0


class RunningServer:
    """`address`: of its first page. `token`: what it asks for on other addresses than loopback ones."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address.rstrip("/"), token
        self._opener = build_opener(ProxyHandler({}))  # it is on this machine

    def answers(self) -> bool:
        try:
            self.ask("GET", "/healthz")
        except Unavailable:
            return False
        return True

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON. Raises what the server says as a SamphireError; Unauthorized; Unavailable when there is
        no answer."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._address + path, data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return json.load(answer)
        except HTTPError as refused:
            raise _said(refused) from None
        except (URLError, OSError, ValueError):
            raise Unavailable(f"The server at {self._address} does not answer.") from None


def _said(refused: HTTPError) -> SamphireError:
    if refused.code == Unauthorized.status:
        return Unauthorized(hint="Give it with --token, or in the variable SAMPHIRE_TOKEN.")
    try:
        error = json.load(refused)["error"]
        return SamphireError(str(error["message"]), hint=str(error["hint"]))
    except (ValueError, KeyError, TypeError):
        return SamphireError(f"The server returned {refused.code} {refused.reason}.")
