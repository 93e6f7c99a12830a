"""A stand-in for the program that trains: it speaks as that one does, and learns nothing.

`python -m tests.training FOLDER` is the program: the steps of a curve, told and kept, so that a killed one
goes on. What it is to do differently is in the file `trainer.json` in the data folder: "steps", "seconds" a step,
"better": how much, "error": a sentence. `python -m tests.training serve ...` is `samphire serve ...` with it.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

import numpy as np

from server.domain import embedding_codec
from server.inference.training_set import read_set

COMMAND = (sys.executable, "-m", "tests.training")
PAGE = "<!doctype html><title>Training</title><style>h1 { color: teal }</style><h1>How it went</h1>"
WEIGHTS = "7" * 64
LACKING = "TRAINING_LACKS"  # environment variable: a package that is not there


def container(image) -> bytes:
    """An embedding, like that of no other image."""
    tokens = np.random.default_rng(int(image.id[:8], 16)).standard_normal((16, 8)).astype(np.float32)
    return embedding_codec.encode({"image_tokens": tokens}, "s", "w", (image.width, image.height))


def told(**line) -> None:
    print(json.dumps(line), flush=True)


def figures(first: float) -> dict:
    miou = [first, first + 0.06, first + 0.1, first + 0.12, first + 0.13]
    return {"miou": miou, "noc_85": 4.5, "noc_90": 6.25, "box": first + 0.1, "boundary": first - 0.2}


def point_at(step: int) -> dict:
    loss = 1 / step if step else None
    return {"step": 10 * step, "loss": loss, "validation": None if step % 2 else 0.6 + 0.005 * step}


def work(folder: Path) -> int:
    request = json.loads((folder / "request.json").read_text())
    plan = {"steps": 6, "seconds": 0.02, "better": 0.05, "error": None}
    chosen = Path(request["data"]) / "trainer.json"
    if chosen.is_file():
        plan |= json.loads(chosen.read_text())
    found = read_set(folder / "set")
    told(step="reading", part=1.0, seconds_left=None)
    told(step="before", part=1.0, seconds_left=9.5)
    kept = folder / "checkpoint" / "step"
    kept.parent.mkdir(exist_ok=True)
    step = int(kept.read_text()) if kept.is_file() else 0
    steps = plan["steps"]
    for before in range(step + 1):
        told(point=point_at(before))
    while step < steps and not (folder / "finish").exists():
        time.sleep(plan["seconds"])
        step += 1
        told(step="training", part=step / steps, seconds_left=(steps - step) * plan["seconds"])
        told(point=point_at(step))
        beside = kept.with_name("step.new")
        beside.write_text(str(step))
        beside.replace(kept)  # by one rename: it may be killed at any moment
        if plan["error"] and step == 2:
            told(ok=False, error={"code": "conflict", "message": plan["error"], "hint": "Do something."})
            return 1
    told(step="after", part=1.0, seconds_left=0.0)
    held_out = max(1, len(found.images) // 5)
    objects = sum(len(image.objects) for image in found.images)
    better = plan["better"] > 0
    if better:
        told(step="installing", part=1.0, seconds_left=0.0)
        install(Path(request["data"]), request)
    before, after = figures(0.6), figures(0.6 + plan["better"])
    worst = found.images[0]
    result = {
        "installed": better,
        "reason": "It is better on the held-out images."
        if better
        else "It is no better on the held-out images.",
        "gain": plan["better"],
        "error": 0.004,
        "segmenter": request["id"],
        "weights": WEIGHTS if better else None,
        "base": request["base"],
        "what": request["what"],
        "images": {"training": len(found.images) - held_out, "held_out": held_out},
        "objects": {"training": objects - held_out, "held_out": held_out},
        "before": before,
        "after": after,
        "seconds": 12.5,
        "steps": 10 * step,
        "training_seconds": 10.0,
        "curve": [],
        "worst": [{"image": worst.name, "object": worst.objects[0].name, "before": 0.2, "after": 0.25}],
    }
    (folder / "report.html").write_text(PAGE)
    told(result=result)
    told(done=True)
    return 0


def install(data: Path, request: dict) -> None:
    """The base under another name."""
    from server.inference.catalog import open_catalog
    from tests.installing import install as put

    base = open_catalog(data).find(request["base"])
    described = json.loads((base.folder / "segmenter.json").read_text())
    files = {name: (base.folder / name).read_bytes() for name in described["files"]}
    described.setdefault("encoding", base.weights)
    named = {"id": request["id"], "title": request["title"], "source": {"project": request["project"]}}
    more = {
        name: value for name, value in described.items() if name not in ("id", "weights", "files", "quality")
    }
    put(data / "segmenters", request["id"], WEIGHTS, files, **(more | named))


def end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(130)


def main(words: list[str]) -> int:
    if words[0] == "serve":
        from server.cli.main import main as samphire
        from server.features.training import running, service
        from server.lab.bundled import serve_bundled

        running._WORKER = COMMAND
        service.PACKAGES = tuple(filter(None, [os.environ.get(LACKING)]))
        service.has_gpu = lambda: False
        serve_bundled()
        return samphire(words)
    threading.Thread(target=end_with_parent, daemon=True).start()
    return work(Path(words[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
