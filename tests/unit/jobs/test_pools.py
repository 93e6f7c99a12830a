"""Results and exceptions come back, waiting blocks one greenlet only, limits hold, closing ends."""

import threading
import time

import gevent
import pytest

from server.errors import Unavailable
from server.jobs.pools import Pools


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
