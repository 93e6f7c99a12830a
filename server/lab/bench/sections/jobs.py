"""How long the event loop stands still for the queue: 2,000 images to be encoded, stored as jobs, and listed."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from ....app import create_app
from ....features.embeddings.jobs import encode_job
from ....runtime.queue.base import Urgency
from ....services import Services
from ....storage.tables import Image
from ..rows import Row, Target
from ..workbench import Workbench

_IMAGES = 2000
_PAGE = 200
_TARGET = Target("<", 1000)


def measure(bench: Workbench) -> Iterator[Row]:
    with ExitStack() as ending:
        app = create_app(replace(bench.settings, data=str(bench.folder / "jobs")))
        services: Services = app.extensions["samphire"]
        ending.callback(services.close)
        spec = services.segmenters.find()
        images = _images(services)
        bench.say(f"jobs: {_IMAGES} images")
        jobs = [encode_job(each.id, spec, Urgency.AHEAD) for each in images]
        asked = [_milliseconds(services.queue.submit, each) for each in jobs]
        pages = [images[start : start + _PAGE] for start in range(0, _IMAGES, _PAGE)]
        listed = [_milliseconds(services.embeddings.describe_all, page, spec) for page in pages]
        left = _milliseconds(services.queue.ease, lambda job: True)
        stopped = _milliseconds(services.queue.cancel, lambda job: True)
        once = f"the longest of {len(asked)} at once {max(asked):.0f} ms"
        yield Row(
            "jobs.queue", f"{_IMAGES} encodings are queued", sum(asked), "ms", target=_TARGET, note=once
        )
        once = f"the longest of {len(listed)} pages {max(listed):.0f} ms"
        yield Row("jobs.list", f"{_IMAGES} are listed", sum(listed), "ms", target=_TARGET, note=once)
        yield Row("jobs.look", "It is looked which of them nobody waits for", left, "ms")
        yield Row("jobs.cancel", f"{_IMAGES} are cancelled", stopped, "ms")


def _images(services: Services) -> list[Image]:
    """Rows without files: none of them is encoded."""
    images = [
        Image(
            id=f"{number:016x}", identity=f"{number:064x}", name=f"{number}.png", width=8, height=8, format="PNG",
            bytes=1, original_key="images/a", display_key="images/a", display_type="image/png",
            thumbnail_key="images/a",
        )
        for number in range(_IMAGES)
    ]  # fmt: skip
    with services.db.write() as session:
        session.add_all(images)
    return images


def _milliseconds(fn: Callable[..., Any], *arguments: Any) -> float:
    start = time.perf_counter()
    fn(*arguments)
    return 1000 * (time.perf_counter() - start)
