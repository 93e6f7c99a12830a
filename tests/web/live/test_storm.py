"""Thirty people change one image while their connections break and the server is started again: in the end all of them
have the same, and nothing that anybody saved is lost."""

import random
import threading
import time
from uuid import uuid4

import numpy as np
import requests
import socketio
from socketio.exceptions import SocketIOError

from server.domain.masks import encode_rle
from tests.web.live.running import Server, picture, upload

CLIENTS = 30
STEPS = 8
MASK = encode_rle(np.ones((203, 331), bool))
PATIENCE_S = 60
DELETED = 1_000_000  # newer than any version


class Worker:
    """Changes objects of its own over HTTP and hears of all over the socket; what it missed it asks for by number."""

    def __init__(self, base: str, image: str, number: int) -> None:
        self.base, self.image, self.dice = base, image, random.Random(number)
        self.versions: dict[str, int] = {}  # the newest heard of, by id; a deleted one is the last of all
        self.own: dict[str, int] = {}  # the z that it gave each of its objects
        self.known, self.steps = 0, 0
        self.seen: set[int] = set()  # numbers of the events that it took
        self._later: list[dict] | None = []
        self._turn = threading.Lock()
        self._http = requests.Session()
        self.socket: socketio.Client | None = None

    def connect(self) -> None:
        while True:
            client = socketio.Client(reconnection=False)
            for event in ("annotation:changed", "annotation:deleted"):
                client.on(event, self._hear)
            self._later = []
            try:
                client.connect(self.base, transports=["websocket"])
                answer = client.call("watch", {"image": self.image}, timeout=PATIENCE_S)
                self._catch_up(answer["seq"])
            except (SocketIOError, requests.RequestException, KeyError):
                client.disconnect()
                time.sleep(0.1)
                continue
            self.socket = client
            return

    def cut(self) -> None:
        """Nothing more is heard, at whatever moment this is."""
        if self.socket is not None:
            self.socket.disconnect()

    def stay(self) -> None:
        if self.socket is None or not self.socket.connected:
            self.connect()

    def _catch_up(self, seq: int) -> None:
        while self.known < seq:
            answer = self._http.get(
                f"{self.base}/api/projects/default/events?since={self.known}", timeout=PATIENCE_S
            )
            answer.raise_for_status()
            with self._turn:
                for event in answer.json()["events"]:
                    self._take(event)
        with self._turn:
            later, self._later = self._later or [], None
            for event in later:
                self._take(event)

    def _hear(self, event: dict) -> None:
        with self._turn:
            if self._later is not None:
                self._later.append(event)
            else:
                self._take(event)

    @property
    def shown(self) -> dict[str, int]:
        with self._turn:
            return {id: version for id, version in self.versions.items() if version != DELETED}

    def _take(self, event: dict) -> None:
        """Python's client gives each message to a thread of its own, so one may overtake another: the newest stays."""
        if event["seq"] in self.seen:
            return
        self.known = max(self.known, event["seq"])
        self.seen.add(event["seq"])
        if event["event"] == "annotation:changed":
            id, version = event["annotation"]["id"], event["annotation"]["version"]
            self.versions[id] = max(version, self.versions.get(id, 0))
        elif event["event"] == "annotation:deleted":
            self.versions[event["id"]] = DELETED

    def work(self) -> None:
        self.connect()
        for _ in range(STEPS):
            what = self.dice.random()
            if what < 0.5 or not self.own:
                self._create()
            elif what < 0.85:
                self._move()
            else:
                self._delete()
            if self.dice.random() < 0.25:
                self.cut()
                time.sleep(self.dice.random() * 0.3)
            self.stay()
            self.steps += 1
            time.sleep(self.dice.random() * 0.1)

    def _ask(self, method: str, path: str, **options) -> requests.Response:
        """Again until it is answered: what an answer was lost of may have been done."""
        while True:
            try:
                answer = self._http.request(method, f"{self.base}{path}", timeout=PATIENCE_S, **options)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.status_code not in (429, 502, 503, 504):
                return answer
            time.sleep(0.1)

    def _create(self) -> None:
        made = {"id": str(uuid4()), "label": "thing", "color": "#e69f00", "z": 0, "rle": MASK}
        answer = self._ask("POST", f"/api/images/{self.image}/annotations", json=made)
        assert answer.status_code in (200, 201), answer.text
        self.own[made["id"]] = 0

    def _move(self) -> None:
        each = self.dice.choice(sorted(self.own))
        version = 1 + self.own[each]
        answer = self._ask("PATCH", f"/api/annotations/{each}", json={"z": version, "version": version})
        if answer.status_code == 409:  # it had arrived, and the answer was lost
            assert answer.json()["error"]["current"]["z"] == version
        else:
            assert answer.status_code == 200, answer.text
        self.own[each] = version

    def _delete(self) -> None:
        each = self.dice.choice(sorted(self.own))
        version = 1 + self.own.pop(each)
        answer = self._ask("DELETE", f"/api/annotations/{each}?version={version}")
        assert answer.status_code in (204, 404), answer.text  # or it had arrived


def test_thirty_people_whose_connections_break_end_with_the_same(tmp_path):
    server = Server(tmp_path)
    assert server.base, "".join(server.errors)
    port = server.base.rpartition(":")[2]
    image = upload(server, picture(331, 203))["id"]
    workers = [Worker(server.base, image, number) for number in range(CLIENTS)]
    failures: list[Exception] = []

    def run(worker: Worker) -> None:
        try:
            worker.work()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in workers]
    for thread in threads:
        thread.start()
    while sum(worker.steps for worker in workers) < 2 * CLIENTS:
        time.sleep(0.01)
    assert server.stop() == 0
    assert sum(worker.steps for worker in workers) < STEPS * CLIENTS  # in the middle of it
    server = Server(tmp_path, "--port", port)
    assert server.base, "".join(server.errors)
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    for worker in workers:
        worker.stay()
    assert failures == []

    listed = requests.get(f"{server.base}/api/images/{image}/annotations", timeout=30).json()["annotations"]
    kept = {each["id"]: each["z"] for each in listed}
    assert kept == {id: z for worker in workers for id, z in worker.own.items()}
    versions = {each["id"]: each["version"] for each in listed}
    deadline = time.monotonic() + PATIENCE_S
    while any(worker.shown != versions for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [worker.shown for worker in workers] == [versions] * CLIENTS
    for worker in workers:
        worker.cut()
    assert server.stop() == 0
