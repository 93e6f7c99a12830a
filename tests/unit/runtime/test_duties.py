"""Work in the background begins where a process leads, and ends where it does no more."""

import gevent
import pytest

from server.runtime import duties
from server.runtime.duties import Duties


class Work:
    def __init__(self):
        self.said = []

    def start(self):
        self.said.append("start")

    def stop(self):
        self.said.append("stop")


class Lead:
    def __init__(self):
        self.answer, self.left = False, 0

    def leads(self):
        return self.answer

    def leave(self):
        self.left += 1


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(duties, "_LOOK_SECONDS", 0.01)


def test_alone_it_begins_at_once():
    work = Work()
    alone = Duties([work])
    alone.start()
    assert work.said == ["start"]
    alone.stop()
    assert work.said == ["start", "stop"]


def test_it_follows_who_leads_and_one_that_fails_fails_no_other():
    work, lead, broken = Work(), Lead(), Work()
    broken.start = lambda: 1 / 0
    one = Duties([broken, work], lead)
    one.start()
    gevent.sleep(0.03)
    assert work.said == []
    lead.answer = True
    gevent.sleep(0.03)
    assert work.said == ["start"]
    assert one.done_here
    lead.answer = False
    gevent.sleep(0.03)
    assert work.said == ["start", "stop"]
    one.stop()
    assert lead.left == 1
