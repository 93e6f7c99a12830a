"""The relay that counts bytes passes them on unchanged."""

import socket
import threading

from server.lab.bench.wire import CountingRelay


def test_relay_counts_both_ways():
    listener = socket.create_server(("127.0.0.1", 0))

    def echo_doubled():
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(1000):
                connection.sendall(data + data)

    threading.Thread(target=echo_doubled, daemon=True).start()
    relay = CountingRelay(listener.getsockname()[1])
    try:
        port = int(relay.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"samphire")
            received = b""
            while len(received) < 16:
                received += client.recv(1000)
    finally:
        relay.close()
        listener.close()
    assert received == b"samphiresamphire"
    assert (relay.up, relay.down) == (8, 16)
