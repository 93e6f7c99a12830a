"""Requests to one server: connections that are kept, retries of what may be sent twice, and errors as exceptions.

A request is sent again if no connection could be made; if it is `repeatable`, also after a broken connection, 429 and
502 to 504. Pauses double from half a second, with jitter, or are as long as `Retry-After` says.
"""

import json
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
from .waiting import wait_to_retry

CONNECT_SECONDS = 10.0
LONGEST_PAUSE = 60.0  # a server that asks to wait longer is not waited for
_AGAIN = (429, 502, 503, 504)
_PERHAPS_DONE = (502, 504)  # a proxy had no answer; the server itself may have done it
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
        """`body`: JSON; `file`: bytes instead. An answer without content is an empty object. An error that follows an
        attempt which may have succeeded has "repeated" in its details."""
        headers: dict[str, str] = {}
        content: Any = file
        if file is not None:
            headers = {"Content-Type": file.content_type, "Content-Length": str(len(file))}
        elif body is not None:
            headers = {"Content-Type": "application/json"}
            content = json.dumps(body, separators=(",", ":")).encode()
        answer = self._send(method, path, query, content, headers, repeatable=repeatable)
        return {} if answer.status == 204 else _json(answer)

    def text(self, path: str, query: Mapping[str, Any]) -> str:
        """An answer that is no JSON."""
        answer = self._send("GET", path, query, None, {"Accept": "text/html"}, repeatable=True)
        try:
            return answer.data.decode("utf-8")
        except UnicodeDecodeError:
            raise NotSamphire() from None

    def open(self, path: str, query: Mapping[str, Any], headers: Mapping[str, str]) -> BaseHTTPResponse:
        """An answer whose body is not read yet: close it."""
        return self._send("GET", path, query, None, headers, repeatable=True, streamed=True)

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        content: Any,
        headers: Mapping[str, str],
        *,
        repeatable: bool,
        streamed: bool = False,
    ) -> BaseHTTPResponse:
        """The answer, of a status below 300."""
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        address = self.url + path + (f"?{urlencode(wanted)}" if wanted else "")
        attempt, perhaps_done = 0, False
        while True:
            if hasattr(content, "seek"):
                content.seek(0)
            try:
                answer = self._pool.request(
                    method, address, body=content, headers={**self._headers, **headers}, redirect=False,
                    preload_content=not streamed,
                )  # fmt: skip
            except LocationParseError as error:
                raise Unreachable(f"There is no such address: {error}") from None
            except HTTPError as error:
                failed: SamphireError = _unreachable(self.url, error)
                sent = not isinstance(error, _NOTHING_SENT)
                again = (repeatable or not sent) and not isinstance(error, SSLError)
            else:
                if answer.status < 300:
                    return answer
                failed = self._refusal(answer)
                sent = answer.status in _PERHAPS_DONE
                again = repeatable and answer.status in _AGAIN
            asked = failed.retry_after_s or 0
            if not again or attempt == self._retries or asked > LONGEST_PAUSE:
                if perhaps_done:
                    failed.details["repeated"] = True
                raise failed
            perhaps_done = perhaps_done or sent
            wait_to_retry(attempt, asked)
            attempt += 1

    def _refusal(self, answer: BaseHTTPResponse) -> SamphireError:
        """What an answer says that is no success."""
        if 300 <= answer.status < 400:
            answer.drain_conn()
            where = answer.headers.get("Location", "nowhere")
            return NotSamphire(f"{self.url} leads to {where}.", hint="Use that address.")
        try:
            error = error_of(answer.status, json.loads(answer.data))
        except (ValueError, HTTPError):
            error = error_of(answer.status, None)
        after = answer.headers.get("Retry-After", "")
        error.retry_after_s = int(after) if after.isdigit() else None
        return error


def _json(answer: BaseHTTPResponse) -> dict[str, Any]:
    try:
        told = json.loads(answer.data)
    except ValueError:
        raise NotSamphire() from None
    if not isinstance(told, dict):
        raise NotSamphire()
    return told


def _unreachable(url: str, error: HTTPError) -> Unreachable:
    if isinstance(error, SSLError):
        return Unreachable(
            f"{url} has no certificate that can be trusted: {error}",
            hint="Name your own authority's certificates in the variable SSL_CERT_FILE.",
        )
    return Unreachable(f"{url} does not answer: {error}")
