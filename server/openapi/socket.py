"""What goes over the socket, described beside the HTTP API (OpenAPI itself has no words for it)."""

from typing import Any

from .events import SOCKET_EVENTS

_IN = "to the server, acknowledged"
_OUT = "to whoever watches the image"

SOCKET: dict[str, Any] = {
    "path": "/socket.io",
    "description": (
        'Socket.IO, namespace "/". Every event carries one object; every event to the server is acknowledged '
        'with {"ok": true, ...} or the error shape. The handshake is checked like any other request. A client that '
        "sends what is no packet is disconnected; one that sends too much at once is read more slowly, or refused "
        'with "too_many_requests".'
    ),
    "events": [
        {
            "name": "watch",
            "direction": _IN,
            "description": (
                'Send {"image", "project", "segmenter"}: news of this image from now on, whichever segmenter it is '
                'of, and of the project, which must have the image ("default" when that is left out); answers '
                '{"embedding"} of that segmenter, or of the configured one when that is left out, and "seq", the '
                "number of the last event of the project."
            ),
        },
        {
            "name": "unwatch",
            "direction": _IN,
            "description": 'Send {"image", "project"}: no more news of it.',
        },
        {
            "name": "predict",
            "direction": _IN,
            "description": (
                'Send {"image", "segmenter", "points", "box", "mask_input", "seq"}: all four masks as logits; '
                'answers {"seq", "predicted_iou": [4], "stability_score": [4], "area_fraction": [4], '
                '"agreement": [4], "shape": [4, h, w], "logits": bytes, "segmenter", "weights", "timing_ms"}. '
                'Without "segmenter" it is the configured one. "area_fraction" is the share of the picture, '
                '"agreement" the IoU with the mask sent, else of the mask\'s bounding box with the box. Bytes are '
                "raw deflate of: u16 k, h, w; then per plane a float32 peak; then int8 values u, each "
                'sign(u) (u/127)^2 peak; all little-endian. "mask_input" is the same for one plane, or '
                "null. Of requests that overlap only the newest is answered; the others fail with "
                '"superseded".'
            ),
        },
        {
            "name": "ping_ms",
            "direction": _IN,
            "description": "Send {}: answers at once, to measure the round trip.",
        },
        {"name": "embedding:progress", "direction": _OUT, "description": '{"image", ...Embedding}.'},
        {
            "name": "embedding:ready",
            "direction": _OUT,
            "description": '{"image", ...Embedding}: fetch its "url".',
        },
        {
            "name": "embedding:failed",
            "direction": _OUT,
            "description": '{"image", ...Embedding} with its "error".',
        },
        *SOCKET_EVENTS,
    ],
}
