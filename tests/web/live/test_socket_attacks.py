"""What hostile clients do to the socket and to the HTTP server below it: each is answered or let go, nothing leaks."""

import json
import time

import pytest
import requests
import websocket

from tests.web.live.running import Server, picture, upload
from tests.web.live.wire import connected, descriptors, frame, polling, raw, sound

LONG = "1" * 100


def answer_to(connection, packet):
    """The acknowledgement of an event: its id, and what it carries; None when the connection was closed instead."""
    connection.send(packet)
    text = connection.recv()
    if not text:
        return None
    assert text.startswith("43")
    start = text.index("[")
    return text[2:start], json.loads(text[start:])[0]


@pytest.mark.parametrize(
    "event",
    ["[{}]", "[[]]", "[1]", "[null]", "[]", "{}", '"predict"', "", '["nope",{}]', '["connect",{}]',
     '["disconnect"]', '["connect_error"]'],
)  # fmt: skip
def test_an_event_that_is_none_is_acknowledged_with_an_error(server, event):
    with connected(server) as connection:
        identity, answer = answer_to(connection, "427" + event)
        assert (identity, answer["ok"], answer["error"]["code"]) == ("7", False, "bad_request")
        assert "ping_ms, point, predict, unwatch, view, watch" in answer["error"]["message"]
        assert answer_to(connection, '428["ping_ms",{}]') == ("8", {"ok": True})
    assert sound(server)


@pytest.mark.parametrize("digits", [LONG, LONG + "1", LONG * 50])
def test_whole_numbers_of_any_length_are_acknowledged(server, image, digits):
    with connected(server) as connection:
        assert answer_to(connection, f'42{digits}["ping_ms",{{}}]') == (digits, {"ok": True})
        data = f'{{"image":"{image["id"]}","points":[[9,9,1]],"seq":{digits}}}'
        _, answer = answer_to(connection, f'421["predict",{data}]')
        assert answer["error"]["code"] == "bad_request"
        for value in (f"[[9,9,{digits}]]", digits):
            data = f'{{"image":"{image["id"]}","points":{value}}}'
            _, answer = answer_to(connection, f'421["predict",{data}]')
            assert answer["error"]["code"] in ("invalid_prompt", "bad_request")
        _, answer = answer_to(connection, f'421["watch",{{"image":{digits}}}]')
        assert answer["error"]["code"] == "bad_request"
    assert sound(server)


@pytest.mark.parametrize(
    "packets",
    [
        ["x"], ["4"], ["4x"], ["4{}"], ["4" + "[" * 100_000], ["47"], ["0{}"], ["1[[["], ["44{}"], ["431[]"],
        ["42["], ['421["ping_ms",' + "[" * 100_000], ['42/elsewhere,1["ping_ms",{}]'],
        ["461-[]"], ['450-["ping_ms",{}]'], ['45["ping_ms",{}]'], ['4599-["ping_ms",{}]'],
        ['459999999999-["ping_ms",{}]'], [b"never announced"],
        ['451-["ping_ms",{"_placeholder":true,"num":5}]', b"x"],
        ['451-["ping_ms",{"_placeholder":true,"num":"x"}]', b"x"],
        ['451-["ping_ms",{"_placeholder":true,"num":0}]', "4no bytes"],
        ['452-["ping_ms",{}]', b"only one", '421["ping_ms",{}]'],
    ],
    ids=lambda packets: repr(packets)[:40],
)  # fmt: skip
def test_what_is_no_packet_ends_the_connection_and_nothing_else(server, packets):
    with connected(server) as connection:
        for packet in packets:
            send = connection.send_binary if isinstance(packet, bytes) else connection.send
            send(packet)
        assert connection.recv() == ""
    assert sound(server)


def test_half_a_character_is_refused(server, image):
    with connected(server) as connection:
        for data in ('{"image":"\\ud800"}', f'{{"image":"{image["id"]}","\\udfff":1}}'):
            assert answer_to(connection, f'421["watch",{data}]')[1]["error"]["code"] == "bad_request"
    assert sound(server)


@pytest.mark.parametrize("before", [[], ["41"]])
def test_an_event_outside_of_a_connection_ends_it(server, before):
    url = server.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(url, timeout=20)
    connection.recv()
    for packet in before:
        connection.send("40")
        connection.recv()
        connection.send(packet)
    connection.send('421["ping_ms",{}]')
    assert connection.recv() == ""
    assert sound(server)


def test_other_namespaces_are_refused_and_a_second_connect_too(server):
    with connected(server) as connection:
        for packet in ("40/elsewhere,", "40"):
            connection.send(packet)
            assert connection.recv().startswith("44")
        assert answer_to(connection, '421["ping_ms",{}]') == ("1", {"ok": True})


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"4" * 256_001, 413), (b"2", 400), (b"", 400), (b"x", 400), (b"\xff", 400), (b"b!!", 400), (b"d=40", 400),
     (b"\x1e".join([b"3"] * 17), 400)],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_a_post_that_is_refused_is_answered_and_ends_the_session(server, body, status):
    address = polling(server)
    assert requests.post(address, data=body, timeout=20).status_code == status
    assert requests.get(address, timeout=20).status_code == 400
    assert sound(server)


def test_a_broken_packet_in_a_post_ends_the_session(server):
    address = polling(server)
    requests.post(address, data=b"40", timeout=20)
    requests.post(address, data=b"42[", timeout=20)
    deadline = time.monotonic() + 20
    while requests.get(address, timeout=20).status_code != 400:
        assert time.monotonic() < deadline
    assert sound(server)


