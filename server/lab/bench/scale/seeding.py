"""Projects of many images, quickly: rows as people's work leaves them, and one picture's files for all."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from PIL import Image as Pixels
from sqlalchemy import ColumnElement, Insert, Table, and_, func, insert, literal, select, update

from ....domain.masks import encode_rle, rle_area, rle_bbox
from ....domain.policy import Role
from ....storage.engine import Database
from ....storage.portable import json_of
from ....storage.rows.names import search_name, sort_name
from ....storage.tables import (
    Activity,
    Annotation,
    AnnotationVersion,
    Assignment,
    Base,
    Comment,
    CommentThread,
    Embedding,
    Event,
    Image,
    LabelClass,
    Member,
    Project,
    ProjectImage,
    now,
)
from ....storage.versions import CARRIED

PROJECT = "0123456789ab"
SIZE = (320, 240)
LABELS = ("car", "person", "tree", "sign", "house", "bicycle", "dog", "bus")  # from the most common on
_SHARES = (30, 22, 16, 12, 9, 6, 3, 2)
_STATES = {
    "new": 35,
    "in_progress": 8,
    "attention": 3,
    "skipped": 4,
    "returned": 2,
    "done": 28,
    "accepted": 20,
}
_DAY = 1000  # images that people work on in a day
_AT_ONCE = 5000  # rows of a statement
_CLICK = [{"type": "points", "points": [[160.0, 120.0]], "labels": [1], "candidate": 0}]


@dataclass(frozen=True)
class Seeded:
    """A project. `first`: the number of its first day, among those of all projects. `people`: the accounts that did all
    this, and their roles; none: it is nobody's work. `encoding`: of the embeddings that images have, behind the
    segmenter they are filed under; None: they have none."""

    images: int
    objects: int
    id: str = PROJECT
    first: int = 0
    people: Mapping[str, Role] = field(default_factory=dict)
    encoding: tuple[str, str] | None = None

    @property
    def days(self) -> int:
        return -(-self.images // _DAY)


def image_id(day: int, number: int) -> str:
    return f"{day:08x}{number:08x}"


def seed(db: Database, blobs: Path, wanted: Seeded) -> None:
    """A project, its images, objects, and what is known of the work on them: the same every time but for the times.
    Each day has as many objects; those of the first are copied for the others, inside the database."""
    files = blobs / "images"
    files.mkdir(parents=True, exist_ok=True)
    for name in ("a", "t"):
        Pixels.new("RGB", SIZE, "teal").save(files / name, "PNG")
    _Seeding(db, wanted, (files / "a").stat().st_size).run()


class _Seeding:
    def __init__(self, db: Database, wanted: Seeded, picture_bytes: int) -> None:
        self._db, self._wanted, self._bytes = db, wanted, picture_bytes
        self._chance, self._start = random.Random(wanted.id), now() - timedelta(days=wanted.days)
        self._labels = [f"{wanted.id}-{number}" for number in range(len(LABELS))]
        self._people, days = list(wanted.people), wanted.days
        states, shares = list(_STATES), list(_STATES.values())
        self._states = self._chance.choices(states, shares, k=min(_DAY, wanted.images))  # the same every day
        self._per_day = wanted.objects // days if days else 0

    def run(self) -> None:
        wanted = self._wanted
        self._put(Project, [{"id": wanted.id, "name": f"Seeded {wanted.id}", "settings": {}}])
        self._put(LabelClass, self._label_rows())
        roles = (
            {"project_id": wanted.id, "account_id": each, "role": role}
            for each, role in wanted.people.items()
        )
        self._put(Member, roles)
        self._put(Image, self._images())
        self._put(ProjectImage, self._places())
        self._put(Assignment, self._assignments())
        self._put(Annotation, self._objects())
        for day in range(1, wanted.days):
            self._copy(_objects_of(wanted, day, self._moment(day)))
        for day in range(wanted.days):
            self._copy(_versions_of(wanted, day))
            if self._people:
                self._copy(_events_of(wanted, day, day * self._per_day))
        if wanted.encoding is not None:
            self._copy(_embeddings_of(wanted))
        self._put(Activity, self._activity())
        threads = list(self._threads())
        self._put(CommentThread, threads)
        self._put(Comment, map(self._comment, threads))
        with self._db.write(synced=False) as session:
            log = {"last_seq": wanted.objects, "replay_from": wanted.objects + 1}
            session.execute(update(Project).where(Project.id == wanted.id).values(log))

    def _put(self, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
        """Many rows by one statement, as which it triggers what looks at statements."""
        made, left = _table(table), iter(rows)
        statement = insert(made).returning(*made.primary_key.columns)
        while some := list(islice(left, _AT_ONCE)):
            with self._db.write(synced=False) as session:
                session.connection().execute(statement, some)

    def _copy(self, statement: Insert) -> None:
        with self._db.write(synced=False) as session:
            session.execute(statement)

    def _each(self) -> Iterator[tuple[int, int, str]]:
        """Of each image: its day, its number in that, its id."""
        for place in range(self._wanted.images):
            day, number = divmod(place, _DAY)
            yield day, number, image_id(self._wanted.first + day, number)

    def _moment(self, day: int) -> datetime:
        return self._start + timedelta(days=day)

    def _person(self, number: int) -> str | None:
        return self._people[number // 7 % len(self._people)] if self._people else None

    def _name(self, day: int, number: int) -> str:
        return f"street {day}/IMG_{random.Random(day * _DAY + number).randrange(10**6)}.jpg"

    def _label_rows(self) -> Iterator[dict[str, Any]]:
        for position, (label_id, name) in enumerate(zip(self._labels, LABELS, strict=True)):
            own = {"id": label_id, "project_id": self._wanted.id, "name": name}
            yield {**own, "color": "#1f77b4", "position": position}

    def _images(self) -> Iterator[dict[str, Any]]:
        for day, number, image in self._each():
            yield {
                "id": image, "identity": f"{image:0>64}", "name": self._name(day, number), "width": SIZE[0],
                "height": SIZE[1], "format": "PNG", "bytes": self._bytes, "original_key": "images/a",
                "display_key": "images/a", "display_type": "image/png", "thumbnail_key": "images/t",
                "created_at": self._start,
            }  # fmt: skip

    def _places(self) -> Iterator[dict[str, Any]]:
        for position, (day, number, image) in enumerate(self._each(), start=1):
            name, state = self._name(day, number), self._states[number]
            submitted = self._person(number) if state in ("done", "accepted", "returned") else None
            yield {
                "project_id": self._wanted.id, "image_id": image, "name": name, "search_name": search_name(name),
                "sort_name": sort_name(name), "state": state, "position": position, "submitted_by": submitted,
                "added_at": self._start, "updated_at": self._moment(day),
            }  # fmt: skip

    def _assignments(self) -> Iterator[dict[str, Any]]:
        """Of every third image."""
        for day, number, image in self._each():
            if number % 3 == 0 and self._people:
                who = {"project_id": self._wanted.id, "image_id": image, "account_id": self._person(number)}
                yield {**who, "given_at": self._moment(day)}

    def _objects(self) -> Iterator[dict[str, Any]]:
        """Those of the first day, on images that somebody has begun."""
        begun = [number for number, state in enumerate(self._states) if state != "new"]
        chance, masks = self._chance, list(_masks())
        for number in sorted(chance.choices(begun, k=self._per_day)):
            person, moment = self._person(number), self._moment(0)
            yield {
                "id": f"{chance.getrandbits(16):04x}0000-{str(UUID(int=chance.getrandbits(128), version=4))[9:]}",
                "project_id": self._wanted.id, "image_id": image_id(self._wanted.first, number),
                "label_id": chance.choices(self._labels, _SHARES)[0], **chance.choice(masks), "attributes": {},
                "z": chance.randrange(100), "prompts": _CLICK, "segmenter": "mobile_sam", "candidate": 0,
                "predicted_iou": round(chance.uniform(0.6, 1), 4),
                "stability_score": round(chance.uniform(0.7, 1), 4), "version": 2 if chance.random() < 0.1 else 1,
                "created_at": moment, "updated_at": moment, "created_by": person, "updated_by": person,
            }  # fmt: skip

    def _activity(self) -> Iterator[dict[str, Any]]:
        """Each person's, of each day."""
        made = self._per_day // max(1, len(self._people))
        for day in range(self._wanted.days):
            moment = self._moment(day)
            for person in self._people:
                when = {"project_id": self._wanted.id, "day": moment.date().isoformat(), "last_at": moment}
                yield {**when, "actor": f"account:{person}", "made": made, "active_seconds": 20.0 * made}

    def _threads(self) -> Iterator[dict[str, Any]]:
        """One about every fiftieth image."""
        for _, number, image in self._each():
            if number % 50 == 0 and self._people:
                yield {"id": f"thread-{image}", "project_id": self._wanted.id, "image_id": image}

    def _comment(self, thread: dict[str, Any]) -> dict[str, Any]:
        about = {"id": thread["id"], "project_id": self._wanted.id, "thread_id": thread["id"]}
        return {**about, "text": "Is this one object, or two?", "created_by": self._people[0]}


