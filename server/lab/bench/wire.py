"""A relay between a browser and the server that counts every byte, and has the rate and the delay of a real line.

One event loop in a thread of its own. All connections share the line, each way, and take turns on it. A connection is
opened as TCP opens one: a round trip before its first byte, and a window that doubles with each round trip. Nothing is
lost, and there is no TLS.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

_CHUNK = 4096  # bytes that a connection sends in its turn
_BOOKED_AHEAD = 0.02  # seconds of the line's time, so that waking up late does not leave it idle
_FIRST_WINDOW = 10 * 1460  # bytes on their way before the first is acknowledged (RFC 6928)


@dataclass(frozen=True)
class Line:
    """`megabits`: a second, each way; `round_trip_ms`: there and back."""

    megabits: float
    round_trip_ms: float

    @property
    def name(self) -> str:
        return f"{self.megabits:g}-{self.round_trip_ms:g}"

    @property
    def title(self) -> str:
        return f"{self.megabits:g} Mbit/s and {self.round_trip_ms:g} ms"


class Relay:
    """Passes TCP connections on to 127.0.0.1:port, over a line if one is given. `down` and `up` are bytes towards the
    browser and from it, headers and sockets included."""

    def __init__(self, port: int, line: Line | None = None) -> None:
        self._port = port
        self._delay = line.round_trip_ms / 2000 if line else 0.0
        rate = line.megabits * 1e6 / 8 if line else None
        self._down, self._up = _Way(rate), _Way(rate)
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._run(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    @property
    def down(self) -> int:
        return self._down.bytes

    @property
    def up(self) -> int:
        return self._up.bytes

    def close(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _end(self) -> None:
        self._listener.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            await asyncio.sleep(2 * self._delay)  # until the browser has been answered that it may send
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                await asyncio.gather(
                    self._carry(reader, to_server, self._up), self._carry(from_server, writer, self._down)
                )
            finally:
                to_server.close()
        except (OSError, asyncio.CancelledError):
            return  # one end is gone, or the relay is closed
        finally:
            writer.close()
            self._open.discard(task)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: "_Way") -> None:
        window = _Window()
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(arriving, sink, window))
        try:
            while data := await source.read(_CHUNK):
                await window.leave(len(data))
                arriving.put_nowait((await way.sent(len(data)) + self._delay, data))
            arriving.put_nowait((self._loop.time() + self._delay, b""))
            await delivery
        finally:
            delivery.cancel()

    async def _deliver(
        self, arriving: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter, window: "_Window"
    ) -> None:
        while True:
            due, data = await arriving.get()
            await asyncio.sleep(due - self._loop.time())
            if not data:
                with contextlib.suppress(OSError):
                    sink.write_eof()
                return
            sink.write(data)
            await sink.drain()
            self._loop.call_later(self._delay, window.acknowledge, len(data))


class _Way:
    """One direction of the line; `rate` in bytes a second, None without a limit."""

    def __init__(self, rate: float | None) -> None:
        self.bytes = 0
        self._rate = rate
        self._free = 0.0  # when the last byte booked so far has been sent
        self._turn = asyncio.Lock()

    async def sent(self, count: int) -> float:
        """When so many bytes more will have been sent, in the loop's time; returns when they are about to be."""
        loop = asyncio.get_running_loop()
        self.bytes += count
        if self._rate is None:
            return loop.time()
        async with self._turn:
            await asyncio.sleep(self._free - loop.time() - _BOOKED_AHEAD)
            self._free = max(self._free, loop.time()) + count / self._rate
            return self._free


@dataclass
class _Window:
    """How much of one connection may be on its way: twice as much after each round trip."""

    size: int = _FIRST_WINDOW
    used: int = 0
    _room: asyncio.Event = field(default_factory=asyncio.Event)

    async def leave(self, count: int) -> None:
        while self.used and self.used + count > self.size:
            self._room.clear()
            await self._room.wait()
        self.used += count

    def acknowledge(self, count: int) -> None:
        self.used -= count
        self.size += count
        self._room.set()
