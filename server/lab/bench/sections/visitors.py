"""100 visitors of one link who come at once to try its image: what their pages ask the server for in the first
seconds."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from .. import pictures
from ..crowd import Member
from ..figures import median
from ..people import make_people
from ..rows import Row, Target, missing, spread
from ..serving import Address, SamphireServer
from ..workbench import Workbench

_VISITORS, _CLICKS = 100, 3
_UNFAIR = 3.0  # times as long a wait as the median visitor's: that one starved
_NONE = Target("<=", 0)
_SECONDS = 120.0  # as long a visitor waits for an answer


@dataclass(frozen=True)
class Link:
    """`path`: /s/SECRET; `image`: its JSON; `files`: addresses of what the page fetches besides."""

    id: str
    path: str
    image: dict[str, Any]
    files: tuple[str, ...]


@dataclass
class Tried:
    """Seconds from following the link until the page was there, its first mask, and the end; and of each mask of the
    server's. `failure`: why it did not come to its end."""

    page: float | None = None
    first_mask: float | None = None
    whole: float | None = None
    masks: list[float] = field(default_factory=list)
    failure: str | None = None


def measure(bench: Workbench) -> Iterator[Row]:
    data = bench.folder / "visitors"
    [token] = make_people(data, ["Owner"])
    server = SamphireServer(data, bench.settings, "--team")
    try:
        name, size = pictures.name_of(pictures.SMALL), pictures.SMALL
        link = make_link(server.address, token, name, pictures.drawn_jpeg(size))
        visit_all([server.address], link, 1, 1)  # what is made once for all
        count = bench.times(_VISITORS, 5)
        bench.say(f"visitors: {count} at once")
        yield from report(*visit_all([server.address], link, count, _CLICKS))
    finally:
        server.stop()


def report(visits: Sequence[Tried], seconds: float) -> Iterator[Row]:
    whole = [seen.whole for seen in visits if seen.whole is not None]
    failures = [seen.failure for seen in visits if seen.failure is not None]
    waits = [wait for seen in visits for wait in seen.masks]
    note = f"the first: {failures[0]}" if failures else f"of {len(visits)}"
    yield Row("visitors.failed", "Visits that failed", len(failures), "", target=_NONE, note=note)
    if not whole:
        yield missing("visitors.rate", "Visits a second", "No visit came to its end.")
        return
    note = f"{len(whole)} of {len(visits)} in {seconds:.1f} s, begun at once; the clients ran on the same machine"
    yield Row("visitors.rate", "Visits a second", len(whole) / seconds, "/s", note=note)
    yield Row("visitors.masks", "Masks a second", len(waits) / seconds, "/s")
    for name, title, of in (
        ("page", "From the link to the page", [seen.page for seen in visits]),
        ("first", "From the link to the first mask", [seen.first_mask for seen in visits]),
        ("whole", "A whole visit", [seen.whole for seen in visits]),
    ):
        values = [value for value in of if value is not None]
        yield spread(f"visitors.{name}", title, values, "s", note=f"slowest {max(values):.2f} s")
    yield spread("visitors.click", "A click's mask", waits, "s", note=f"slowest {max(waits):.2f} s")
    longest = [max(seen.masks, default=float("inf")) for seen in visits]
    starved = sum(wait > _UNFAIR * median(longest) for wait in longest)
    note = f"who waited {_UNFAIR:g} times as long for a mask as the median visitor did, or got none"
    yield Row("visitors.starved", "Visitors who starved", starved, "", target=_NONE, note=note)


def make_link(server: Address, token: str, name: str, picture: bytes) -> Link:
    """To a new image, encoded, by who has the API token."""
    headers = {"Authorization": f"Bearer {token}"}
    image = server.encoded(name, picture, headers=headers)
    asked = json.dumps({"kind": "try", "days": 1, "image": image["id"]}).encode()
    kind = {"Content-Type": "application/json"}
    made = json.loads(server.ask("POST", "/api/projects/default/links", asked, headers | kind)[1])
    segmenters = json.loads(server.ask("GET", "/api/segmenters", headers=headers)[1])["segmenters"]
    [used] = [each for each in segmenters if each["id"] == image["embedding"]["segmenter"]]
    files = (image["file_url"], image["embedding"]["url"], used["prepare"]["url"], used["decoder"]["url"])
    return Link(made["id"], made["path"], image, files)


def visit_all(servers: Sequence[Address], link: Link, count: int, clicks: int) -> tuple[list[Tried], float]:
    """So many visitors who begin at once, each with so many clicks, spread over the servers; and in how many seconds
    all were through."""
    begin = threading.Barrier(count + 1)
    visits = [Tried() for _ in range(count)]

    def visitor(number: int) -> None:
        begin.wait()
        try:
            _visit(servers[number % len(servers)], link, number, clicks, visits[number])
        except Exception as error:  # whatever it is, this visit failed
            visits[number].failure = f"{type(error).__name__}: {error}"

    threads = [threading.Thread(target=visitor, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return visits, time.perf_counter() - start


def _visit(server: Address, link: Link, number: int, clicks: int, seen: Tried) -> None:
    start = time.perf_counter()
    http = HTTPConnection(server.host, server.port, timeout=_SECONDS)
    headers = {"Origin": server.url, "Accept-Encoding": "br"}
    ask = _asking(http, headers)
    ask("GET", link.path)
    answer = json.dumps({"token": link.path.rpartition("/")[2]})
    cookie, path = ask("POST", "/api/links/open", answer)
    headers["Cookie"] = cookie.partition(";")[0]
    ask("GET", json.loads(path)["path"])
    seen.page = time.perf_counter() - start
    ask("GET", link.image["thumbnail_url"])
    socket = Member(server.host, server.port, {"Cookie": headers["Cookie"]}, lambda *_: None)
    socket.socket.settimeout(_SECONDS)
    try:
        _told(socket.ask("watch", {"image": link.image["id"], "project": "default"}))
        for click in range(clicks):
            asked = time.perf_counter()
            _told(socket.ask("predict", _prompt(link.image, number * clicks + click)))
            seen.masks.append(time.perf_counter() - asked)
            if click == 0:
                seen.first_mask = time.perf_counter() - start
                for each in link.files:
                    ask("GET", each)
    finally:
        socket.socket.close()
        http.close()
    seen.whole = time.perf_counter() - start


def _asking(http: HTTPConnection, headers: dict[str, str]) -> Callable[..., tuple[str, bytes]]:
    """How to ask: the answer's cookie and its body. Raises RuntimeError."""

    def ask(method: str, path: str, body: str | None = None) -> tuple[str, bytes]:
        kind = {} if body is None else {"Content-Type": "application/json"}
        http.request(method, path, body, headers | kind)
        answer = http.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} answered {answer.status}.")
        return answer.getheader("Set-Cookie", ""), data

    return ask


def _told(answer: dict[str, Any]) -> None:
    if not answer["ok"]:
        raise RuntimeError(answer["error"]["message"])


def _prompt(image: dict[str, Any], number: int) -> dict[str, Any]:
    """A click where nobody else clicks: answers to equal prompts are shared."""
    across, down = (0.618034 * (number + 1)) % 1, (0.754878 * (number + 1)) % 1
    point = [image["width"] * (0.05 + 0.9 * across), image["height"] * (0.05 + 0.9 * down), 1]
    return {"image": image["id"], "points": [point], "box": None, "mask_input": None, "seq": 0}
