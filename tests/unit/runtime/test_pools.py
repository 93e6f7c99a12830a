"""Results and exceptions come back, waiting blocks one greenlet only, limits hold, closing ends."""

import threading
import time

import gevent
import pytest

from server.errors import TooManyRequests, Unavailable
from server.runtime import pools as module
from server.runtime.pools import Pools
from server.runtime.turns import client


@pytest.fixture
def pools():
    pools = Pools(decode_workers=2, compute_workers=2)
    yield pools
    pools.close()


def test_runs_in_another_native_thread(pools):
    here = threading.get_ident()
    assert pools.compute(threading.get_ident) != here


def test_an_exception_comes_back_and_prints_nothing(pools, capfd):
    with pytest.raises(ZeroDivisionError):
        pools.compute(lambda: 1 // 0)
    assert capfd.readouterr().err == ""


def test_the_loop_goes_on_meanwhile(pools):
    ticks = []

    def tick():
        while len(ticks) < 3:
            ticks.append(time.monotonic())
            gevent.sleep(0.01)

    ticking = gevent.spawn(tick)
    ended = pools.compute(lambda: time.sleep(0.2) or time.monotonic())
    assert len(ticks) == 3
    assert ticks[-1] < ended
    ticking.join()


@pytest.mark.parametrize(("kind", "most"), [("encode", 1), ("decode", 2)])
def test_so_many_at_once_and_no_more(pools, kind, most):
    active, peak, lock = 0, 0, threading.Lock()

    def work():
        nonlocal active, peak
        with lock:
            active += 1
            peak = max(peak, active)
        time.sleep(0.03)
        with lock:
            active -= 1

    gevent.joinall([gevent.spawn(getattr(pools, kind), work) for _ in range(6)], raise_error=True)
    assert peak == most


def test_a_call_from_a_pool_thread_runs_there(pools):
    inner, outer = pools.encode(lambda: (pools.encode(threading.get_ident), threading.get_ident()))
    assert inner == outer


def test_closing_lets_running_work_end():
    pools = Pools()
    done = []
    gevent.spawn(pools.compute, lambda: time.sleep(0.1) or done.append(True))
    gevent.sleep(0.02)
    assert pools.close()
    assert done == [True]
    with pytest.raises(Unavailable):
        pools.compute(int)


def test_closing_gives_up_on_work_that_takes_too_long():
    pools = Pools()
    gevent.spawn(pools.encode, time.sleep, 0.5)
    gevent.sleep(0.02)
    start = time.monotonic()
    assert not pools.close(timeout=0.05)
    assert time.monotonic() - start < 0.4
    assert pools.close()  # asked again, it waits on


def ask_as(path, ask):
    """Ask in the name of a client, in a greenlet of its own."""
    return gevent.spawn(lambda: (client.set(path), ask()))


def test_clients_take_turns_at_the_threads(pools):
    gate, order = threading.Event(), []
    held = [gevent.spawn(pools.decode, gate.wait, 5) for _ in range(2)]
    gevent.sleep(0)
    asked = [ask_as(("many",), lambda: pools.decode(order.append, "many")) for _ in range(20)]
    gevent.sleep(0)
    asked.append(ask_as(("few",), lambda: pools.decode(order.append, "few")))
    gevent.sleep(0)
    gate.set()
    gevent.joinall([*held, *asked], raise_error=True)
    assert "few" in order[:4]
    assert len(order) == 21


def test_who_no_longer_waits_takes_no_turn(pools):
    gate, done = threading.Event(), []
    held = [gevent.spawn(pools.decode, gate.wait, 5) for _ in range(2)]
    gevent.sleep(0)
    asked = [gevent.spawn(pools.decode, done.append, number) for number in range(3)]
    gevent.sleep(0)
    asked[1].kill()
    gate.set()
    gevent.joinall([*held, *asked])
    assert sorted(done) == [0, 2]
    assert len(pools._decode.turns) == 0


def test_what_waits_is_bounded_for_one_address_and_for_all(pools, monkeypatch):
    monkeypatch.setattr(module, "_MOST_WAITING_OF_ONE", 3)
    monkeypatch.setattr(module, "_MOST_WAITING", 5)
    gate = threading.Event()
    held = [gevent.spawn(pools.decode, gate.wait, 5) for _ in range(2)]
    gevent.sleep(0)
    greedy = [ask_as(("a", str(number)), lambda: pools.decode(int)) for number in range(6)]
    others = [ask_as((str(number), "x"), lambda: pools.decode(int)) for number in range(4)]
    gevent.joinall([*greedy[3:], *others[2:]])
    assert {type(greenlet.exception) for greenlet in greedy[3:]} == {TooManyRequests}
    assert {type(greenlet.exception) for greenlet in others[2:]} == {Unavailable}
    gate.set()
    gevent.joinall([*held, *greedy[:3], *others[:2]], raise_error=True)


def test_closing_ends_those_who_wait(pools):
    gate = threading.Event()
    held = [gevent.spawn(pools.decode, gate.wait, 5) for _ in range(2)]
    gevent.sleep(0)
    waiting = gevent.spawn(pools.decode, int)
    gevent.sleep(0)
    gevent.spawn_later(0.05, gate.set)
    assert pools.close()
    gevent.joinall([*held, waiting])
    assert isinstance(waiting.exception, Unavailable)
