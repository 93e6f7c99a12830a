"""What breaks: each is told the deployment and for how many seconds, and has mended what can be at the end."""

import time

import pytest

from tests.machines.faults.deployment import Deployment
from tests.machines.faults.disk import fill, free

_TEN_MINUTES, _AN_HOUR = 600, 3600


def a_server_is_killed(there: Deployment, seconds: float) -> None:
    there.kill(there.servers[0])
    time.sleep(seconds)
    there.start_server()


def a_worker_is_killed(there: Deployment, seconds: float) -> None:
    there.kill(there.workers[0])
    time.sleep(seconds)
    there.start_worker()


def redis_is_killed(there: Deployment, seconds: float) -> None:
    there.redis.kill()  # with all it had
    time.sleep(seconds)
    there.redis.start()


def the_database_is_restarted(there: Deployment, seconds: float) -> None:
    wires = [lines.database for lines in there.lines.values()]
    for wire in wires:
        wire.hang_up()
    time.sleep(seconds)
    for wire in wires:
        wire.answer()


def the_bucket_is_busy(there: Deployment, seconds: float) -> None:
    there.store.failing = lambda method, path: True
    time.sleep(seconds)
    there.store.recover()


def the_network_is_cut(there: Deployment, seconds: float) -> None:
    """Between one server, one worker and everything else but the people."""
    wires = [wire for one in (there.servers[0], there.workers[0]) for wire in there.lines[one].both()]
    for wire in wires:
        wire.cut()
    time.sleep(seconds)
    for wire in wires:
        wire.mend()


def clocks_jump_ahead(there: Deployment, seconds: float) -> None:
    """Of one server and one worker: they stay so."""
    _set_clocks(there, _TEN_MINUTES, seconds)


def clocks_jump_back(there: Deployment, seconds: float) -> None:
    _set_clocks(there, -_AN_HOUR, seconds)


def _set_clocks(there: Deployment, ahead: int, seconds: float) -> None:
    for one in (there.servers[0], there.workers[0]):
        there.clocks[one].set(ahead)
    time.sleep(seconds)


def the_disk_is_full(there: Deployment, seconds: float) -> None:
    """Of the data folder, with the cache in it: every byte, and again whatever is given up."""
    if there.no_disk:
        pytest.skip(there.no_disk)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        fill(there.data)
        time.sleep(0.1)
    free(there.data)
