"""A Samphire server in a process of its own, started as a person starts it, and what is asked of it over HTTP."""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ...config import Settings
from ..bundled import FOLDER, PROGRAM

_READY = re.compile(r"ready at (http://\S+)")
_STOP_SECONDS = 15
_ENCODE_SECONDS = 300
_POLL_SECONDS = 0.05
_PASSED_ON = ("encode_threads", "decode_workers", "segmenter")  # settings that change what is measured


class Address(NamedTuple):
    """Where a server answers, and what it is asked; `url`: without a slash at the end."""

    host: str
    port: int
    url: str

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Headers (lower case) and body of a 2xx answer. Raises HTTPException with the server's words else."""
        connection = HTTPConnection(self.host, self.port, timeout=120)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise HTTPException(
                f"{method} {path} answered {answer.status}: {data[:200].decode(errors='replace')}"
            )
        return {name.lower(): value for name, value in answer.getheaders()}, data

    def upload(
        self, name: str, picture: bytes, into: str = "/api/images", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Give it a picture at the address `into`; the image's JSON."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return json.loads(self.ask("POST", into, body, {**(headers or {}), **kind})[1])

    def encoded(
        self, name: str, picture: bytes, into: str = "/api/images", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """As `upload`; the image's JSON once it has its embedding."""
        image = self.upload(name, picture, into, headers)
        self.ask("POST", f"/api/images/{image['id']}/embedding", headers=headers)
        deadline = time.monotonic() + _ENCODE_SECONDS
        while (state := image["embedding"]["state"]) != "ready":
            if state == "failed" or time.monotonic() > deadline:
                raise RuntimeError(f"{name} was not encoded: {image['embedding']['error'] or state}")
            time.sleep(_POLL_SECONDS)
            image = json.loads(self.ask("GET", f"/api/images/{image['id']}", headers=headers)[1])
        return image


def address_of(url: str) -> Address:
    parts = urlsplit(url)
    return Address(str(parts.hostname), int(parts.port or 80), url.rstrip("/"))


class SamphireServer:
    """`samphire serve` on a free port of 127.0.0.1 with an empty data folder."""

    def __init__(
        self,
        data: Path,
        settings: Settings,
        *more: str,
        static: Path | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        """`more`: words of the command line; `secrets`: settings that nobody else is to see, by their variables;
        `static`: served in place of the program's own, see `lab/bundled.py`.

        Raises RuntimeError with the server's own words when it does not start."""
        given = [
            word
            for name in _PASSED_ON
            for word in (f"--{name.replace('_', '-')}", str(getattr(settings, name)))
        ]
        words = ["serve", "--no-open-browser", "--port", "0", "--log-level", "warning", "--data", str(data)]
        source = str(Path(__file__).resolve().parents[3])
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMPHIRE_")}
        environment |= secrets or {}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (source, environment.get("PYTHONPATH"))))
        if static is not None:
            environment[FOLDER] = str(static)
        self._errors = (data.parent / "server-errors.txt").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, *words, *more, *given],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment,
        )
        assert self._process.stdout
        found = _READY.search(self._process.stdout.readline())
        if not found:
            self.stop()
            raise RuntimeError(f"The server did not start: {self._last_words()}")
        self.address = address_of(found[1])
        self.host, self.port, self.url = self.address

    @property
    def pid(self) -> int:
        return self._process.pid

    def _last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read().strip().rpartition("\n")[2][:200]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, str], bytes]:
        return self.address.ask(method, path, body, headers)

    def encoded(
        self, name: str, picture: bytes, into: str = "/api/images", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        return self.address.encoded(name, picture, into, headers)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.flush()
