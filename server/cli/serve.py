"""The running server: gevent's pywsgi, from the bound socket to a clean end. Imported only to serve: it patches the
standard library."""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402  (everything below must see the patched standard library)
import errno
import logging
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Sequence
from typing import Any

import gevent
from gevent.event import Event

from ..addresses import EVERYWHERE, read_listener
from ..app import create_app
from ..config import Settings
from ..errors import InvalidSetting, Unavailable
from ..features.accounts.oidc.opening import SECRET_VARIABLE
from ..features.upkeep import figures
from ..runtime.greenlets import log_failures
from ..runtime.metrics import process
from ..runtime.metrics.instruments import Instrument
from ..storage.blobs.s3 import forget_keys
from ..storage.data_lock import DataLock
from ..storage.private import warn_of_readers
from ..web.http_server import Server
from ..web.operating.metrics_server import MetricsServer
from .ending import leave, shut_down

log = logging.getLogger(__name__)

_BACKLOG = 256


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises a SamphireError with one sentence when the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise InvalidSetting(f"--host {host!r} is not an address of this machine.") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and host == "::":  # elsewhere than on Linux it would leave IPv4 out
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = (
            "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror or error})"
        )
        raise Unavailable(
            f"Port {port} of {host} {reason}.",
            hint="Another Samphire may be running there already; --port 0 takes any free port.",
        ) from None
    listener.setblocking(False)
    return listener


def open_metrics(settings: Settings, services: Any, more: Sequence[Instrument] = ()) -> MetricsServer | None:
    """Where somebody asked for it. `more`: of a process that answers requests. Raises as `bind`."""
    address = read_listener(settings.metrics_address)
    if address is None:
        return None
    readings = (*figures.readings(services), *more, *process.readings())
    metrics = MetricsServer(bind(*address), readings)
    metrics.start()
    process.watch_loop()
    log.info("Metrics are at http://%s:%d/metrics", address[0], metrics.server_port)
    return metrics


def _announce(settings: Settings, port: int, first: str | None) -> None:
    """Tell where the page is, and open it where there is a screen. `first`: path of the link that makes the first
    account."""
    url = settings.local_address(port)
    print(f"Samphire is ready at {url}", flush=True)
    if settings.host in EVERYWHERE:
        print(f"From other machines: {settings.address(socket.gethostname(), port)}", flush=True)
    if first is not None:
        url = url.rstrip("/") + first
        print(f"Nobody has an account yet. This link makes the owner's, once: {url}", flush=True)
    screen = sys.platform in ("win32", "darwin") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    if settings.open_browser and screen:
        gevent.spawn(webbrowser.open, url)


def stop_on_signals(stop: Event) -> None:
    """First SIGINT or SIGTERM: set `stop`. A second one ends the process at once.

    Plain `signal.signal`, because gevent's own watchers do not know SIGBREAK and Ctrl-C of Windows consoles;
    its loop lets Python handle signals several times a second even when nothing else happens.
    """
    loop = gevent.get_hub().loop

    def handle(number: int, frame: Any) -> None:
        if stop.is_set():
            os._exit(1)
        loop.run_callback_threadsafe(stop.set)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handle)


def forget_secrets(settings: Settings) -> None:
    """Once all is opened: processes that read strangers' pictures have no use for them."""
    for variable in (SECRET_VARIABLE, "SAMPHIRE_DATABASE", "SAMPHIRE_REDIS"):
        os.environ.pop(variable, None)
    if settings.bucket is not None:
        forget_keys()


def serve(settings: Settings) -> int:
    """Serve until told to stop; the process's exit status."""
    log_failures()
    stop = Event()
    stop_on_signals(stop)
    with DataLock(settings.data_path, shared=bool(settings.redis)) as lock:
        listener = bind(settings.host, settings.port)
        if settings.oidc_issuer and not settings.is_team:
            raise InvalidSetting("--oidc-issuer needs --team.", hint="People of a team alone sign in.")
        app = create_app(settings)
        forget_secrets(settings)
        if settings.is_team and not settings.database:
            warn_of_readers(settings.database_path)
        services = app.extensions["samphire"]
        services.segmenters.check_files(services.segmenters.find())  # told now, not at the first picture
        port = listener.getsockname()[1]
        server = Server(listener, app, settings, port)
        services.peers.start()
        services.bus.start()
        services.janitor.begin(services.peers.are_there)
        server.start()
        services.queue.start()
        services.duties.start()
        lock.tell(settings.local_address(port), app.extensions["samphire.identity"].machine_secret)
        serving = figures.of_serving(server, app.extensions["socketio"])
        metrics = open_metrics(settings, services, serving)
        _announce(settings, port, services.invitations.first() if settings.is_team else None)
        stop.wait()
        services.stopping = server.stopping = True
        gevent.sleep(settings.drain_s)
        server.close()
        services.duties.stop()
        ended = shut_down(services, lambda: bool(server.answering))
        if metrics is not None:
            metrics.stop(0)
    return leave(ended)
