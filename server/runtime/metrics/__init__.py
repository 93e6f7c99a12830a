"""What this process counts and times, one line each. Whoever does the thing says so here; `/metrics` tells it.

Labels have few values: a route's template, never an address; a kind, never an id."""

from .instruments import Counter, Histogram, Instrument

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0)

REQUESTS = Histogram(
    "samphire_request_seconds",
    "Requests, until their answer began, by the route's template.",
    _QUICK,
    ("method", "route", "status"),
)
EVENTS = Counter("samphire_socket_events_total", "Events that browsers sent.", ("event", "outcome"))
JOBS = Histogram("samphire_job_seconds", "Jobs that ended here.", _SLOW, ("kind", "outcome"))
WAITS = Histogram(
    "samphire_pool_wait_seconds", "Waiting for a native thread, in turn with others.", _QUICK, ("pool",)
)
WORK = Histogram(
    "samphire_pool_seconds", "Work in native threads: encode and decode are networks.", _QUICK, ("pool",)
)
CACHES = Counter("samphire_cache_total", "What was looked for in memory.", ("cache", "outcome"))
LAG = Histogram("samphire_loop_lag_seconds", "How late a greenlet wakes that slept.", _QUICK)

COUNTED: tuple[Instrument, ...] = (REQUESTS, EVENTS, JOBS, WAITS, WORK, CACHES, LAG)

__all__ = ["CACHES", "COUNTED", "EVENTS", "JOBS", "LAG", "REQUESTS", "WAITS", "WORK"]
