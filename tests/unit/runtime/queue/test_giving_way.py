"""Jobs that give way to others of their lane: each has its turns, and is one attempt."""

import gevent

from server.runtime.queue.handlers import GivesWay
from tests.unit.runtime.queue.desk import Desk, Held


class Turns:
    """Work of three turns, which gives way where others wait."""

    def __init__(self, name, done):
        self.name, self.done, self.left = name, done, 3

    def __call__(self, running):
        gevent.sleep(0.002)
        while self.left:
            self.left -= 1
            self.done.append(self.name)
            running.tell(left=self.left)
            if self.left and running.others_wait:
                raise GivesWay


def test_those_that_give_way_take_turns(tmp_path):
    desk, done = Desk(tmp_path / "x.db", path=lambda job: (job.dedupe_key,)), []
    for name in "abc":
        desk.submit(name, Turns(name, done))
    desk.queue.start()
    while "b" not in done:
        gevent.sleep(0.001)
    assert desk.status("a").state == "queued"
    assert desk.status("a").progress == {"left": 2}
    for name in "abc":
        assert desk.wait(name, 5).state == "none"
    assert "".join(done) == "abcabcabc"
    assert {attempts for _, _, attempts in desk.states()} == {1}
    desk.close()


def test_one_that_gives_way_may_be_cancelled_between_its_turns_or_left_to_the_next_process(tmp_path):
    desk, done = Desk(tmp_path / "x.db", path=lambda job: (job.dedupe_key,)), []
    held = Held()
    desk.submit("a", Turns("a", done))
    desk.submit("b", held)
    desk.queue.start()
    while not held.runs:
        gevent.sleep(0.001)
    assert done == ["a"]
    desk.cancel(lambda name: name == "a")
    assert desk.status("a").state == "none"
    desk.submit("c", Turns("c", done))
    held.error = GivesWay()
    desk.queue.close()
    held.gate.set()
    while desk.queue.busy():
        gevent.sleep(0.001)
    assert desk.states() == [("a", "stopped", 0), ("b", "queued", 0), ("c", "queued", 0)]
    held.error = None
    desk.next_process().start()
    for name in "bc":
        assert desk.wait(name, 5).state == "none"
    assert done == ["a", "c", "c", "c"]
    desk.close()
