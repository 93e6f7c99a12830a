"""The sections there are, in the order they run. A new one is one file and one line here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..rows import Row
from ..workbench import Workbench
from . import (
    auto,
    clicks,
    decode,
    encode,
    frames,
    jobs,
    live,
    load,
    memory,
    polite,
    processes,
    proposals,
    queue,
    scale,
    session,
    visit,
    visitors,
    zoom,
)


@dataclass(frozen=True)
class Section:
    """`measure` yields rows as they are known and raises Missing when it cannot go on."""

    name: str
    title: str
    measure: Callable[[Workbench], Iterator[Row]]


SECTIONS = (
    Section("encode", "Encoding an image", encode.measure),
    Section("decode", "Decoding a click in the browser, against the reference graph", decode.measure),
    Section("auto", "Automatic masks, against the reference's algorithm in PyTorch", auto.measure),
    Section("visit", "A visit over a real line", visit.measure),
    Section("clicks", "Clicks in the page", clicks.measure),
    Section("frames", "Frames with 12 megapixels and 300 masks", frames.measure),
    Section("zoom", "Zooming into 12 megapixels", zoom.measure),
    Section("proposals", "1,000 proposals on 12 megapixels", proposals.measure),
    Section("queue", "Going on to the next image", queue.measure),
    Section("session", "A session of a scripted annotator", session.measure),
    Section("memory", "Memory of the page with a 12-megapixel photograph", memory.measure),
    Section("server", "Decoding on the server", load.measure),
    Section("visitors", "100 visitors of one link at once", visitors.measure),
    Section("scale", "100,000 images and 1,000,000 objects", scale.measure),
    Section("jobs", "The server's event loop, stopped for the queue of jobs", jobs.measure),
    Section("live", "People who work at the same time", live.measure),
    Section("processes", "Several server processes that behave as one", processes.measure),
    Section("polite", "A person's clicks on the server beside programs that flood it", polite.measure),
)
