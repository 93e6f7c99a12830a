"""Requests to one server: connections that are kept, retries of what may be sent twice, and errors as exceptions.

What is sent again: anything when no connection came about; else only what is declared `repeatable`, after a broken
connection, 429 and 502 to 504. Pauses double from half a second, with jitter, or are as long as `Retry-After` says.
"""

import json
import random
import time
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from ..errors import SamphireError
from ..paths import VERSION
from .errors import NotSamphire, Unreachable, error_of

CONNECT_SECONDS = 10.0
LONGEST_PAUSE = 60.0  # a server that asks to wait longer is not waited for
_FIRST_PAUSE, _LONGEST_OWN_PAUSE = 0.5, 20.0
_AGAIN = (429, 502, 503, 504)
_NOTHING_SENT = (ConnectTimeoutError, NewConnectionError, NameResolutionError)


class Body(Protocol):
    """Something to send that may be sent again, from its start."""

    content_type: str

    def __len__(self) -> int: ...
    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, position: int, /) -> object: ...


class Connection:
    """To the server at `url`, with its base path. Threads may share one."""

    def __init__(self, url: str, token: str | None, timeout: float, retries: int) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"The address of a server begins with http:// or https://, not as {url!r}.")
        self.url = url.split("?")[0].split("#")[0].rstrip("/")
        self._retries = retries
        self._headers = {"User-Agent": f"samphire-client/{VERSION}", "Accept": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        kept = urllib3.Timeout(connect=min(CONNECT_SECONDS, timeout), read=timeout)
        self._pool = urllib3.PoolManager(maxsize=8, timeout=kept, retries=False)

    def close(self) -> None:
        self._pool.clear()

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer's JSON object. Raises SamphireError, as all of these."""
        return self.ask("GET", path, query=query, repeatable=True)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        repeatable: bool,
        file: Body | None = None,
    ) -> dict[str, Any]:
        """`body`: JSON; `file`: bytes instead. An answer without content is an empty object."""
        answer = self.send(method, path, body, query=query, repeatable=repeatable, file=file)
        return {} if answer.status == 204 else _json(answer)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        repeatable: bool,
        file: Body | None = None,
        headers: Mapping[str, str] | None = None,
        streamed: bool = False,
    ) -> BaseHTTPResponse:
        """The answer, of a status below 300. `streamed`: its body is not read yet; release or close it then."""
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        address = self.url + path + (f"?{urlencode(wanted)}" if wanted else "")
        sent = {**self._headers, **(headers or {})}
        data: Any = file
        if file is not None:
            sent |= {"Content-Type": file.content_type, "Content-Length": str(len(file))}
        elif body is not None:
            data = json.dumps(body, separators=(",", ":")).encode()
            sent["Content-Type"] = "application/json"
        again = False
        for attempt in range(self._retries + 1):
            if file is not None:
                file.seek(0)
            try:
                answer = self._pool.request(
                    method, address, body=data, headers=sent, redirect=False, preload_content=not streamed
                )
            except LocationParseError as error:
                raise Unreachable(f"There is no such address: {error}") from None
            except HTTPError as error:
                failed: SamphireError = _unreachable(self.url, error)
                pause = _pause(attempt)
                may = (repeatable or isinstance(error, _NOTHING_SENT)) and not isinstance(error, SSLError)
            else:
                if answer.status < 300:
                    return answer
                failed, asked = self._refusal(answer)
                if again:  # an attempt before may have done it
                    failed.details["repeated"] = True
                may = repeatable and answer.status in _AGAIN and (asked or 0) <= LONGEST_PAUSE
                pause = max(asked or 0, _pause(attempt))
            if not may or attempt == self._retries:
                raise failed
            again = True
            time.sleep(pause)
        raise AssertionError("Unreachable: the last attempt returns or raises.")

    def _refusal(self, answer: BaseHTTPResponse) -> tuple[SamphireError, float | None]:
        """What an answer says that is no success, and after how many seconds to ask again."""
        if 300 <= answer.status < 400:
            answer.drain_conn()
            where = answer.headers.get("Location", "nowhere")
            return NotSamphire(f"{self.url} leads to {where}.", hint="Use that address."), None
        try:
            error = error_of(answer.status, json.loads(answer.data))
        except (ValueError, HTTPError):
            error = error_of(answer.status, None)
        told = answer.headers.get("Retry-After", "")
        error.retry_after_s = int(told) if told.isdigit() else None
        return error, error.retry_after_s


def _json(answer: BaseHTTPResponse) -> dict[str, Any]:
    try:
        told = json.loads(answer.data)
    except ValueError:
        raise NotSamphire() from None
    if not isinstance(told, dict):
        raise NotSamphire()
    return told


def _pause(attempt: int) -> float:
    """Seconds before the next attempt: up to twice as long as before, at random."""
    return min(_FIRST_PAUSE * 2**attempt, _LONGEST_OWN_PAUSE) * random.uniform(0.5, 1.0)


def _unreachable(url: str, error: HTTPError) -> Unreachable:
    if isinstance(error, SSLError):
        return Unreachable(
            f"{url} has no certificate that can be trusted: {error}",
            hint="Name your own authority's certificates in the variable SSL_CERT_FILE.",
        )
    return Unreachable(f"{url} does not answer: {error}")
