"""People at work while things break: some save, and remember what was acknowledged; some watch, and catch up."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import requests
import socketio

from server.domain.masks import encode_rle

ORDERS = 1, 7  # z of an object's first version, and of its second
_PAUSE_SECONDS, _TIMEOUT_SECONDS = 0.15, (3, 8)
Addresses = Callable[[], Sequence[str]]


class Person:
    """Somebody with a token, who tries the next server process when one does not answer."""

    def __init__(self, addresses: Addresses, token: str, first: int) -> None:
        self._addresses, self._turn = addresses, first
        self.headers = {"Authorization": f"Bearer {token}"}
        self.ended = threading.Event()

    @property
    def base(self) -> str:
        there = self._addresses()
        return there[self._turn % len(there)]

    def try_another(self) -> None:
        self._turn += 1
        self.ended.wait(0.2)

    def ask(self, method: str, path: str, **what: Any) -> requests.Response:
        """An answer that says yes or no: everything else, a page's outbox sends again. RuntimeError at the end."""
        while not self.ended.is_set():
            with contextlib.suppress(requests.RequestException):
                answer = requests.request(
                    method, self.base + path, headers=self.headers, timeout=_TIMEOUT_SECONDS, **what
                )
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
            self.try_another()
        raise RuntimeError("ended")


class Annotator(Person):
    """Creates objects on an image and changes each once. `acknowledged`: their versions."""

    def __init__(self, addresses: Addresses, token: str, first: int, image_id: str) -> None:
        super().__init__(addresses, token, first)
        self._image_id, self._name = image_id, f"{image_id}-{first}"
        self.acknowledged: dict[str, int] = {}
        self.wrong: list[str] = []
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.ended.set()
        self._thread.join(20)

    def _work(self) -> None:
        with contextlib.suppress(RuntimeError):
            number = 0
            while not self.ended.wait(_PAUSE_SECONDS):
                number += 1
                self._save(f"{self._name}-{number:05}", number)

    def _save(self, name: str, number: int) -> None:
        mask = np.zeros((60, 90), bool)
        mask[5 : 10 + number % 40, 6:20] = True
        new = {"id": name, "label": "dog", "color": "#1f77b4", "z": ORDERS[0], "rle": encode_rle(mask)}
        answer = self.ask("POST", f"/api/images/{self._image_id}/annotations", json=new)
        if not self._is(answer, (200, 201), 1):
            return
        self.acknowledged[name] = 1
        change = {"version": 1, "z": ORDERS[1]}
        answer = self.ask("PATCH", f"/api/annotations/{name}", json=change)
        if answer.status_code == 409:  # an attempt of which no answer came has done it
            answer = self.ask("GET", f"/api/annotations/{name}")
        if self._is(answer, (200,), 2):
            self.acknowledged[name] = 2

    def _is(self, answer: requests.Response, statuses: tuple[int, ...], version: int) -> bool:
        fits = answer.status_code in statuses and answer.json()["version"] == version
        fits = fits and answer.json()["z"] == ORDERS[version - 1]
        if not fits:
            self.wrong.append(f"{answer.status_code} {answer.text[:300]}")
        return fits


class Watcher(Person):
    """A page that is open at an image. `known`: the versions of objects that it was told of."""

    def __init__(self, addresses: Addresses, token: str, first: int, image_id: str) -> None:
        super().__init__(addresses, token, first)
        self._image_id = image_id
        self.known: dict[str, int] = {}
        self._since = 0
        self._thread = threading.Thread(target=self._stay_connected, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.ended.set()
        self._thread.join(20)

    def is_in_step(self, acknowledged: dict[str, int]) -> bool:
        return all(self.known.get(name, 0) >= version for name, version in acknowledged.items())

    def _stay_connected(self) -> None:
        while not self.ended.is_set():
            gone = threading.Event()
            line = socketio.Client(reconnection=False)
            line.on("annotation:changed", self._hear)
            line.on("disconnect", lambda *_, gone=gone: gone.set())
            try:
                line.connect(self.base, headers=self.headers, transports=["websocket"], wait_timeout=5)
                if not line.call("watch", {"image": self._image_id}, timeout=8)["ok"]:
                    raise ConnectionError
                self._catch_up()
                while not gone.is_set() and not self.ended.is_set():
                    gone.wait(0.1)
            except (socketio.exceptions.SocketIOError, ConnectionError, RuntimeError):
                pass
            with contextlib.suppress(Exception):
                line.disconnect()
            self.try_another()

    def _catch_up(self) -> None:
        while True:
            answer = self.ask("GET", f"/api/projects/default/events?since={self._since}").json()
            for event in answer["events"]:
                if event["event"] == "annotation:changed":
                    self._hear(event)
                self._since = event["seq"]
            if not answer["events"]:
                return

    def _hear(self, event: dict[str, Any]) -> None:
        """In any order: a version that is known already stays."""
        if event["image"] == self._image_id:
            about = event["annotation"]
            self.known[about["id"]] = max(about["version"], self.known.get(about["id"], 0))


def seconds_until(holds: Callable[[], object], most: float) -> float:
    """How long it took; fails after so many seconds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < most, f"not within {most:g} s"
        time.sleep(0.05)
    return time.monotonic() - began
