"""An error that nobody foresaw ends none of what must go on as long as a process lives."""

import gevent

from server.runtime.queue import following, leases
from server.storage import jobs as stored_jobs
from tests.unit.runtime.queue.desk import Desk, Held, job
from tests.unit.runtime.queue.test_shared import until


def test_following_and_leases_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(leases, "_BEAT_SECONDS", 0.1)
    monkeypatch.setattr(stored_jobs, "LEASE_SECONDS", 1.0)
    a, b = (Desk(tmp_path / "x.db", shared=True) for _ in range(2))
    a.queue.start()
    b.queue.start()
    held, failed = Held(), []

    def fails_once(name):
        def fail(*arguments):
            monkeypatch.setattr(a.store, name, well)
            failed.append(name)
            raise RuntimeError("Nobody has explained this one.")

        well = getattr(a.store, name)
        monkeypatch.setattr(a.store, name, fail)

    a.submit("x", held)
    until(lambda: a.states() == [("x", "running", 1)])
    for name in ("standing", "renew"):
        fails_once(name)
    until(lambda: sorted(failed) == ["renew", "standing"])
    gevent.sleep(1.5)  # longer than a lease
    assert (b.status("x").state, a.states()) == ("running", [("x", "running", 1)])
    b.works["y"] = other = Held()
    b.queue.submit(job("y"))
    until(lambda: a.status("y").state == "running")  # at b
    other.gate.set()
    held.gate.set()
    until(lambda: a.states() == [("x", "done", 1), ("y", "done", 1)])
    for desk in (a, b):
        desk.close()
