"""Which connections are taken, and which one makes room."""

import socket
import sys

import gevent
import pytest
from gevent import socket as gevent_socket

from server.config import Settings
from server.web import http_server
from server.web.connections import Connections, limits


class Line:
    """Connections by number; `closed` are those that made room."""

    def __init__(self, most=4, most_of_one=3):
        self.connections, self.closed = Connections(most, most_of_one), []

    def enter(self, number, address):
        return self.connections.enter(number, address)

    def rest(self, number):
        self.connections.rest(number, lambda: self.closed.append(number))


def test_an_address_has_so_many_and_the_longest_idle_makes_room():
    line = Line()
    assert [line.enter(number, "a") for number in range(3)] == [True] * 3
    assert not line.enter(3, "a")
    assert line.enter(4, "b") is False  # full as well: all are at work
    for number in (3, 4):
        line.connections.leave(number)
    for number in (2, 1):
        line.rest(number)
    assert line.enter(5, "a")
    assert line.closed == [2]
    line.connections.leave(2)
    line.connections.work(1)
    assert line.enter(6, "b")
    assert not line.enter(7, "a")
    assert line.closed == [2]


def test_one_address_makes_no_room_for_itself_at_the_cost_of_others():
    line = Line()
    assert [line.enter(number, "a") for number in range(3)] == [True] * 3
    assert line.enter(3, "b")
    line.rest(3)
    assert not line.enter(4, "a")
    assert line.closed == []
    line.connections.leave(4)
    assert line.enter(5, "c")
    assert line.closed == [3]


def test_a_proxy_stands_for_many():
    connections = Connections(4, 1, lambda address: address == "proxy")
    assert [connections.enter(number, "proxy") for number in range(5)] == [True] * 4 + [False]


def test_nothing_is_remembered_of_who_is_gone():
    line = Line()
    line.enter(1, "a")
    line.rest(1)
    line.connections.leave(1)
    assert len(line.connections) == 0
    assert not line.connections._of_one
    assert not line.connections._idle


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_the_limits_are_below_what_the_system_allows():
    import resource

    most, most_of_one = limits()
    assert 0 < most_of_one < most < resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_one_turn_of_the_loop_takes_no_more_than_there_is_room_for(monkeypatch):
    """A hundred are taken before the first of them is handled."""
    monkeypatch.setattr(http_server, "limits", lambda: (16, 12))
    monkeypatch.setattr(http_server, "_REFUSED_AT_ONCE", 4)
    listener = gevent_socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    server = http_server.Server(listener, lambda environ, start: [], Settings(), 0)  # type: ignore[arg-type]
    waiting = [socket.create_connection(listener.getsockname()) for _ in range(60)]
    opened, closed, most = [], [], 0
    take, close = server.do_handle, server.do_close

    def count(*args):
        nonlocal most
        opened.append(args)
        most = max(most, len(opened) - len(closed))
        take(*args)

    monkeypatch.setattr(server, "do_handle", count)
    monkeypatch.setattr(server, "do_close", lambda *args: (close(*args), closed.append(args)))
    server.start()
    while len(opened) < len(waiting):
        gevent.sleep(0.01)
    for connection in waiting:
        connection.close()
    server.stop()
    assert most <= 16 + 4
