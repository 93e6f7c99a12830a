"""Jobs for tests of queues: a store in memory, and work that begins and ends when the test says."""

from dataclasses import replace
from typing import Any

import gevent
from gevent.event import Event

from server.errors import EncodingFailed
from server.runtime.queue.base import Job, Urgency
from server.runtime.queue.handlers import Handler, Handlers, Lane
from server.runtime.queue.inprocess import InProcessQueue
from server.storage.engine import Database
from server.storage.jobs import StoredJobs
from server.storage.tables import JobRow

KIND = "work"


class Held:
    """Work that starts when the queue says and ends when the test says."""

    def __init__(self, error: Exception | None = None):
        self.runs, self.gate, self.error = 0, Event(), error
        self.job: Any = None

    def __call__(self, running):
        self.runs += 1
        self.job = running
        self.gate.wait(20)
        if self.error is not None:
            raise self.error


class Desk:
    """A queue, jobs of one kind asked for by name, and what each does."""

    def __init__(self, file, make_queue: Any = InProcessQueue, shared=False, **options):
        self.db = Database.open(f"sqlite:///{file}")
        self.store = StoredJobs(self.db, shared)
        self.works = {}
        handler = Handler(self._do, Lane(KIND), failure=EncodingFailed)
        self.handlers = Handlers({KIND: replace(handler, **options)})
        self.queue = make_queue(self.store, self.handlers)

    def _do(self, running):
        self.works[running.job.dedupe_key](running)

    def submit(self, name, work, urgency=Urgency.WANTED):
        if self.status(name).state in ("none", "failed"):
            self.works[name] = work
        return self.queue.submit(job(name, urgency))

    def status(self, name):
        return self.queue.status((KIND, name))

    def wait(self, name, timeout):
        return self.queue.wait((KIND, name), timeout)

    def cancel(self, matches):
        self.queue.cancel(lambda job: matches(job.dedupe_key))

    def ease(self, matches):
        self.queue.ease(lambda job: matches(job.dedupe_key))

    def listen(self, listener, watched=lambda name: False):
        self.queue.listen(
            lambda job, status: listener(job.dedupe_key, status), lambda job: watched(job.dedupe_key)
        )

    def states(self):
        """(name, state, attempts) of what is stored, oldest first."""
        with self.db.read() as session:
            rows = session.query(JobRow).order_by(JobRow.created_at)
            return [(row.dedupe_key, row.state, row.attempts) for row in rows]

    def next_process(self):
        """What a later one sees, though this one was killed: another queue over what is stored."""
        self.queue = InProcessQueue(self.store, self.handlers)
        return self.queue

    def close(self):
        """Whatever the test still holds."""
        for work in self.works.values():
            if isinstance(work, Held):
                work.gate.set()
        self.queue.close()
        self.queue.abandon()
        while self.queue.busy():
            gevent.sleep(0.001)
        self.db.close()


def job(name, urgency=Urgency.WANTED):
    return Job(KIND, {"name": name}, name, urgency)
