"""Failures are counted by name and address, for a while, in a bounded room."""

import pytest

from server.errors import TooManyRequests, WrongPassword
from server.features.accounts.limits import Limit
from server.runtime.peers import counts


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limit(clock):
    return Limit(3, 60, clock)


def fail(limit, key="ann"):
    with pytest.raises(WrongPassword), limit.attempt(key):
        raise WrongPassword()


def test_after_so_many_failures_one_waits(limit, clock):
    for _ in range(3):
        fail(limit)
        clock.now += 10
    with pytest.raises(TooManyRequests) as refused, limit.attempt("ann"):
        pass
    assert refused.value.retry_after_s == 30
    with limit.attempt("bob"):
        pass
    clock.now += 30
    for _ in range(3):
        fail(limit)


def test_what_succeeds_does_not_count(limit):
    for _ in range(20):
        with limit.attempt("ann"):
            pass
        with limit.attempt("bob"):
            pass
    fail(limit)
    with limit.attempt("ann"):
        pass
    fail(limit)
    fail(limit)
    with pytest.raises(TooManyRequests), limit.attempt("ann"):
        pass


def test_attempts_at_once_count_before_they_have_failed(limit):
    for _ in range(3):
        limit.begin("ann")
    with pytest.raises(TooManyRequests):
        limit.begin("ann")
    limit.succeeded("ann")
    limit.begin("ann")


def test_no_number_of_names_takes_more_room(limit, monkeypatch):
    monkeypatch.setattr(counts, "_MOST_KEYS", 100)
    for number in range(1000):
        limit.begin(number)
    assert len(limit._counts._counted) == 100
    for _ in range(2):
        fail(limit, 999)
    with pytest.raises(TooManyRequests):
        limit.begin(999)
