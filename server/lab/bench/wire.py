"""Counts every byte between a browser and the server, whatever sends it: a relay on a port of its own."""

import contextlib
import socket
import threading


class CountingRelay:
    """Passes TCP connections on to 127.0.0.1:port. `down` and `up` are bytes towards the browser and from it,
    headers and sockets included."""

    def __init__(self, port: int) -> None:
        self.down = self.up = 0
        self._target = port
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                browser, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    browser.close()
                    continue
                with self._lock:
                    self._open |= {browser, server}
                threading.Thread(target=self._pump, args=(browser, server, "up"), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, browser, "down"), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                with self._lock:
                    setattr(self, way, getattr(self, way) + len(data))
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