POST = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize("sent", [
    POST % 256_001 + "4" * 256_001, POST % 500 + "4", "POST {path} HTTP/1.1\r\nHost: {host}\r\nConte",
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz",
    "POST {path} HTTP/1\r\n\r\n", "GET /" + "x" * 9000 + " HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\n" + "A: b\r\n" * 300 + "\r\n", "GET / HTTP/1.1\r\nContent-Length: " + LONG * 60 + "\r\n\r\n",
    "PUT /api/images/x HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\n\r\n{{",
    "POST /api/projects HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\nContent-Type: application/json\r\n\r\n{{",
    "POST /api/images HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\nContent-Type: multipart/form-data; "
    "boundary=b\r\n\r\n--b\r\n",
], ids=lambda sent: sent[:40])  # fmt: skip
def test_what_is_broken_off_leaves_nothing_open(server, sent):
    before = descriptors(server)
    for _ in range(20):
        raw(server, sent, polling(server).removeprefix(server.base)).close()
    deadline = time.monotonic() + 20
    while descriptors(server) > before + 5:
        assert time.monotonic() < deadline, (before, descriptors(server))
        time.sleep(0.1)
    assert sound(server)


def test_a_chunked_or_oversized_body_to_the_socket_is_refused_unread(server):
    head = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9999999999\r\n\r\n4"
    with raw(server, head, polling(server).removeprefix(server.base)) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
    assert sound(server)


def test_a_flood_of_events_is_answered_in_its_turn_and_delays_nobody(server):
    with connected(server) as flood, connected(server) as polite:
        for number in range(1500):
            flood.send(f'42{number}["ping_ms",{{}}]')
        assert answer_to(polite, '421["ping_ms",{}]') == ("1", {"ok": True})
        for number in range(300):
            assert flood.recv().startswith(f"43{number}[")
    assert sound(server)


def test_what_a_client_does_not_take_is_not_kept_for_it(server):
    address = polling(server)
    requests.post(address, data=b"40", timeout=20)
    body = b"\x1e".join(b'421["ping_ms",{}]' for _ in range(16))
    statuses = {requests.post(address, data=body, timeout=20).status_code for _ in range(30)}
    assert 400 in statuses  # the session is gone
    assert sound(server)


def test_rooms_are_of_what_there_is_and_not_endless(server, image):
    def watch(connection, **data):
        return answer_to(connection, f'421["watch",{json.dumps(data)}]')[1]

    other = requests.post(f"{server.base}/api/projects", json={"name": "Other"}, timeout=20).json()
    with connected(server) as connection:
        assert watch(connection, image=image["id"], project="default")["ok"]
        assert watch(connection, image=image["id"], project="0" * 16)["error"]["code"] == "project_not_found"
        assert watch(connection, image=image["id"], project=other["id"])["error"]["code"] == "image_not_found"
        assert watch(connection, image=image["id"], project=7)["error"]["code"] == "bad_request"
    assert sound(server)


def test_a_storm_of_connections_leaves_nothing_behind(server):
    with connected(server):
        before = descriptors(server)
    for _ in range(150):
        with connected(server) as connection:
            connection.send('421["ping_ms",{}]')
    deadline = time.monotonic() + 20
    while descriptors(server) > before + 5:
        assert time.monotonic() < deadline, (before, descriptors(server))
        time.sleep(0.1)
    assert sound(server)


@pytest.mark.parametrize(
    "bad", ["Sec-WebSocket-Version: 1", "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99"]
)
def test_a_handshake_that_fails_is_refused(server, bad):
    head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n"
    with raw(server, f"{head}Upgrade: websocket\r\n{bad}\r\n\r\n") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert sound(server)


TEXT, CLOSE = 1, 8


@pytest.mark.parametrize(
    "frames", [frame(CLOSE, b""), frame(TEXT, b"2probe") + frame(CLOSE, b""), frame(TEXT, b"x")]
)
def test_a_socket_closed_during_its_upgrade_leaves_its_client_polling(server, frames):
    """The server has the question and the end at once."""
    address = polling(server)
    requests.post(address, data=b"40", timeout=20)
    assert requests.get(address, timeout=20).text.startswith("40")
    head = (
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
    )
    path = address.removeprefix(server.base).replace("polling", "websocket")
    with raw(server, head, path) as connection:
        answer = connection.recv(4000)
        assert answer.startswith(b"HTTP/1.1 101")
        connection.sendall(frames)
        said = b"".join(iter(lambda: connection.recv(4000), b""))
        assert said.removeprefix(b"\x81\x063probe")[:1] in (b"\x88", b"")  # closed too, and no HTTP any more
    requests.post(address, data=b'421["ping_ms",{}]', timeout=20)
    deadline = time.monotonic() + 20
    packets = {"6"}  # of no meaning: sent when an upgrade begins, and all there is while one goes on
    while packets == {"6"}:
        assert time.monotonic() < deadline, "it takes the client for upgrading"
        packets = set(requests.get(address, timeout=20).text.split("\x1e"))
    assert packets - {"6"} == {'431[{"ok":true}]'}
    assert sound(server)


def test_a_server_full_of_sockets_ends_in_time(tmp_path):
    server = Server(tmp_path)
    url = server.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    connections = [websocket.create_connection(url, timeout=20) for _ in range(60)]
    polls = [raw(server, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n") for _ in range(20)]
    upload(server, picture(64, 48))
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)
    for connection in [*connections, *polls]:
        connection.close()
