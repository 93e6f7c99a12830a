"""Socket.IO, hardened: who may come in, what they may send, and how whoever does otherwise is let go."""

import io
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import gevent
from flask import Flask
from flask_socketio import SocketIO
from socketio import packet
from werkzeug.exceptions import ClientDisconnected

from ...config import Settings
from ...errors import BadRequest, Forbidden, SamphireError, TooLarge, TooManyRequests, Unauthorized
from ..auth import refusal
from ..errors import as_response
from ..headers import EVERYWHERE
from ..identity import Identity
from .packets import Json, StrictPacket, are_frames, unanswered
from .websocket import MAX_MESSAGE_BYTES, SENDER, BoundedWebSocket

_PATH = "/socket.io"
_HEADERS = {**EVERYWHERE, "Cache-Control": "no-store"}
_CONNECT = str(packet.CONNECT)
_BODY_SECONDS = 20.0  # for a request's frames to come in
_MOST_SESSIONS = 1024  # of one address without accounts; those that poll hold no connection
_MOST_OF_ACCOUNT = 50
_CONNECT_SECONDS = 15.0  # from the handshake of Engine.IO to Socket.IO's
_WHO = "samphire.who"  # in a WSGI environment: who sends a request, and with which token's scope
_MOST_UNSENT = 200  # packets that a client has not taken, before it is let go


def open_socketio(
    app: Flask, settings: Settings, identity: Identity, often: Mapping[str, Callable[..., Any]]
) -> SocketIO:
    """Put Socket.IO in front of the application's routes, for whoever is no guest. `often`: what takes events that come
    a dozen times a second, of a session; they are taken as they are read, and may not wait."""
    quiet = logging.getLogger("samphire.wire")  # malformed packets are the sender's business, not the log's
    quiet.setLevel(logging.CRITICAL)
    options: Any = {"serializer": StrictPacket, "json": Json}
    if settings.redis:  # a session that polls is one process's, and its next request may come to another
        options["transports"] = ["websocket"]
    socketio: Any = SocketIO(
        app,
        async_mode="gevent",
        cors_allowed_origins=[],  # no CORS answers at all: `refusal` knows who may come in
        max_http_buffer_size=MAX_MESSAGE_BYTES,
        logger=quiet,
        engineio_logger=quiet,
        **options,
    )
    server = socketio.server
    engine = server.eio
    engine._async = {**engine._async, "websocket": BoundedWebSocket}
    take = engine.handlers["message"]

    def let_go(client: str | None = None) -> None:
        """Ends a client's session. Engine.IO's own `disconnect` would wait for the client to take what is unsent."""
        socket = engine.sockets.pop(client, None)
        if socket is not None:
            socket.close(wait=False, abort=True, reason=engine.reason.SERVER_DISCONNECT)

    def take_or_let_go(client: str, data: str | bytes) -> None:
        try:
            if client in server._binary_packet and not isinstance(data, bytes):
                raise ValueError("an attachment must be bytes")
            session = server.manager.sid_from_eio_sid(client, "/")
            if not session and not str(data).startswith(_CONNECT):
                raise ValueError("an event before the connection")
            if engine.sockets[client].queue.qsize() > _MOST_UNSENT:
                raise ValueError("asks for more than it takes")
            event = unanswered(data)
            if event is None or event[0] not in often:
                take(client, data)
            elif server.manager.is_connected(session, "/"):
                often[event[0]](session, *Json.loads(event[1])[1:])
        except Exception:  # whatever is wrong with a packet
            let_go(client)

    engine.disconnect = let_go
    engine.on("message", take_or_let_go)
    guard = _Guard(app.wsgi_app, settings, identity, let_go, _Sessions(server, let_go))
    app.wsgi_app = guard  # type: ignore[method-assign]
    return socketio


