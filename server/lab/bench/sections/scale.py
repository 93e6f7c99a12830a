"""How long listings, saving and exporting take with 100,000 images and 1,000,000 objects: on SQLite, or, with
--database, on PostgreSQL."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from ....config import Settings
from ....domain.policy import Role
from ....inference.catalog import open_catalog
from ....storage.engine import Database
from ....storage.tables import Account
from ..people import make_people
from ..rows import Row, Target, missing, spread
from ..scale.addresses import Known, known, listings, pages
from ..scale.seeding import Seeded, seed
from ..serving import SamphireServer
from ..several.databases import own_database
from ..workbench import Workbench

_IMAGES, _FEW = 100_000, 2_000
_ANNOTATORS: list[Role] = ["annotator"] * 18
_ROLES: tuple[Role, ...] = ("owner", "reviewer", *_ANNOTATORS)
_SMALLER = 5  # projects beside the large one, which has nine of ten images
_SOON = Target("<", 200)  # ms
_SAVES = 40


@dataclass(frozen=True)
class _Person:
    server: SamphireServer
    token: str

    def ask(self, method: str, path: str, body: dict | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self.server.ask(method, path, None if body is None else json.dumps(body).encode(), headers)[1]


def measure(bench: Workbench) -> Iterator[Row]:
    images, data = bench.times(_IMAGES, _FEW), bench.folder / "scale"
    with own_database(bench.elsewhere.database) as database:
        settings = replace(bench.settings, data=str(data), database=database)
        bench.say(f"scale: {images:,} images, {10 * images:,} objects")
        start = time.monotonic()
        tokens, of = _fill(settings, data, images)
        yield Row(
            "scale.seed",
            f"{images:,} images and {10 * images:,} objects are in",
            time.monotonic() - start,
            "s",
        )
        start = time.monotonic()
        server = SamphireServer(data, settings, "--team", secrets={"SAMPHIRE_DATABASE": database})
        try:
            yield Row("scale.start", "The server has started", time.monotonic() - start, "s")
            people = {role: _Person(server, token) for role, token in zip(_ROLES, tokens, strict=True)}
            for asked in [*listings(of), *pages(of)]:
                person = people[asked.who]  # type: ignore[index]
                ms = _milliseconds(bench, lambda _, person=person, asked=asked: person.ask("GET", asked.path))
                note = f"the first {ms[0]:.0f} ms, the longest {max(ms):.0f} ms"
                yield spread(f"scale.{asked.name}", asked.title, ms, "ms", _SOON, note)
            yield from _saving(bench, people["owner"], of)
            yield from _export(people["owner"], of, server.pid)
        finally:
            server.stop()


def _fill(settings: Settings, data: Path, images: int) -> tuple[list[str], Known]:
    """Tokens of people, one a role, and what there is of the largest project."""
    names = [f"Person {number:02d}" for number in range(len(_ROLES))]
    tokens = make_people(data, names, settings.database, admin=False)
    spec = open_catalog(settings.data_path).find(settings.segmenter)
    db = Database.open(settings.database_url)
    try:
        with db.read() as session:
            accounts = session.scalars(select(Account.id).order_by(Account.name)).all()
        people = dict(zip(accounts, _ROLES, strict=True))
        smaller = images // 10 // _SMALLER
        most = images - smaller * _SMALLER
        large = Seeded(most, 10 * most, people=people, encoding=(spec.id, spec.encoding))
        seed(db, data / "blobs", large)
        first = large.days
        for number in range(_SMALLER):
            one = replace(large, images=smaller, objects=10 * smaller, id=f"{number:012x}", first=first)
            seed(db, data / "blobs", one)
            first += one.days
        with db.read() as session:
            return tokens, known(session, large, accounts[5])
    finally:
        db.close()


def _milliseconds(bench: Workbench, act: Callable[[int], object], full: int = 7) -> list[float]:
    found = list[float]()
    for number in range(bench.times(full, 2)):
        start = time.perf_counter()
        act(number)
        found.append(1000 * (time.perf_counter() - start))
    return found


def _saving(bench: Workbench, person: _Person, of: Known) -> Iterator[Row]:
    path = f"{of.api}/images/{of.image}/annotations"
    objects = json.loads(person.ask("GET", path))["annotations"]
    one = objects[0] if objects else None
    new = {"label": "car", "color": "#1f77b4", "rle": {"size": [240, 320], "counts": "T^c03V7a0N2"}}
    if one is not None:
        new["rle"] = one["rle"]

    def change(number: int) -> None:
        assert one is not None
        body = {"version": one["version"] + number, "attributes": {"turn": number}}
        person.ask("PATCH", f"/api/annotations/{one['id']}?project={of.wanted.id}", body)

    made = _milliseconds(bench, lambda _: person.ask("POST", path, new), _SAVES)
    yield spread("scale.save.new", "Saving a new object", made, "ms", _SOON)
    if one is not None:
        yield spread(
            "scale.save.change", "Changing an object", _milliseconds(bench, change, _SAVES), "ms", _SOON
        )


def _export(person: _Person, of: Known, pid: int) -> Iterator[Row]:
    """As a download that waits until the file is made."""
    start, title = time.monotonic(), f"Export of {of.wanted.objects:,} objects as COCO"
    before = _resident(pid, "VmRSS")
    person.ask("POST", f"{of.api}/export/coco/prepare")
    while json.loads(person.ask("POST", f"{of.api}/export/coco/prepare"))["state"] != "ready":
        time.sleep(0.2)
    yield Row("scale.export", title, time.monotonic() - start, "s")
    after = _resident(pid, "VmHWM")
    if before is None or after is None:
        yield missing(
            "scale.export.memory", "Memory of the server meanwhile", "It is read from Linux's /proc only."
        )
    else:
        note = f"{before / 1e6:.0f} MB before"
        yield Row("scale.export.memory", "Most memory of the server so far", after, "B", note=note)


def _resident(pid: int, name: str) -> float | None:
    path = Path(f"/proc/{pid}/status")
    if not path.is_file():
        return None
    lines = dict(line.split(":", 1) for line in path.read_text("utf-8").splitlines())
    return int(lines[name].split()[0]) * 1024
