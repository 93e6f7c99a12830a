"""Everybody has a turn, nobody has all places, and who goes away leaves the row."""

import gevent
import pytest

from server.errors import Unavailable
from server.runtime.fair import FairPlaces, Sender


class Row:
    """Work that holds its place until it is told to end; `begun`: in which order."""

    def __init__(self, places, each):
        self.places = FairPlaces(places, each)
        self.begun, self._ends = [], {}

    def work(self, name, sender):
        self._ends[name] = gevent.event.Event()

        def hold():
            with self.places.place(sender):
                self.begun.append(name)
                self._ends[name].wait()

        greenlet = gevent.spawn(hold)
        gevent.sleep(0)
        return greenlet

    def end(self, name):
        self._ends[name].set()
        gevent.sleep(0.01)


def test_senders_take_turns_however_much_each_has():
    row = Row(places=1, each=1)
    for name in ("a1", "a2", "a3", "b1", "c1"):
        row.work(name, Sender(name[0]))
    for _ in range(4):
        row.end(row.begun[-1])
    assert row.begun == ["a1", "a2", "b1", "c1", "a3"]


def test_one_sender_does_not_get_all_places():
    row = Row(places=3, each=2)
    for name in ("a1", "a2", "a3", "b1"):
        row.work(name, Sender(name[0]))
    assert row.begun == ["a1", "a2", "b1"]
    row.end("b1")
    assert len(row.begun) == 3
    row.end("a1")
    assert row.begun[-1] == "a3"


def test_who_is_gone_leaves_the_row():
    row = Row(places=1, each=1)
    row.work("a1", Sender("a"))
    waiting = row.work("b1", Sender("b", lambda: True))
    with pytest.raises(Unavailable):
        waiting.get(timeout=10)
    row.work("c1", Sender("c"))
    row.end("a1")
    assert row.begun == ["a1", "c1"]


def test_who_is_killed_in_the_row_or_at_work_takes_no_place():
    row = Row(places=1, each=1)
    first, second = row.work("a1", Sender("a")), row.work("b1", Sender("b"))
    second.kill()
    first.kill()
    row.work("c1", Sender("c"))
    assert row.begun == ["a1", "c1"]


def test_a_place_can_be_changed_for_one_of_others():
    quick, slow = FairPlaces(1, 1), FairPlaces(1, 1)
    with quick.place(Sender("a")) as place:
        assert place.move(slow)
        with quick.place(Sender("b")) as other:
            assert not other.move(slow)
    with slow.place(Sender("c")), quick.place(Sender("c")):
        pass
