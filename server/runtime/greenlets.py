"""Greenlets, for those who need one: beside `runtime` and the server's own sockets in `web`, nobody names gevent."""

from gevent import Greenlet, GreenletExit, killall, sleep, spawn
from gevent.event import Event
from gevent.lock import BoundedSemaphore
from gevent.pool import Pool

__all__ = ["BoundedSemaphore", "Event", "Greenlet", "GreenletExit", "Pool", "killall", "sleep", "spawn"]