class _Sessions:
    """Whose the sessions are, and how many each has: an account, or all at one address who have none."""

    def __init__(self, server: Any, let_go: Callable[[str], None]) -> None:
        self._server, self._let_go = server, let_go
        self._who: dict[str, str] = {}  # by session
        self._counted: dict[str, str] = {}  # by session: among whose it counts
        self._of_one: Counter[str] = Counter()
        handlers = server.eio.handlers
        self._connect, self._disconnect = handlers["connect"], handlers["disconnect"]
        server.eio.on("connect", self._begin)
        server.eio.on("disconnect", self._end)

    def check_room(self, environ: Mapping[str, Any]) -> None:
        """That its sender may begin another session. Raises TooManyRequests."""
        whose, most = "This address has", _MOST_SESSIONS
        if SENDER in environ:
            whose, most = "You have", _MOST_OF_ACCOUNT
        if self._of_one[_counted(environ)] >= most:
            raise TooManyRequests(f"{whose} {most} sessions open.", hint="Close some, then try again.")

    def check_own(self, client: str, environ: Mapping[str, Any]) -> None:
        """That a session is its sender's. Raises Forbidden."""
        if client in self._who and not self.is_of(client, environ):
            raise Forbidden("Somebody else began this session.", hint="Begin another.")

    def is_of(self, client: str, environ: Mapping[str, Any]) -> bool:
        """Whether the session is that of a known sender."""
        return _WHO in environ and self._who.get(client) == environ[_WHO]

    def _begin(self, client: str, environ: dict[str, Any]) -> Any:
        self._who[client], counted = environ[_WHO], _counted(environ)
        self._counted[client] = counted
        self._of_one[counted] += 1
        gevent.spawn_later(_CONNECT_SECONDS, self._drop_unless_connected, client)
        return self._connect(client, environ)

    def _drop_unless_connected(self, client: str) -> None:
        if self._server.manager.sid_from_eio_sid(client, "/") is None:
            self._let_go(client)

    def _end(self, client: str, reason: str) -> None:
        counted = self._counted.pop(client, None)
        self._who.pop(client, None)
        if counted is not None:
            self._of_one[counted] -= 1
            if not self._of_one[counted]:
                del self._of_one[counted]
        self._disconnect(client, reason)


def _counted(environ: Mapping[str, Any]) -> str:
    return environ.get(SENDER) or environ.get("REMOTE_ADDR", "")


class _Guard:
    """Socket.IO answers before Flask's own checks run, so they are made here, before the first byte of a
    handshake, and so is the check of what a client posts; and Flask's headers, which its answers lack, are added."""

    def __init__(
        self,
        inner: Callable[..., Iterable[bytes]],
        settings: Settings,
        identity: Identity,
        let_go: Callable[[str], None],
        sessions: _Sessions,
    ) -> None:
        self._inner, self._settings, self._identity = inner, settings, identity
        self._let_go, self._sessions = let_go, sessions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(_PATH):
            return self._inner(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *_HEADERS.items()], *rest)

        if "upgrade" not in environ.get("HTTP_CONNECTION", "").lower():
            environ.pop("HTTP_UPGRADE", None)  # it counts only if Connection names it (RFC 9110, 7.8)
        error = refusal(environ, self._settings) or self._check(environ)
        if error is not None:
            response = as_response(error)
            response.headers.update(_HEADERS)
            return response(environ, start_response)
        return self._inner(environ, start)

    def _check(self, environ: dict[str, Any]) -> SamphireError | None:
        """Reads what a client posts, so that Engine.IO meets nothing but frames; ends the session of who sends else,
        never somebody else's."""
        clients = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [])
        try:
            actor = self._identity.actor(environ)
            if actor.kind == "guest":
                raise Unauthorized()
            if actor.kind in ("account", "visitor"):  # people of one network are many behind one address
                environ[SENDER] = str(actor)
            environ[_WHO] = f"{actor} {actor.scope}"
            for client in clients:
                self._sessions.check_own(client, environ)
            if not clients:
                self._sessions.check_room(environ)
            if environ["REQUEST_METHOD"] == "POST":
                body = _read(environ)
                environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        except SamphireError as error:
            for client in clients:
                if self._sessions.is_of(client, environ):
                    self._let_go(client)
            return error
        return None


def _read(environ: dict[str, Any]) -> bytes:
    """The frames a client posts. Raises TooLarge or BadRequest."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_MESSAGE_BYTES:
        raise TooLarge(f"A message may have {MAX_MESSAGE_BYTES} bytes, not {length}.")
    body = None
    with suppress(ClientDisconnected, TimeoutError), gevent.Timeout(_BODY_SECONDS, TimeoutError):
        body = environ["wsgi.input"].read(length)
    if body is None or not are_frames(body):
        raise BadRequest("The body must be frames of Engine.IO.", hint="Use a client of Socket.IO.")
    return body
