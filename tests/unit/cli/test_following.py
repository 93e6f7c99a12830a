"""A command that waits for a job, here or elsewhere."""

import os
import signal

import gevent
import pytest

from server.cli.following import follow


def nothing(_: object) -> None:
    return None


@pytest.mark.usefixtures("own_ctrl_c")
def test_ctrl_c_reaches_the_command_whatever_runs():
    """What it has begun takes any failure for one of its own work."""
    ended, stopped = [], []

    def begin() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(100):
                gevent.sleep(0.1)
        except BaseException as error:
            ended.append(type(error))

    with pytest.raises(KeyboardInterrupt):
        follow(begin, nothing, str, lambda: stopped.append(True))
    assert stopped == [True]
    assert ended == [gevent.GreenletExit]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_ignored_ctrl_c_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        follow(lambda: os.kill(os.getpid(), signal.SIGINT), nothing, str)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
