"""What protects the whole server is counted over all its processes."""

import time

import pytest
import requests

from server.runtime.peers.claims import Claims
from server.runtime.peers.counts import SharedCounts
from server.runtime.peers.line import Line
from server.runtime.peers.redis import Away, Redis
from tests.machines.conftest import RedisServer, until


def sign_in(server, name, password="not the right one"):
    return requests.post(
        f"{server.base}/api/account/sign-in", json={"name": name, "password": password}, timeout=30
    )


def test_failures_to_sign_in_count_at_both(several, pair):
    answers = [sign_in(pair[number % 2], "Dora").status_code for number in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert int(sign_in(pair[1], "Dora").headers["Retry-After"]) > 800


def test_a_count_ends_with_its_time_and_is_taken_back(redis_server):
    redis = Redis(redis_server.url)
    one, other = SharedCounts(redis, "test"), SharedCounts(Redis(redis_server.url), "test")
    assert one.add(("a", 1), 1, 2, 0.5) is None
    assert other.add(("a", 1), 1, 2, 0.5) is None
    assert 0 < one.add(("a", 1), 1, 2, 0.5) <= 0.5
    assert one.add(("a", 2), 3, 2, 0.5) is not None  # heavier than all that is allowed
    other.take_back(("a", 1))
    assert one.add(("a", 1), 1, 2, 0.5) is None
    until(lambda: one.add(("a", 1), 2, 2, 60) is None, 2)
    one.note("ann", 0.2)
    assert other.noted("ann")
    until(lambda: not other.noted("ann"), 2)


def test_without_redis_each_counts_its_own(redis_server):
    redis = Redis("redis://127.0.0.1:1/0")
    counts = SharedCounts(redis, "test")
    assert [counts.add("a", 1, 2, 60) is None for _ in range(3)] == [True, True, False]
    counts.take_back("a")
    assert counts.add("a", 1, 2, 60) is None
    counts.note("ann", 60)
    assert counts.noted("ann")
    redis.is_up = False
    began = time.monotonic()
    with pytest.raises(Away):
        redis.ask(lambda client: client.ping())
    assert time.monotonic() - began < 0.1


def test_only_the_first_waits_for_a_redis_that_hangs(tmp_path):
    server = RedisServer(tmp_path)
    try:
        redis = Redis(server.url)
        counts = SharedCounts(redis, "test")
        assert counts.add("a", 1, 5, 60) is None
        with server.hanging():
            began = time.monotonic()
            for _ in range(8):  # as many as signing in counts
                assert counts.add("a", 1, 100, 60) is None
            assert time.monotonic() - began < 1.5
        redis.is_up = True
        key = counts._key("count", "a")
        until(lambda: redis.ask(lambda client: client.get(key)) == "2", 2)  # what it did late, it did once
    finally:
        server.kill()


def test_a_claim_is_one_s_until_it_leaves_or_its_process_is_gone(redis_server):
    redis = Redis(redis_server.url)
    here, there = Claims(Line(redis, "here", {})), Claims(Line(redis, "there", {}))
    process = redis.name("process", "here")
    redis.ask(lambda client: client.set(process, "{}", px=60_000))
    assert here.take("s", ["a", "b"], 60) == ["a", "b"]
    assert here.take("s", ["a"], 60) == ["a"]
    assert here.take("t", ["a"], 60) == []
    assert there.take("s", ["a", "c"], 60) == ["c"]
    there.leave("s", ["a"])  # which is another's
    assert there.take("s", ["a"], 60) == []
    here.leave("s", ["a"])
    assert there.take("s", ["a", "b"], 60) == ["a"]
    redis.ask(lambda client: client.delete(process))
    assert there.take("s", ["b"], 60) == ["b"]
