"""Rows and the events that tell of them: durable together or not at all, numbered without gaps, told in order."""

import contextlib
import threading

import pytest

from server.domain.policy import MACHINE, OWNER
from server.runtime.bus import Bus
from server.storage.engine import Database
from server.storage.rows import events as rows
from server.storage.rows.layers import common
from server.storage.tables import Project
from server.storage.unit_of_work import UnitsOfWork


class World:
    def __init__(self, folder):
        self.db = Database.open(f"sqlite:///{folder / 'x.db'}")
        self.bus, self.told = Bus(), []
        self.bus.listeners.append(lambda news: self.told.append(news.message))
        self.unit_of_work = UnitsOfWork(self.db, self.bus.publish)

    def projects(self):
        with self.db.read() as session:
            return {project.id for project in session.query(Project)}

    def since(self, project_id, seq=0):
        with self.db.read() as session:
            return [event.as_json() for event in rows.since(session, common(project_id), seq, 10_000, 10**9)]


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.db.close()


def test_what_is_told_is_what_is_stored(world):
    with world.unit_of_work(OWNER) as work:
        work.session.add(Project(id="p", name="P"))
        work.tell("images:added", "p", {"images": ["i"]})
        work.tell("image:changed", "p", {"state": "done"}, "i")
        assert world.told == []
    assert world.since("p") == world.told
    assert [(each["event"], each["seq"], each["actor"], each.get("image")) for each in world.told] == [
        ("images:added", 1, "owner", None),
        ("image:changed", 2, "owner", "i"),
    ]
    with world.unit_of_work(MACHINE) as work:
        work.tell("project:changed", "p", {"fields": ["name"]})
    assert (world.told[-1]["seq"], world.told[-1]["actor"]) == (3, "machine")
    assert world.since("p", 2) == world.told[-1:]


def test_inboxes_are_told_of_after_the_commit(world):
    told = []
    unit_of_work = UnitsOfWork(world.db, world.bus.publish, told.extend)
    with unit_of_work(OWNER) as work:
        work.tell_inboxes(["a", "b"])
        work.tell_inboxes({"b"})
        assert told == []
    assert sorted(told) == ["a", "b"]
    with contextlib.suppress(InterruptedError), unit_of_work(OWNER) as work:
        work.tell_inboxes(["c"])
        raise InterruptedError
    assert sorted(told) == ["a", "b"]


def test_of_a_block_that_fails_nothing_is_stored_nor_told(world):
    def write():
        with world.unit_of_work(OWNER) as work:
            work.session.add(Project(id="p", name="P"))
            work.tell("images:added", "p", {"images": ["i"]})
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write()
    assert (world.projects(), world.told, world.since("p")) == ({"default"}, [], [])


def test_rows_are_not_stored_without_their_events(world, monkeypatch):
    def fail(*_arguments):
        raise InterruptedError

    def write():
        with world.unit_of_work(OWNER) as work:
            work.session.add(Project(id="p", name="P"))
            work.tell("images:added", "p", {"images": ["i"]})

    monkeypatch.setattr(rows, "_event", fail)
    with pytest.raises(InterruptedError):
        write()
    assert (world.projects(), world.told) == ({"default"}, [])


def test_a_project_that_is_gone_has_no_events(world):
    with world.unit_of_work(OWNER) as work:
        work.tell("project:deleted", "gone")
        work.tell("project:changed", "default", {"fields": []})
    assert [(each["project"], each["seq"]) for each in world.told] == [("default", 1)]


def test_numbers_have_no_gaps_and_are_told_in_order(world):
    barrier = threading.Barrier(8)

    def write():
        barrier.wait()
        for number in range(10):
            with world.unit_of_work(OWNER) as work:
                for _ in range(number % 3 + 1):
                    work.tell("project:changed", "default", {"fields": []})

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = [each["seq"] for each in world.since("default")]
    assert stored == list(range(1, 153))
    assert sorted(each["seq"] for each in world.told) == stored


def test_who_tells_goes_on_with_what_happens_meanwhile(world):
    """A listener that makes further changes hears of them after what it hears now."""
    heard = []

    def listener(news):
        heard.append(news.message["seq"])
        if len(heard) < 3:
            with world.unit_of_work(MACHINE) as work:
                work.tell("project:changed", "default", {"fields": []})
        heard.append(-news.message["seq"])

    world.bus.listeners.append(listener)
    with world.unit_of_work(OWNER) as work:
        work.tell("project:changed", "default", {"fields": []})
        work.tell("project:changed", "default", {"fields": []})
    assert heard == [1, -1, 2, -2, 3, -3]
