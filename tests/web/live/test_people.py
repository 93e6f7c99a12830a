"""Who works beside whom, over real WebSockets on a team's server: cursors, locks, views, and what no one may."""

import threading
import time
from collections.abc import Iterator

import pytest
import requests
import socketio

from server.lab.bench.people import make_people
from tests.web.live.running import Server, picture

NAMES = ["Ann", "Ben", "Cat"]


class Page:
    """A page of somebody: a socket, and what it has heard."""

    def __init__(self, base: str, token: str) -> None:
        self.heard: list[tuple[str, dict]] = []
        self._news = threading.Condition()
        self.socket = socketio.Client(reconnection=False)
        self.socket.on("*", self._hear)
        headers = {"Authorization": f"Bearer {token}"}
        self.socket.connect(base, transports=["websocket"], headers=headers, wait_timeout=20)

    def _hear(self, event, data):
        with self._news:
            self.heard.append((event, data))
            self._news.notify_all()

    def call(self, event, data):
        return self.socket.call(event, data, timeout=20)

    def here(self, image, **what):
        answer = self.call("here", {"image": image and image["id"], **what})
        assert answer.pop("ok"), answer
        return answer

    def until(self, event, fits=lambda data: True):
        """The payload of the first such event, also of one that came before."""
        with self._news:
            assert self._news.wait_for(lambda: self._found(event, fits), 10), (event, self.heard)
            return self._found(event, fits)[0]

    def _found(self, event, fits):
        return [data for name, data in self.heard if name == event and fits(data)]

    def count(self, event):
        return len(self._found(event, lambda data: True))

    def close(self):
        self.socket.disconnect()


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("people")
    tokens = make_people(data, NAMES)
    server = Server(data, "--team")
    assert server.base, "".join(server.errors)
    server.tokens = dict(zip(NAMES, tokens, strict=True))
    yield server
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


@pytest.fixture(scope="module")
def images(team) -> list[dict]:
    headers = {"Authorization": f"Bearer {team.tokens['Ann']}"}
    return [
        requests.post(
            f"{team.base}/api/images", files={"file": (f"{seed}.png", picture(90, 60, seed))},
            headers=headers, timeout=30,
        ).json()
        for seed in range(2)
    ]  # fmt: skip


@pytest.fixture
def page(team) -> Iterator:
    opened = []

    def open_page(name):
        opened.append(Page(team.base, team.tokens[name]))
        return opened[-1]

    yield open_page
    for each in opened:
        each.close()


def test_people_see_each_other_come_move_and_go(page, images):
    ann, ben, cat = page("Ann"), page("Ben"), page("Cat")
    me = ann.here(images[0], tool="point")["me"]
    found = ben.here(images[0])
    assert {(each["name"], each["image"], each["tool"]) for each in found["people"]} == {
        ("Ann", images[0]["id"], "point"),
        ("Ben", images[0]["id"], None),
    }
    assert cat.here(images[1])["me"] not in (me, found["me"])
    assert ann.until("person:here", lambda person: person["name"] == "Cat")["image"] == images[1]["id"]

    ann.socket.emit("point", {"at": [12.345, 6.0]})
    assert ben.until("cursors")["at"] == [[me, 12.3, 6.0]]
    ann.here(images[0], tool="brush", object="o")
    assert ben.until("person:here", lambda person: person["tool"] == "brush")["object"] == "o"
    assert ann.call("look", {"at": [1, 2]})["ok"]
    assert ben.until("person:look") == {"n": me, "at": [1.0, 2.0]}
    ann.close()
    assert ben.until("person:left") == {"n": me}
    assert cat.until("person:left") == {"n": me}
    assert cat.count("cursors") == cat.count("person:look") == 0


