"""A program elsewhere that is told what happens: it keeps what it gets, and answers as a test has it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.serving import Quiet, serving


class Receiver:
    """`got`: (headers in small letters, body). `status`: what it answers with."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.hangs = threading.Event()  # once set, nothing is answered until `over` is
        self.over = threading.Event()
        self.url = ""

    @property
    def told(self) -> list[dict[str, Any]]:
        """The bodies."""
        return [json.loads(body) for _, body in self.got]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for each in self.told for event in each["events"]]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if receiver.hangs.is_set():
                receiver.over.wait(60)
            with suppress(ConnectionError):  # whoever asked may have gone meanwhile
                self.reply(receiver.status)

    with serving(Handler) as base:
        receiver.url = f"{base}/hook"
        try:
            yield receiver
        finally:
            receiver.over.set()
