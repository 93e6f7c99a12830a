"""The relay passes bytes on unchanged, counts them, and takes the time that its line takes.

A busy machine makes it slower, never faster: times are held from below, and from above with room for seconds.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from server.lab.bench.wire import Line, Relay

PATIENCE_S = 10


@contextmanager
def relayed(answer: bytes, line: Line | None = None) -> Iterator[Relay]:
    """Before a server that answers each 8 bytes so."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the relay was closed
            while connection.recv(8):
                connection.sendall(answer)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    relay = Relay(listener.getsockname()[1], line)
    try:
        yield relay
    finally:
        relay.close()
        listener.close()


def connect(relay: Relay) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(relay.url.rpartition(":")[2])), timeout=PATIENCE_S)


def ask(client: socket.socket, size: int) -> bytes:
    client.sendall(b"samphire")
    received = b""
    while len(received) < size:
        part = client.recv(65536)
        assert part
        received += part
    return received


def seconds(work) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_counts_both_ways_and_passes_on_unchanged():
    answer = bytes(range(256)) * 300
    with relayed(answer) as relay, connect(relay) as client:
        assert ask(client, len(answer)) == answer
        assert (relay.up, relay.down) == (8, len(answer))


def test_a_closed_end_closes_the_other():
    with relayed(b"x") as relay, connect(relay) as client:
        ask(client, 1)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""


def test_a_round_trip_to_connect_and_one_to_ask():
    with relayed(b"x" * 8, Line(1000, 100)) as relay, connect(relay) as client:
        first = seconds(lambda: ask(client, 8))
        later = min(seconds(lambda: ask(client, 8)) for _ in range(5))
    assert first >= 0.195
    assert 0.095 <= later < 0.19


@pytest.mark.parametrize("connections", [1, 3])
def test_connections_share_the_rate(connections):
    size = 240_000 // connections
    with relayed(b"x" * size, Line(8, 10)) as relay:
        clients = [connect(relay) for _ in range(connections)]
        threads = [threading.Thread(target=ask, args=(client, size)) for client in clients]

        def all_of_them() -> None:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        taken = seconds(all_of_them)
        for client in clients:
            client.close()
    assert 0.24 <= taken < 2  # 240 kB at 1 MB a second


def test_a_small_answer_does_not_wait_for_a_large_one():
    with relayed(b"x" * 2_000_000, Line(8, 10)) as relay, connect(relay) as greedy, connect(relay) as modest:
        greedy.sendall(b"samphire")
        time.sleep(0.1)
        taken = seconds(lambda: ask(modest, 8))
    assert taken < 1  # the large one takes two seconds


def test_a_connection_starts_slowly():
    size = 100_000
    with relayed(b"x" * size, Line(1000, 100)) as relay, connect(relay) as client:
        ask_first = seconds(lambda: ask(client, size))
        ask_again = min(seconds(lambda: ask(client, size)) for _ in range(3))
    assert ask_first >= 0.095 * 5  # connecting, asking, and three windows more: 15, 29, 58 kB
    assert ask_again < 0.095 * 3
