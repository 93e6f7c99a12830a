"""A line to a server that can be cut, and a server that hangs up, without touching the machine's network."""

import contextlib
import selectors
import socket
import threading

_CHUNK = 1 << 16


class Wire:
    """Passes on what comes to `port` of this machine, to a server and back. Any thread may call the methods."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._lock = threading.Lock()
        self._waiting: dict[socket.socket, bytearray] = {}  # what is still to be sent, by where to
        self._other: dict[socket.socket, socket.socket] = {}
        self._whole, self._ended = threading.Event(), threading.Event()
        self._whole.set()
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Nothing passes, and nobody is told: what is sent waits, as it does for a network that has gone."""
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    def hang_up(self) -> None:
        """As a server that has ended: its connections are over, new ones are refused."""
        with self._lock:
            self._listener.close()
            while self._other:
                self._let_go(next(iter(self._other)))

    def answer(self) -> None:
        """After `hang_up`, as a server that has been started again."""
        with self._lock:
            self._listener = self._listen(self.port)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self.hang_up()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=128)
        listener.setblocking(False)
        return listener

    def _pass_on(self) -> None:
        while not self._ended.is_set():
            if not self._whole.wait(0.1):
                continue
            with self._lock:
                ready = self._ready()
                for each, events in ready:
                    self._serve(each, events)
            self._ended.wait(0 if ready else 0.002)

    def _ready(self) -> list[tuple[socket.socket, int]]:
        with selectors.DefaultSelector() as selector:
            if self._listener.fileno() != -1:
                selector.register(self._listener, selectors.EVENT_READ)
            for each in self._other:
                wanted = selectors.EVENT_WRITE if self._waiting[each] else 0
                selector.register(each, wanted | selectors.EVENT_READ)
            return [(key.fileobj, events) for key, events in selector.select(0)]  # type: ignore[misc]

    def _serve(self, each: socket.socket, events: int) -> None:
        if each is self._listener:
            self._connect()
        elif each in self._other:  # not let go of a moment ago
            try:
                if events & selectors.EVENT_WRITE:
                    del self._waiting[each][: each.send(self._waiting[each])]
                if events & selectors.EVENT_READ:
                    data = each.recv(_CHUNK)
                    if not data:
                        raise ConnectionResetError
                    self._waiting[self._other[each]] += data
            except BlockingIOError:
                pass
            except OSError:
                self._let_go(each)

    def _connect(self) -> None:
        came, _ = self._listener.accept()
        try:
            gone = socket.create_connection(self._target, timeout=2)
        except OSError:
            came.close()
            return
        for one, other in ((came, gone), (gone, came)):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._other[one], self._waiting[one] = other, bytearray()

    def _let_go(self, each: socket.socket) -> None:
        """Of both ends, after what is on its way to the other."""
        other = self._other.pop(each)
        with contextlib.suppress(OSError):
            other.send(self._waiting[other])
        for one in (each, other):
            self._other.pop(one, None)
            self._waiting.pop(one, None)
            one.close()
