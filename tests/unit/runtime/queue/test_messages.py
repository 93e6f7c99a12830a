"""Messages in Celery's form, through a broker in memory."""

from uuid import uuid4

import pytest
from gevent.event import Event

from server.runtime.queue.base import Urgency
from server.runtime.queue.celery import Message, Messages

pytest.importorskip("celery", reason='pip install "samphire[celery]" to run this')


class Enough(Exception):
    pass


def test_one_that_tells_of_no_job_is_skipped(caplog):
    messages, lane, room = Messages("memory://"), uuid4().hex, Event()
    room.set()
    messages.send(Message(1, lane, Urgency.WANTED))
    for body in ("none", [[], {}, {}], [["x"], {}, {}]):
        messages._producer.publish(body, routing_key=f"samphire.{lane}", serializer="json", retry=False)
    messages.send(Message(2, lane, Urgency.WANTED))
    taken = []

    def take(job_id):
        taken.append(job_id)
        if job_id == 2:
            raise Enough

    with pytest.raises(Enough):
        messages.read(lane, room, take)
    assert taken == [1, 2]
    assert caplog.text.count("tells of no job") == 3
