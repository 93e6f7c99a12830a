"""What `/metrics` reads from all the services when it is asked: how the queue, the connections and the disk stand."""

import shutil
import time
from collections.abc import Callable, Mapping
from typing import Any

from ...paths import VERSION
from ...runtime import greenlets
from ...runtime.metrics.instruments import Instrument, Labels, Reading
from ...runtime.sharing import SingleFlight
from ...services import Services
from ...storage.rows import embeddings, images, jobs
from .readiness import Readiness, checks

_JOBS_SECONDS, _BYTES_SECONDS = 15.0, 120.0  # between looks at whole tables


def readings(services: Services) -> tuple[Instrument, ...]:
    readiness, one_look = Readiness(checks(services)), SingleFlight()

    def ready() -> dict[Labels, float]:
        return {(name,): holds for name, holds in readiness.look().items()}

    def of_jobs() -> dict[Labels, float]:
        with services.db.read() as session:
            return {key: float(count) for key, count in jobs.counts(session).items()}

    def of_blobs() -> dict[Labels, float]:
        with services.db.read() as session:
            return {
                ("images",): images.total_bytes(session),
                ("embeddings",): embeddings.total_bytes(session),
            }

    def of_disk() -> dict[Labels, float]:
        folder = services.settings.data_path
        usage = one_look.run("disk", lambda: greenlets.in_a_thread(shutil.disk_usage, folder))
        return {("free",): usage.free, ("total",): usage.total}

    def of_database() -> dict[Labels, float]:
        pool: Any = services.db.engine.pool
        return {("used",): pool.checkedout(), ("idle",): pool.checkedin()}

    now_and_then = services.pools.compute
    return (
        Reading("samphire_info", "Of this program.", lambda: {(VERSION,): 1}, ("version",)),
        Reading("samphire_ready", "Whether each check of /readyz holds.", ready, ("check",)),
        Reading(
            "samphire_jobs",
            "Jobs in the database, the same from every process: take the largest, not the sum.",
            _kept(_JOBS_SECONDS, lambda: now_and_then(of_jobs)),
            ("kind", "state"),
        ),
        Reading(
            "samphire_blob_bytes",
            "Files of images and embeddings, by the database; the same from every process.",
            _kept(_BYTES_SECONDS, lambda: now_and_then(of_blobs)),
            ("what",),
        ),
        Reading("samphire_disk_bytes", "Of the data folder's disk.", of_disk, ("what",)),
        Reading("samphire_database_connections", "Of this process.", of_database, ("state",)),
        Reading("samphire_pool_waiting", "Who waits for a native thread.", services.pools.waiting, ("pool",)),
    )


def of_serving(server: Any, socketio: Any) -> tuple[Instrument, ...]:
    """`server`: `web.http_server.Server`."""
    sessions = socketio.server.eio.sockets
    return (
        Reading("samphire_connections", "Open ones.", lambda: {(): len(server.connections)}),
        Reading("samphire_requests_under_way", "Being answered.", lambda: {(): server.answering}),
        Reading("samphire_socket_sessions", "Of browsers.", lambda: {(): len(sessions)}),
    )


def _kept(seconds: float, read: Callable[[], Mapping[Labels, float]]) -> Callable[[], Mapping[Labels, float]]:
    """At most once in that time, however many ask."""
    found: Mapping[Labels, float] = {}
    until = 0.0

    def look() -> Mapping[Labels, float]:
        nonlocal found, until
        if time.monotonic() >= until:
            found, until = read(), time.monotonic() + seconds
        return found

    return look
