"""A web server on this machine that behaves as well or as badly as a test wants."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.serving import Quiet, serving


@dataclass
class FileServer:
    """Serves `files`. `cut_after`: bytes after which each answer breaks off, one number an answer, then none."""

    files: dict[str, bytes]
    knows_ranges: bool = True
    tells_length: bool = True
    cut_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # errors to answer with first
    asked: list[str | None] = field(default_factory=list)  # the Range of each request
    redirects: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None  # waited for in the middle of each answer

    def __enter__(self) -> "FileServer":
        outer = self

        class Handler(Quiet):
            def do_GET(self) -> None:
                outer.answer(self)

        self._serving = serving(Handler)
        self._base = self._serving.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._serving.__exit__(*error)

    def url(self, name: str) -> str:
        return f"{self._base}/{name}"

    def answer(self, request: Quiet) -> None:
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        name = request.path.lstrip("/")
        if self.statuses:
            return request.send_error(self.statuses.pop(0))
        if name in self.redirects:
            request.send_response(302)
            request.send_header("Location", self.redirects[name])
            request.end_headers()
            return None
        if name not in self.files:
            return request.send_error(404)
        data = self.files[name]
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.knows_ranges else 0
        if start >= len(data):
            return request.send_error(416)
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if self.tells_length:
            request.send_header("Content-Length", str(len(data) - start))
        request.end_headers()
        end = start + self.cut_after.pop(0) if self.cut_after else len(data)
        middle = (start + end) // 2 if self.hold else start
        request.wfile.write(data[start:middle])
        if self.hold:
            self.hold.wait(60)
        with suppress(OSError):  # who asked may have gone meanwhile
            request.wfile.write(data[middle:end])
        return None