def test_an_object_is_held_for_who_began_until_that_connection_ends(page, images):
    ann, ben = page("Ann"), page("Ben")
    me = ann.here(images[0])["me"]
    ben.here(images[0])
    assert ann.call("hold", {"objects": ["o", "u"]}) == {"ok": True, "mine": ["o", "u"]}
    assert ben.until("held") == {"held": {"o": me, "u": me}}
    assert ben.call("hold", {"objects": ["o", "x"]}) == {"ok": True, "mine": ["x"]}
    assert page("Cat").here(images[0])["held"]["o"] == me
    ann.close()
    ben.until("held", lambda data: set(data["held"]) == {"x"})


def test_a_view_is_told_to_followers_alone(page, images):
    ann, ben, cat = page("Ann"), page("Ben"), page("Cat")
    me = ann.here(images[0])["me"]
    ben.here(images[1])
    cat.here(images[0])
    assert ben.call("follow", {"person": me})["ok"]
    assert ann.until("followed") == {"followers": 1}
    ann.socket.emit("view", {"at": [1, 2, 300]})
    assert ben.until("person:view") == {"n": me, "at": [1.0, 2.0, 300.0]}
    ben.close()
    ann.until("followed", lambda data: data["followers"] == 0)
    assert cat.count("person:view") == 0


def test_tabs_of_an_account_are_one_person(page, images):
    first, second, ben = page("Ann"), page("Ann"), page("Ben")
    ben.here(images[0])
    assert first.here(images[0])["me"] == second.here(images[1])["me"]
    assert len(second.here(images[1])["people"]) == 2
    first.close()
    second.call("ping_ms", {})
    assert ben.count("person:left") == 0


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("here", {"project": "nowhere"}),
        ("here", {"project": "ü"}),
        ("here", {"project": 7}),
        ("here", {"image": "0" * 16}),
        ("here", {"image": ["x"]}),
        ("here", {"tool": "x" * 1000}),
        ("here", {"tool": "two\nlines"}),
        ("here", {"object": {"a": 1}}),
        ("point", {}),
        ("point", {"at": [1]}),
        ("point", {"at": [1, "2"]}),
        ("point", {"at": [float("nan"), 1]}),
        ("point", {"at": [1e9, 1]}),
        ("view", {"at": [1, 2]}),
        ("look", {"at": None}),
        ("follow", {"person": "Ann"}),
        ("hold", {"objects": "o"}),
        ("hold", {"objects": ["x" * 65]}),
        ("hold", {"objects": [""]}),
        ("hold", {"objects": ["x"] * 51}),
        ("hold", {}),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_a_sentence_and_told_to_nobody(page, images, event, data):
    ann, ben = page("Ann"), page("Ben")
    ann.here(images[0])
    ben.here(images[0])
    ben.heard.clear()
    answer = ann.call(event, data)
    assert not answer["ok"]
    assert answer["error"]["code"] != "internal"
    assert answer["error"]["message"].endswith(".")
    time.sleep(0.1)
    assert ben.heard == []


def test_who_is_nowhere_is_told_to_nobody(page, images):
    ann, ben = page("Ann"), page("Ben")
    ben.here(images[0])
    for event, data in (("look", {"at": [1, 2]}), ("hold", {"objects": ["o"]}), ("follow", {"person": 1})):
        assert ann.call(event, data)["error"]["code"] == "conflict"
    assert ann.call("point", {"at": [1, 2]}) == {"ok": True}
    ann.here(images[0])
    assert ann.call("away", {}) == {"ok": True}
    ben.until("person:left")
    assert ann.call("look", {"at": [1, 2]})["error"]["code"] == "conflict"
    ben.here(images[0], tool="point")
    ann.call("ping_ms", {})
    assert not [data for name, data in ann.heard if name == "person:here" and data["tool"] == "point"]


def test_a_flood_of_moves_reaches_others_as_a_few(page, images):
    ann, ben = page("Ann"), page("Ben")
    ann.here(images[0])
    ben.here(images[0])
    started = time.monotonic()
    for number in range(300):
        ann.socket.emit("point", {"at": [number, 0]})
    ann.call("ping_ms", {})
    time.sleep(0.2)
    assert 1 <= ben.count("cursors") <= 25 * (time.monotonic() - started)


def test_a_guest_s_socket_is_refused(team):
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(team.base, transports=["websocket"])
