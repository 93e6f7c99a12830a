"""The running server: gevent's pywsgi, from the bound socket to a clean end. Imported only to serve: it patches the
standard library."""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402  (everything below must see the patched standard library)
import errno
import os
import signal
import socket
import sys
import time
import webbrowser
from typing import Any

import gevent
from gevent.event import Event

from ..addresses import EVERYWHERE
from ..app import create_app, database_path
from ..config import Settings
from ..errors import InvalidSetting, Unavailable
from ..features.accounts.oidc.opening import SECRET_VARIABLE
from ..storage.data_lock import DataLock
from ..storage.private import warn_of_readers
from ..web.http_server import Server

_BACKLOG = 256
_GRACE_SECONDS = 5.0  # for requests and jobs under way when the server is told to stop


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


def _stop_on_signals(stop: Event) -> None:
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


def serve(settings: Settings) -> int:
    """Serve until told to stop; the process's exit status."""
    stop = Event()
    _stop_on_signals(stop)
    with DataLock(settings.data_path) as lock:
        listener = bind(settings.host, settings.port)
        if settings.oidc_issuer and not settings.is_team:
            raise InvalidSetting("--oidc-issuer needs --team.", hint="People of a team alone sign in.")
        app = create_app(settings)
        os.environ.pop(SECRET_VARIABLE, None)  # processes that read strangers' pictures have no use for it
        if settings.is_team:
            warn_of_readers(database_path(settings))
        services = app.extensions["samphire"]
        services.segmenters.check_files(services.segmenters.find())  # told now, not at the first picture
        port = listener.getsockname()[1]
        server = Server(listener, app, settings, port)
        services.janitor.start()
        server.start()
        services.queue.start()
        services.renewal.start()
        services.ahead.start()
        services.delivering.start()
        lock.tell(settings.local_address(port), app.extensions["samphire.identity"].machine_secret)
        _announce(settings, port, services.invitations.first() if settings.is_team else None)
        stop.wait()
        ended = _shut_down(server, services)
    sys.stdout.flush()
    sys.stderr.flush()
    if not ended:  # a native thread is still computing: what it makes is not wanted any more
        os._exit(0)
    return 0


def _shut_down(server: Server, services: Any) -> bool:
    """Stop listening, let requests and jobs under way end, close everything; True when all ended in time."""
    deadline = time.monotonic() + _GRACE_SECONDS
    server.close()
    services.janitor.stop()
    services.renewal.stop()
    services.ahead.stop()
    services.queue.close()
    while (server.answering or services.queue.busy()) and time.monotonic() < deadline:
        gevent.sleep(0.02)
    services.queue.abandon()
    services.uploads.close()
    ended = services.pools.close(max(0.1, deadline - time.monotonic()))
    services.db.close()
    return ended
