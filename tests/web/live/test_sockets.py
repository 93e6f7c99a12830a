"""The socket over real WebSockets: watching, predicting, latest wins, and whatever a hostile client sends."""

import threading
import time
import zlib

import numpy as np
import pytest
import requests
import socketio
import websocket
from socketio.exceptions import DisconnectedError
from socketio.exceptions import TimeoutError as TimedOut

from server.domain import logits_codec
from tests.web.live.running import picture, upload


def deflate(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def unpack(answer):
    return logits_codec.unpack(zlib.decompress(answer["logits"], -15))


def test_websocket_from_the_first_byte_and_by_upgrade(server, client):
    assert client.transport() == "websocket"
    assert client.call("ping_ms", {}) == {"ok": True}
    upgrading = socketio.Client()
    upgrading.connect(server.base)
    deadline = time.monotonic() + 5
    while upgrading.transport() != "websocket" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert upgrading.transport() == "websocket"
    assert upgrading.call("ping_ms", {}) == {"ok": True}
    upgrading.disconnect()


def test_watching_tells_how_an_image_gets_on(server, client):
    fresh = upload(server, picture(300, 200, seed=int(time.time() * 1000)))
    heard, ready = [], threading.Event()

    def hear(event, data):
        heard.append((event, data["state"]))
        if event == "embedding:ready":
            ready.set()

    for event in ("embedding:progress", "embedding:ready", "embedding:failed"):
        client.on(event, lambda data, event=event: hear(event, data))
    answer = client.call("watch", {"image": fresh["id"]})
    assert answer["ok"] is True
    assert answer["embedding"]["segmenter"] == "mobile_sam"
    requests.post(f"{server.base}/api/images/{fresh['id']}/embedding", timeout=30)
    if answer["embedding"]["state"] != "ready":
        assert ready.wait(30)
        assert heard[-1] == ("embedding:ready", "ready")
    assert client.call("unwatch", {"image": fresh["id"]}) == {"ok": True}
    missing = client.call("watch", {"image": "0" * 16})
    assert missing["error"]["code"] == "image_not_found"
    missing = client.call("watch", {"image": fresh["id"], "segmenter": "gone"})
    assert missing["error"]["code"] == "segmenter_not_found"
    assert "mobile_sam" in missing["error"]["hint"]


def test_predict_answers_compressed_logits_of_all_four_masks(client, image):
    answer = client.call("predict", {"image": image["id"], "points": [[132, 101, 1]], "box": None, "seq": 7})
    assert answer["ok"] is True
    assert answer["seq"] == 7
    assert (answer["segmenter"], answer["weights"]) == ("mobile_sam", image["embedding"]["weights"])
    logits = unpack(answer)
    assert list(logits.shape) == answer["shape"]
    assert logits.shape[0] == 4
    assert len(answer["predicted_iou"]) == 4
    assert all(0 < value < 1.2 for value in answer["predicted_iou"])
    assert answer["timing_ms"]["total"] > 0
    y, x = int(101 / 331 * 256), int(132 / 331 * 256)
    assert (logits[1:, y, x] > 0).any()

    best = 1 + int(np.argmax(answer["predicted_iou"][1:]))
    feedback = deflate(logits_codec.pack(logits[best : best + 1]))
    prompt = {"image": image["id"], "points": [[132, 101, 1], [10, 10, 0]], "box": None}
    refined = client.call("predict", {**prompt, "mask_input": feedback, "seq": 8})
    assert refined["ok"] is True
    assert np.isfinite(unpack(refined)).all()


def test_the_newest_request_of_a_client_wins(client, image):
    answers, done = {}, threading.Event()

    def take(seq):
        def acknowledged(answer):
            answers[seq] = answer
            if len(answers) == 12:
                done.set()

        return acknowledged

    for seq in range(12):
        prompt = {"image": image["id"], "points": [[100 + seq, 100, 1]], "box": None, "seq": seq}
        client.emit("predict", prompt, callback=take(seq))
    assert done.wait(20)
    assert answers[11]["ok"] is True
    superseded = [seq for seq, answer in answers.items() if not answer["ok"]]
    assert superseded
    assert {answers[seq]["error"]["code"] for seq in superseded} == {"superseded"}


HOSTILE = [
    None,
    7,
    [],
    {},
    {"image": None},
    {"image": ["x"]},
    {"image": "../../etc/passwd"},
    {"image": "ü" * 10_000},
    {"points": "x"},
    {"points": [[1, 2]]},
    {"points": [[1, 2, 5]]},
    {"points": [["a", {}, None]]},
    {"points": [[float("nan"), 1, 1]]},
    {"points": [[float("inf"), 1, 1]]},
    {"points": [[1, 1, 1]] * 20_000},
    {"points": [], "box": None},
    {"points": [], "box": [1, 2, 3]},
    {"points": [], "box": [5, 5, 5, float("nan")]},
    {"points": [], "box": {"x": 1}},
    {"points": [[1, 1, 1]], "seq": {"a": []}},
    {"points": [[1, 1, 1]], "segmenter": 7},
    {"points": [[1, 1, 1]], "segmenter": ""},
    {"points": [[1, 1, 1]], "segmenter": "../mobile_sam"},
    {"points": [[1, 1, 1]], "segmenter": ["mobile_sam"]},
    {"points": [[1, 1, 1]], "segmenter": "x" * 100_000},
    {"points": [[1, 1, 1]], "mask_input": "text"},
    {"points": [[1, 1, 1]], "mask_input": b""},
    {"points": [[1, 1, 1]], "mask_input": b"\x00" * 1000},
    {"points": [[1, 1, 1]], "mask_input": b"\xff" * 200_000},
    {"points": [[1, 1, 1]], "mask_input": deflate(b"\x00" * 50_000_000)},
    {"points": [[1, 1, 1]], "mask_input": deflate(b"\xff\xff\xff\xff\xff\xff" + b"\x00" * 60_000)},
    {"points": [[1, 1, 1]], "mask_input": deflate(logits_codec.pack(np.ones((1, 3, 5), np.float32)))},
]


@pytest.mark.parametrize("payload", HOSTILE, ids=lambda payload: repr(payload)[:40])
def test_a_hostile_payload_gets_the_one_error_shape(server, client, image, payload):
    if isinstance(payload, dict) and payload and "image" not in payload:
        payload = {"image": image["id"], **payload}
    answer = client.call("predict", payload, timeout=30)
    assert set(answer) == {"ok", "error"}
    assert answer["ok"] is False
    assert set(answer["error"]) == {"code", "message", "hint"}
    assert answer["error"]["code"] != "internal"
    assert client.call("ping_ms", {}) == {"ok": True}


def test_too_many_arguments_are_an_error_too(client):
    answer = client.call("watch", ({"image": "a"}, 2, 3))
    assert answer["error"]["code"] == "bad_request"


def test_a_message_over_the_limit_ends_the_connection_and_nothing_else(server, client, image):
    with pytest.raises((TimedOut, DisconnectedError)):
        client.call("predict", {"image": image["id"], "mask_input": b"x" * 1_000_000}, timeout=2)
    assert requests.get(f"{server.base}/healthz", timeout=20).status_code == 200


@pytest.mark.parametrize(
    "frame", ["x", "zzz", "42", "42[", "42{}", "451-[1]", "4999", "40{bad", b"\x00\x01", "9", ""]
)
def test_frames_that_are_no_packets_are_no_exception(server, frame):
    url = server.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(url, timeout=20)
    connection.recv()
    connection.send("40")
    connection.recv()
    send = connection.send_binary if isinstance(frame, bytes) else connection.send
    send(frame)
    connection.close()
    assert requests.get(f"{server.base}/healthz", timeout=20).status_code == 200
    assert not [line for line in server.errors if "Traceback" in line or "Error" in line]


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_strangers_are_refused_before_the_handshake(server, headers):
    url = server.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(url, timeout=5, **headers)