def _table(of: type[Base]) -> Table:
    return Base.metadata.tables[of.__tablename__]


def _on(wanted: Seeded, day: int) -> ColumnElement[bool]:
    """Of a query of annotations: those on the images of a day."""
    here, following = (image_id(wanted.first + each, 0) for each in (day, day + 1))
    return and_(
        Annotation.project_id == wanted.id, Annotation.image_id >= here, Annotation.image_id < following
    )


def _objects_of(wanted: Seeded, day: int, moment: datetime) -> Insert:
    """Those of the first day once more, as far as there are images for them."""
    there = min(_DAY, wanted.images - day * _DAY)
    table = _table(Annotation)
    values: dict[str, Any] = {each.name: each for each in table.columns}
    values |= {
        "id": func.substr(table.c.id, 1, 4) + f"{day:04x}" + func.substr(table.c.id, 9),
        "image_id": literal(image_id(wanted.first + day, 0)[:8]) + func.substr(table.c.image_id, 9),
        "created_at": literal(moment, table.c.created_at.type),
        "updated_at": literal(moment, table.c.updated_at.type),
    }
    first = _on(wanted, 0) & (Annotation.image_id < image_id(wanted.first, there))
    return insert(table).from_select(list(values), select(*values.values()).where(first))


def _versions_of(wanted: Seeded, day: int) -> Insert:
    """What those were that have been changed."""
    values: dict[str, Any] = {name: getattr(Annotation, name) for name in CARRIED}
    values |= {"version": Annotation.version - 1, "label": literal(LABELS[0])}
    query = select(*values.values()).where(_on(wanted, day), Annotation.version > 1)
    return insert(AnnotationVersion).from_select(list(values), query)


