"""A server that gives one answer after the other, as it was told to, and remembers what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.serving import Quiet, serving


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Scripted:
    """`answers`: (status, body, headers), or None to break the connection off. A body that is no bytes is JSON."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any, dict[str, str]] | None] = []
        self.asked: list[Asked] = []
        self.url = ""

    def will(self, status: int, body: Any = None, **headers: str) -> None:
        self.answers.append(
            (status, body, {name.replace("_", "-"): value for name, value in headers.items()})
        )

    def will_refuse(self, status: int, code: str, **details: Any) -> None:
        error = {"code": code, "message": f"A {code}.", "hint": "Do otherwise.", **details}
        self.will(status, {"ok": False, "error": error})

    def will_break(self) -> None:
        self.answers.append(None)


@contextmanager
def scripted() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            script.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            answer = script.answers.pop(0)
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(2)
                return
            status, told, headers = answer
            data = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.reply(status, data, headers)
            if int(headers.get("Content-Length", len(data))) > len(data):
                self.close_connection = True  # less than it said

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

    with serving(Handler) as script.url:
        yield script
