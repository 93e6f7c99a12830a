"""Events of several processes are told once, in their order, none left out."""

from datetime import UTC, datetime

from server.domain.events import Event
from server.runtime.bus.order import InOrder


def event(seq, project="p"):
    return Event(project, seq, "image:changed", "account:a", datetime(2026, 1, 1, tzinfo=UTC), None, {})


class Log:
    """What is stored, and what was told."""

    def __init__(self):
        self.stored, self.told, self.reads = [], [], 0
        self.during = lambda: None
        self.order = InOrder(
            self._since, self._lasts, lambda some: self.told.extend(each.seq for each in some)
        )

    def store(self, *seqs, project="p"):
        self.stored += [event(seq, project) for seq in seqs]
        return self.stored[-len(seqs) :]

    def _since(self, project, seq):
        self.reads += 1
        found = [each for each in self.stored if each.project_id == project and each.seq > seq][:2]
        during, self.during = self.during, lambda: None
        during()
        return found

    def _lasts(self, projects):
        return {
            project: max(each.seq for each in self.stored if each.project_id == project)
            for project in projects
        }


def test_what_follows_is_told_without_reading():
    log = Log()
    log.order.begin("p", 4)
    log.order.take(log.store(5, 6))
    log.order.take(log.store(7))
    assert log.told == [5, 6, 7]
    assert log.reads == 0


def test_what_another_stored_before_is_read_and_told_first():
    log = Log()
    log.order.begin("p", 4)
    log.store(5, 6, 7)
    log.order.take(log.store(8))
    assert log.told == [5, 6, 7, 8]
    log.order.reach("p", 7)  # its word comes late
    assert log.told == [5, 6, 7, 8]


def test_what_is_stored_while_others_are_read_is_told_after_them():
    log = Log()
    log.order.begin("p", 4)
    log.store(5, 6)
    log.during = lambda: log.order.take(log.store(7))
    log.order.reach("p", 6)
    assert log.told == [5, 6, 7]


def test_who_comes_later_still_hears_what_they_do_not_know():
    log = Log()
    stored = log.store(5)
    log.order.begin("p", 5)  # with an answer that says so
    log.order.take(stored)
    assert log.told == [5]
    log.order.begin("p", 9)  # of another page: nothing that is still on its way is left out
    log.order.take(log.store(6))
    assert log.told == [5, 6]


def test_events_that_are_forgotten_hold_nothing_up():
    log = Log()
    log.order.begin("p", 4)
    log.order.reach("p", 8)
    log.order.take(log.store(9))
    assert log.told == [9]


def test_a_look_makes_up_for_what_nobody_told_of():
    log = Log()
    log.order.begin("p", 4)
    log.order.begin("q", 0)
    log.store(5, 6, 7)
    log.store(1, project="q")
    log.order.look({"p"})
    assert log.told == [5, 6, 7]
    log.order.look({"p", "q"})
    assert log.told == [5, 6, 7]  # nobody watches q any more, and who comes back says what they know
