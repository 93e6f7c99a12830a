"""A data folder with a project of many images, quickly: rows, and one picture's files for all.

python -m tests.seeding FOLDER [--images 10000] [--objects 100000] [--database postgresql+psycopg://...]
"""

import argparse
import random
import time
from pathlib import Path
from typing import get_args

from PIL import Image as Pixels

from server.config import Settings
from server.storage.engine import Database
from server.storage.rows.names import search_name, sort_name
from server.storage.rows.project_images import Settable
from server.storage.tables import Annotation, Image, LabelClass, Project, ProjectImage, now

PROJECT = "0123456789ab"
SIZE = (40, 30)
LABELS = ("car", "person", "tree", "sign", "house")


def seed(folder: Path, images: int, objects: int, database: str = "") -> Database:
    """A database in `folder`, or another, with one big project, and the picture of its images."""
    files = folder / "blobs" / "images"
    files.mkdir(parents=True, exist_ok=True)
    for name in ("a", "t"):
        Pixels.new("RGB", SIZE, "teal").save(files / name, "PNG")
    picture_bytes = (files / "a").stat().st_size
    db = Database.open(Settings(data=str(folder), database=database).database_url)
    chance, moment = random.Random(1), now()
    with db.write() as session:
        session.add(Project(id=PROJECT, name="Seeded", settings={}))
        session.flush()
        for number, label in enumerate(LABELS):
            session.add(
                LabelClass(
                    id=f"label-{number}", project_id=PROJECT, name=label, color="#1f77b4", position=number
                )
            )
        for number in range(images):
            image_id, name = f"{number:016x}", f"street {number // 1000}/IMG_{chance.randrange(10**6)}.jpg"
            session.add(
                Image(
                    id=image_id, identity=f"{number:064x}", name=name, width=SIZE[0], height=SIZE[1], format="PNG",
                    bytes=picture_bytes,
                    original_key="images/a", display_key="images/a", display_type="image/png",
                    thumbnail_key="images/t",
                )
            )  # fmt: skip
            session.add(
                ProjectImage(
                    project_id=PROJECT, image_id=image_id, name=name, search_name=search_name(name),
                    sort_name=sort_name(name), state=chance.choice(get_args(Settable)), position=number + 1,
                )
            )  # fmt: skip
            if number % 1000 == 999:
                session.flush()
                session.expunge_all()
        session.flush()
        for number in range(objects):
            session.add(
                Annotation(
                    id=f"annotation-{number}", project_id=PROJECT, image_id=f"{chance.randrange(images):016x}",
                    label_id=f"label-{chance.randrange(len(LABELS))}", rle_counts="g046000000000e3", area=24,
                    bbox=[2, 3, 6, 4], z=number, prompts=[], created_at=moment, updated_at=moment,
                )
            )  # fmt: skip
            if number % 5000 == 4999:
                session.flush()
                session.expunge_all()
    return db


def _measure(folder: Path, database: str) -> None:
    """How long the API's listings take, each the median of nine."""
    from server.app import create_app

    app = create_app(Settings(data=str(folder), database=database))
    client = app.test_client()
    listing = f"/api/projects/{PROJECT}/images"
    deep = listing + "?limit=500"
    for _ in range(18):
        deep = f"{listing}?limit=500&cursor={client.get(deep).json['next']}"
    for name, path in {
        "first page, by name": listing,
        "page at 9,000, 500 images": deep,
        "newest first": f"{listing}?sort=added&order=desc",
        "by state": f"{listing}?sort=state",
        "by objects": f"{listing}?sort=objects&order=desc",
        "one label": f"{listing}?label=car",
        "search": f"{listing}?search=img_77",
        "search without a hit": f"{listing}?search=nowhere",
        "queue": f"/api/projects/{PROJECT}/queue?after={5000:016x}&sort=state",
        "queue by objects": f"/api/projects/{PROJECT}/queue?after={5000:016x}&sort=objects",
        "projects": "/api/projects",
    }.items():
        seconds = []
        for _ in range(9):
            started = time.perf_counter()
            assert client.get(path).status_code == 200, path
            seconds.append(time.perf_counter() - started)
        print(f"{name:28} {1000 * sorted(seconds)[4]:7.1f} ms")
    app.extensions["samphire"].close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--database", default="")
    arguments = parser.parse_args()
    seed(arguments.folder, arguments.images, arguments.objects, arguments.database).close()
    _measure(arguments.folder, arguments.database)


if __name__ == "__main__":
    main()
