"""What is heard of other processes, whatever comes from Redis, which is stood in for by lists."""

from json import dumps

import gevent
import pytest

from server.runtime.peers import hearing
from server.runtime.peers import line as lines
from server.runtime.peers.line import Line


class Redis:
    errors = (ConnectionError,)
    called = "here"

    def __init__(self):
        self.is_up, self.entries, self.published, self.asked = True, [], [], 0

    def name(self, *parts):
        return ":".join(parts)

    def ask(self, fn):
        return fn(self)

    def client(self):
        return self

    def close(self):
        pass

    def set(self, _key, _value, px):
        pass

    def publish(self, _channel, _text):
        pass

    def xrevrange(self, _stream, count):
        return self.entries[-count:]

    def xread(self, places, count, block):
        self.asked += 1
        if self.asked == 1:
            raise RuntimeError("Nobody has explained this one.")
        gevent.sleep(0.005)
        (place,) = places.values()
        new = [each for each in self.entries if int(each[0].split("-")[0]) > int(place.split("-")[0])]
        return [("said", new)] if new else []

    def pubsub(self, **_options):
        return self

    def subscribe(self, _channel):
        pass

    def get_message(self, timeout):
        gevent.sleep(0.005)
        return {"data": self.published.pop(0)} if self.published else None


@pytest.fixture
def redis():
    return Redis()


@pytest.fixture
def line(redis, monkeypatch):
    monkeypatch.setattr(hearing, "_REST_SECONDS", 0.01)
    line = Line(redis, "me", {})
    line.heard = []
    line.hears["news"] = lambda name, data: line.heard.append((name, data))
    line._hearing.start()
    yield line
    line._hearing.stop()


def said(redis, number, data):
    place = f"{len(redis.entries) + 1}-0"
    redis.entries.append((place, {"from": "other", "n": number, "topic": "news", "data": data}))


def test_what_is_not_understood_is_skipped(redis, line, caplog):
    said(redis, "1", "1")
    said(redis, "two", "2")
    said(redis, "2", "{")
    redis.entries.append(("4-0", {}))
    said(redis, "2", "2")
    redis.published += ["{", dumps(["other"]), dumps(["other", "news", 3])]
    with gevent.Timeout(5):
        while len(line.heard) < 3:
            gevent.sleep(0.01)
    assert sorted(line.heard) == [("other", 1), ("other", 2), ("other", 3)]
    assert caplog.text.count("was not understood") == 5
    assert "Nobody has explained this one" in caplog.text


@pytest.fixture
def gone(line, monkeypatch):
    for module in (hearing, lines):
        monkeypatch.setattr(module, "GONE_SECONDS", 0.2)
    monkeypatch.setattr(lines, "BEAT_SECONDS", 0)
    gone = []
    line.on_gone.append(gone.append)
    return gone


def beat(line, seconds):
    for _ in range(round(seconds / 0.02)):
        line._beat(line.redis)
        gevent.sleep(0.02)


def test_nobody_is_gone_because_redis_was_away(redis, line, gone):
    said(redis, "1", "1")
    beat(line, 0.1)
    redis.is_up = False
    gevent.sleep(0.3)
    line._beat(redis)
    redis.is_up = True
    beat(line, 0.1)
    assert (line.heard, gone) == ([("other", 1)], [])
    beat(line, 0.3)
    assert gone == ["other"]


def test_one_that_comes_back_is_asked_and_what_it_says_again_is_not_heard_twice(redis, line, gone):
    said(redis, "1", "1")
    beat(line, 0.4)
    assert gone == ["other"]
    asked = len(line._unsaid)
    for number in ("1", "2"):
        said(redis, number, number)
    beat(line, 0.1)
    assert line.heard == [("other", 1), ("other", 2)]
    assert [(topic, to) for _, topic, to in list(line._unsaid)[asked:]] == [("hello", '"other"')]
