"""Cursors go to those who can take them now; the others get where they are later, once."""

import json

import pytest

from server.features.live import cursors


class Socket:
    """A client of Engine.IO that is polling: what waits for it is in its queue."""

    closed = upgraded = False

    def __init__(self):
        self.taken, self.busy, self.queue = [], False, self

    def empty(self):
        return not self.busy

    def send(self, packet):
        event, data = json.loads(packet.encode()[2:])
        assert event == "cursors"
        self.taken.append(data["at"])


class Server:
    def __init__(self, *names):
        self.sockets = {name: Socket() for name in names}
        self.eio = self.manager = self

    def get_participants(self, _namespace, room):
        assert room == "room"
        return [(f"session of {name}", name) for name in self.sockets]


@pytest.fixture
def server():
    return Server("ann", "ben")


def test_one_who_is_busy_gets_all_that_moved_meanwhile_once_and_where_it_is_by_then(server):
    told = cursors.CursorsOfRoom(server, "room")
    ann, ben = server.sockets.values()
    ben.busy = True
    assert told.tell({1: [1.0, 1.0]})
    assert told.tell({1: [2.0, 2.0], 2: [5.0, 5.0]})
    assert told.tell({3: []})
    assert told.tell({})
    assert (len(ann.taken), ben.taken) == (3, [])
    ben.busy = False
    assert told.tell({})
    assert ben.taken == [[[1, 2.0, 2.0], [2, 5.0, 5.0], [3]]]
    assert len(ann.taken) == 3
    assert not told.tell({})


def test_one_who_has_left_is_owed_nothing(server):
    told = cursors.CursorsOfRoom(server, "room")
    server.sockets["ben"].busy = True
    told.tell({1: [1.0, 1.0]})
    del server.sockets["ben"]
    assert told.tell({})
    assert not told.tell({})
