"""People who come, click, save, undo and leave, again and again, at a server or several; with visitors, new images and
exports. They make a light load: it is the time that counts."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import requests

from server.domain.masks import encode_rle
from server.lab.bench import pictures
from server.lab.bench.crowd import Member
from server.lab.bench.sections.visitors import Link, make_link, visit_all
from server.lab.bench.serving import Address
from tests.web.live.running import picture

WIDTH, HEIGHT = 90, 60
_SECONDS = 30


class Crew:
    """`tokens`: of those who annotate, each on an image of its own. `wrong`: what did not go as it should."""

    def __init__(self, servers: Sequence[Address], tokens: Sequence[str], pause_seconds: float) -> None:
        self._servers, self._tokens, self._pause = servers, tokens, pause_seconds
        self.wrong: list[str] = []
        self.turns = 0
        self._ended = threading.Event()
        self._images = [self._upload(number, 0) for number in range(len(tokens))]
        self._link = self._make_link()
        works: list[tuple[Callable[[int, int], None], int, float]] = [
            *((self._annotate, number, 1) for number in range(len(tokens))),
            (self._visit, 0, 3),
            (self._encode, 0, 8),
            (self._export, 0, 6),
        ]
        self._threads = [threading.Thread(target=self._repeat, args=each, daemon=True) for each in works]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        self._ended.set()
        for each in self._threads:
            each.join(_SECONDS)

    def _repeat(self, work: Callable[[int, int], None], who: int, pauses: float) -> None:
        """`pauses`: as many as pass before it is done again."""
        turn = who
        while not self._ended.wait(pauses * self._pause):
            turn += 1
            try:
                work(who, turn)
                self.turns += 1
            except Exception as error:  # whatever it is, it should have gone well
                self.wrong.append(f"{work.__name__}: {type(error).__name__}: {error}")

    def _annotate(self, who: int, turn: int) -> None:
        server, image = self._servers[turn % len(self._servers)], self._images[who]
        page = Member(server.host, server.port, self._headers(who), lambda *_: None)
        try:
            _fine(page.ask("watch", {"image": image}))
            _fine(page.ask("here", {"image": image, "tool": "point"}))
            for step in range(8):
                page.say("point", {"at": [step, turn % HEIGHT]})
            point = [turn % WIDTH, (turn // WIDTH) % HEIGHT, 1]
            prompt = {"image": image, "points": [point], "box": None, "mask_input": None, "seq": 0}
            _fine(page.ask("predict", prompt))
            self._save_and_undo(who, turn, image)
            _fine(page.ask("away", {}))
        finally:
            page.socket.close()

    def _save_and_undo(self, who: int, turn: int, image: str) -> None:
        """Made, changed, deleted, back again, and deleted for the last time."""
        mask = np.zeros((HEIGHT, WIDTH), bool)
        mask[5 : 10 + turn % 40, 6:20] = True
        new = {"label": "dog", "color": "#1f77b4", "rle": encode_rle(mask)}
        made = self._ask("POST", f"/api/images/{image}/annotations", who, turn, json=new)
        path = f"/api/annotations/{made['id']}"
        self._ask("GET", f"/api/images/{image}/annotations", who, turn)
        changed = self._ask("PATCH", path, who, turn, json={"version": made["version"], "z": 7})
        self._ask("DELETE", f"{path}?version={changed['version']}", who, turn)
        asked = {"version": changed["version"], "base": changed["version"] + 1}
        back = self._ask("POST", f"{path}/restore?project=default", who, turn, json=asked)
        self._ask("DELETE", f"{path}?version={back['version']}", who, turn)

    def _visit(self, _who: int, turn: int) -> None:
        [seen], _ = visit_all([self._servers[turn % len(self._servers)]], self._link, 1, 2)
        if seen.failure is not None:
            raise RuntimeError(seen.failure)

    def _encode(self, _who: int, turn: int) -> None:
        self._ask("DELETE", f"/api/images/{self._upload(0, turn)}", 0, turn)

    def _export(self, who: int, turn: int) -> None:
        self._ask("GET", "/api/projects/default/export/coco", who, turn)

    def _upload(self, who: int, turn: int) -> str:
        """Id of a new image, encoded."""
        data = picture(WIDTH, HEIGHT, 100 * turn + who)
        name = f"{turn}-{who}.png"
        image = self._ask("POST", "/api/images", who, turn, files={"file": (name, data)})
        path = f"/api/images/{image['id']}"
        self._ask("POST", f"{path}/embedding", who, turn)
        while image["embedding"]["state"] != "ready" and not self._ended.wait(0.3):
            if image["embedding"]["state"] == "failed":
                raise RuntimeError(image["embedding"]["error"])
            image = self._ask("GET", path, who, turn)
        return image["id"]

    def _make_link(self) -> Link:
        return make_link(self._servers[0], self._tokens[0], "visited.jpg", pictures.drawn_jpeg((200, 150)))

    def _headers(self, who: int) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"}

    def _ask(self, method: str, path: str, who: int, turn: int, **what: Any) -> Any:
        url = self._servers[turn % len(self._servers)].url + path
        answer = requests.request(method, url, headers=self._headers(who), timeout=_SECONDS, **what)
        if not answer.ok:
            raise RuntimeError(f"{method} {path} answered {answer.status_code}: {answer.text[:200]}")
        return json.loads(answer.content) if "json" in answer.headers.get("Content-Type", "") else None


def _fine(answer: dict[str, Any]) -> None:
    if not answer["ok"]:
        raise RuntimeError(answer["error"]["message"])
