"""Equal questions at once are computed once; of one client's questions the newest wins."""

import gevent
import pytest
from gevent.event import Event

from server.errors import Superseded
from server.runtime.sharing import LatestWins, SingleFlight


def test_equal_calls_at_once_share_one_run():
    flight, calls = SingleFlight(), []

    def slow():
        calls.append(1)
        gevent.sleep(0.02)
        return object()

    asked = [gevent.spawn(flight.run, "key", slow) for _ in range(5)]
    other = gevent.spawn(flight.run, "other", slow)
    gevent.joinall([*asked, other], raise_error=True)
    assert len({id(greenlet.value) for greenlet in asked}) == 1
    assert other.value is not asked[0].value
    assert len(calls) == 2
    flight.run("key", slow)
    assert len(calls) == 3


def test_a_shared_failure_reaches_everyone():
    flight = SingleFlight()

    def fail():
        gevent.sleep(0.01)
        raise KeyError("no")

    def ask():
        with pytest.raises(KeyError):
            flight.run("key", fail)
        return True

    asked = [gevent.spawn(ask) for _ in range(3)]
    gevent.joinall(asked, raise_error=True)
    assert all(greenlet.value for greenlet in asked)


def test_the_newest_of_one_client_wins_and_the_one_under_way_learns_of_it():
    latest, gate, turns = LatestWins(), Event(), []

    def ask(name, client="me"):
        def work(turn):
            turns.append((name, turn))
            gate.wait(1)
            return name

        try:
            return latest.run(client, work)
        except Superseded:
            return f"{name} superseded"

    asked = []
    for name in "abcd":
        asked.append(gevent.spawn(ask, name))
        gevent.sleep(0)
    stranger = gevent.spawn(ask, "x", "you")
    gevent.sleep(0)
    assert turns[0][1].superseded
    gate.set()
    gevent.joinall([*asked, stranger], raise_error=True)
    assert [greenlet.value for greenlet in asked] == ["a", "b superseded", "c superseded", "d"]
    assert stranger.value == "x"
    assert not turns[-1][1].superseded


def test_nothing_of_a_client_that_went_is_wanted():
    latest, gate = LatestWins(), Event()

    def work(turn):
        gate.wait(1)
        turn.check()

    asked = [gevent.spawn(latest.run, "me", work) for _ in range(2)]
    gevent.sleep(0)
    latest.drop("me")
    gate.set()
    for greenlet in asked:
        with pytest.raises(Superseded):
            greenlet.get(timeout=1)
    assert latest.run("me", lambda turn: "again") == "again"


def test_a_failure_passes_the_turn_on():
    latest = LatestWins()

    def fail(turn):
        gevent.sleep(0.01)
        raise ValueError

    def ask():
        with pytest.raises(ValueError):
            latest.run("me", fail)

    first = gevent.spawn(ask)
    gevent.sleep(0)
    second = gevent.spawn(latest.run, "me", lambda turn: "fine")
    gevent.joinall([first, second], raise_error=True)
    assert second.value == "fine"