def _events_of(wanted: Seeded, day: int, before: int) -> Insert:
    """As the log keeps them for good. `before`: how many there are already."""
    annotation = json_of(id=_table(Annotation).c.id, version=_table(Annotation).c.version)
    values: dict[str, Any] = {
        "project_id": Annotation.project_id,
        "seq": func.row_number().over(order_by=(Annotation.image_id, Annotation.id)) + before,
        "kind": literal("annotation:changed"),
        "actor": literal("account:") + Annotation.created_by,
        "at": Annotation.created_at,
        "image_id": Annotation.image_id,
        "payload": json_of(annotation=annotation),
    }
    return insert(Event).from_select(list(values), select(*values.values()).where(_on(wanted, day)))


def _embeddings_of(wanted: Seeded) -> Insert:
    segmenter, encoding = wanted.encoding or ("", "")
    values: dict[str, Any] = {
        "image_id": ProjectImage.image_id, "segmenter": literal(segmenter), "weights": literal(encoding),
        "window": literal(""), "blob_key": literal("embeddings/a"), "bytes": literal(700_000),
        "seconds": literal(0.5), "created_at": ProjectImage.added_at, "used_at": ProjectImage.added_at,
    }  # fmt: skip
    query = select(*values.values()).where(ProjectImage.project_id == wanted.id)
    return insert(Embedding).from_select(list(values), query)


def _masks() -> Iterator[dict[str, Any]]:
    """Ellipses, as columns of an annotation."""
    chance = np.random.default_rng(1)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    for _ in range(64):
        across, down = chance.uniform(6, 60, 2)
        mask = ((x - chance.uniform(60, 260)) / across) ** 2 + (
            (y - chance.uniform(60, 180)) / down
        ) ** 2 <= 1
        rle = encode_rle(mask)
        yield {
            "rle_counts": rle["counts"],
            "area": int(rle_area(rle)),
            "bbox": [int(v) for v in rle_bbox(rle)],
        }
