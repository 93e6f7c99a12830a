"""The queue whose jobs are done by workers, which are told of them through Redis as Celery tells of tasks.

How jobs stand is in the store, and nowhere else. A message says that there is one of this id in a lane; it is gone as
soon as a worker has read it, which then begins what comes next in that lane, as its own order is: the same job, or one
that is more urgent by now. So a message too many does nothing, and one that is lost is made up for: whoever finds fewer
messages of a lane than queued jobs sends them again.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

import gevent
from gevent.event import Event

from ...errors import InvalidSetting
from .base import JobStore, Urgency
from .handlers import Handlers, Lane
from .inprocess import InProcessQueue
from .performing import Entry

log = logging.getLogger(__name__)

_TASK = "samphire.job"
_STEPS = {
    urgency: 3 * urgency for urgency in Urgency
}  # Redis has lists for some priorities; the lowest goes first
_LOOK_SECONDS = 2.0  # between looks whether messages were lost
_TIMES = 2  # so often in a row there must be too few: one may be on its way
_MOST_AGAIN = 1000  # messages that are sent again at once
_REST_SECONDS = 1.0  # while Redis is away
_WAIT_SECONDS = 1.0
_CONNECT_SECONDS, _ANSWER_SECONDS = 2.0, 5.0


class Message(NamedTuple):
    job_id: int
    lane: str
    urgency: Urgency


class Messages:
    """Of jobs, in Redis, under Celery's names and in its form."""

    def __init__(self, url: str) -> None:
        """Raises InvalidSetting where its packages are missing."""
        try:
            from celery import Celery
            from kombu.exceptions import KombuError
            from redis import RedisError
        except ImportError:
            raise InvalidSetting(
                "--jobs celery needs packages.", hint='`pip install "samphire[celery]"`'
            ) from None
        self.errors: tuple[type[Exception], ...] = (KombuError, RedisError, OSError)
        self._app: Any = Celery("samphire", broker=url, set_as_current=False)
        self._app.conf.update(
            broker_transport_options={
                "priority_steps": sorted(_STEPS.values()),
                "socket_connect_timeout": _CONNECT_SECONDS,
                "socket_timeout": _ANSWER_SECONDS,
                "client_name": "samphire",
            },
            broker_use_ssl={"ssl_cert_reqs": "required"} if url.lower().startswith("rediss:") else None,
            accept_content=["json"],
        )
        self._connection: Any = None
        self._producer: Any = None

    def send(self, message: Message) -> None:
        """Raises what `errors` names."""
        self._connect()
        self._app.send_task(
            _TASK,
            args=[message.job_id],
            queue=_queue(message.lane),
            priority=_STEPS[message.urgency],
            producer=self._producer,
            retry=False,
            ignore_result=True,
        )

    def count(self, lane: str) -> int:
        """How many wait. Raises what `errors` names."""
        self._connect()
        return self._connection.default_channel.queue_declare(queue=_queue(lane)).message_count

    def claim(self, what: str, seconds: int) -> bool:
        """Whether no other process has claimed it for now. Raises what `errors` names."""
        self._connect()
        client = self._connection.default_channel.client
        return bool(client.set(f"samphire:claimed:{what}", 1, nx=True, ex=seconds))

    def drop(self) -> None:
        """The connection, which may be broken: the next call makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # whatever is broken about it
                connection.release()

    def read(self, lane: str, room: Event, take: Callable[[int], None]) -> None:
        """For ever: `take` the id of each message of a lane, whenever there is `room`. Raises what `errors` names."""
        queue = self._app.amqp.queues[_queue(lane)]

        def on_message(message: Any) -> None:
            try:
                arguments, _, _ = message.payload
                job_id = int(arguments[0])
            except Exception:  # Redis is other programs' too
                return log.warning("A message in the queue %s tells of no job", lane, exc_info=True)
            take(job_id)

        with self._app.connection_for_read() as connection:
            reading = self._app.amqp.TaskConsumer(
                connection.default_channel, queues=[queue], on_message=on_message, no_ack=True
            )
            with reading:
                while True:
                    room.wait()
                    try:
                        connection.drain_events(timeout=_WAIT_SECONDS)
                    except TimeoutError:
                        continue

    def _connect(self) -> None:
        if self._connection is None:
            self._connection = self._app.connection_for_write()
            self._producer = self._app.amqp.Producer(self._connection)


class CeleryQueue(InProcessQueue):
    """As `InProcessQueue`, but what is begun here are jobs of some lanes only, and for each a message has come."""

    def __init__(self, redis: str, store: JobStore, handlers: Handlers, at_once: int | None = None) -> None:
        super().__init__(store, handlers, at_once)
        self._messages = Messages(redis)
        self.served: Collection[str] = ()  # names of lanes; a server has none
        self._here: dict[Lane, Event] = {}  # the worker's lanes, and whether it can take one more message
        self._unused: dict[Lane, int] = {}  # messages that no job was begun for yet
        self._unsent: deque[Message] = deque()
        self._wanted = Event()
        self._short: dict[str, int] = {}  # lanes with too few messages, and how often that was seen
        self._helpers: list[gevent.Greenlet] = []

    def serve(self, lanes: Collection[str]) -> None:
        """Do jobs of these lanes, once it is started."""
        self.served = lanes

    def start(self) -> None:
        """See `JobQueue.start`."""
        lanes = {handler.lane for handler in self.handlers.values() if handler.lane.name in self.served}
        self._here = {lane: Event() for lane in lanes}
        super().start()
        self._helpers = [gevent.spawn(self._send), *(gevent.spawn(self._read, lane) for lane in lanes)]
        for lane in lanes:
            self.begin(lane)

    def close(self) -> None:
        """See `JobQueue.close`."""
        gevent.killall(self._helpers, block=False)  # one that waits in Redis takes a second to end
        super().close()

    def announce(self, entry: Entry) -> None:
        self._unsent.append(Message(entry.id, entry.handler.lane.name, entry.urgency))
        self._wanted.set()
        super().announce(entry)

    def begin(self, lane: Lane) -> None:
        room = self._here.get(lane)
        if room is None or self._closed or not self._started:
            return
        waiting = self._book.waiting(lane)
        while self._unused.get(lane) and (entry := waiting.begin()) is not None:
            self._unused[lane] -= 1
            self.do(entry)
        if not waiting.others_wait():
            self._unused[lane] = 0  # their jobs are done, or others do them
        if waiting.has_place and not self._unused.get(lane):
            room.set()
        else:
            room.clear()

    def missed(self, lane: Lane) -> None:
        self._unused[lane] = self._unused.get(lane, 0) + 1
        self.begin(lane)

    def _take_message(self, lane: Lane, job_id: int) -> None:
        self._unused[lane] = self._unused.get(lane, 0) + 1
        self._patiently(lambda: self._following.know([job_id]))
        self.begin(lane)

    def _read(self, lane: Lane) -> None:
        while True:
            try:
                self._messages.read(
                    lane.name, self._here[lane], lambda job_id: self._take_message(lane, job_id)
                )
            except Exception as error:
                known = isinstance(error, self._messages.errors)
                log.warning("No word of jobs comes from Redis: %s", error, exc_info=not known)
                gevent.sleep(_REST_SECONDS)

    def _send(self) -> None:
        looked = time.monotonic()
        while True:
            self._wanted.wait(_LOOK_SECONDS)
            self._wanted.clear()
            try:
                while self._unsent:
                    self._messages.send(self._unsent[0])
                    self._unsent.popleft()
                if time.monotonic() - looked >= _LOOK_SECONDS:
                    looked = time.monotonic()
                    self._send_lost(looked - _LOOK_SECONDS)
            except (
                Exception
            ) as error:  # whatever it is: without this greenlet, no worker hears of a job again
                known = isinstance(error, self._messages.errors)
                log.warning("Workers are not told of jobs, as Redis is away: %s", error, exc_info=not known)
                self._messages.drop()
                self._unsent.clear()  # those that are queued by then are found to lack a message
                gevent.sleep(_REST_SECONDS)

    def _send_lost(self, before: float) -> None:
        """Messages of jobs that have been queued for a while, where there are fewer of them."""
        queued: dict[str, list[Entry]] = {}
        for entry in self._book.queued():
            if entry.known_at < before:
                queued.setdefault(entry.handler.lane.name, []).append(entry)
        self._short = {lane: self._short.get(lane, 0) for lane in queued}
        for lane, entries in queued.items():
            enough = self._messages.count(lane) >= len(entries)
            self._short[lane] = 0 if enough else self._short[lane] + 1
            if self._short[lane] >= _TIMES and self._messages.claim(lane, round(_TIMES * _LOOK_SECONDS)):
                self._short[lane] = 0
                log.warning("Messages of jobs were lost, and are sent again: %s", lane)
                self._send_again(entries)

    def _send_again(self, entries: Iterable[Entry]) -> None:
        for entry in sorted(entries, key=lambda entry: entry.urgency)[:_MOST_AGAIN]:
            self._messages.send(Message(entry.id, entry.handler.lane.name, entry.urgency))


def _queue(lane: str) -> str:
    return f"samphire.{lane}"
