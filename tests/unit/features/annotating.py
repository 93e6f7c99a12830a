"""A database with two images, and annotations to make on them."""

import numpy as np

from server.domain.masks import encode_rle
from server.features.annotations.service import Annotations
from server.runtime.bus import Bus
from server.runtime.pools import Pools
from server.storage.engine import Database
from server.storage.rows import project_images
from server.storage.tables import DEFAULT_PROJECT, Image
from server.storage.unit_of_work import UnitsOfWork
from tests.answering import Answering

WIDTH, HEIGHT = 20, 10


def rle(x0=2, y0=3, x1=8, y1=7, size=(HEIGHT, WIDTH)):
    mask = np.zeros(size, bool)
    mask[y0:y1, x0:x1] = True
    return encode_rle(mask)


def body(**more):
    return {"id": "annotation-1", "label": "dog", "color": "#1f77b4", "rle": rle(), **more}


class World:
    def __init__(self, folder):
        self.db = Database.open(f"sqlite:///{folder / 'x.db'}")
        self.pools = Pools(1, 2)
        bus = Bus()
        self.news = []
        bus.listeners.append(lambda news: self.news.append((news.event, news.image_id, news.message)))
        self.unit_of_work = UnitsOfWork(self.db, bus.publish)
        self.annotations = Answering(Annotations(self.db, self.pools, self.unit_of_work))
        with self.db.write() as session:
            for name in ("one", "two"):
                session.add(
                    Image(
                        id=name, identity=name, name=f"{name}.png", width=WIDTH, height=HEIGHT,
                        format="PNG", bytes=1, original_key="k", display_key="k",
                        display_type="image/png", thumbnail_key="k",
                    )
                )  # fmt: skip
                session.flush()
                project_images.put(session, DEFAULT_PROJECT, name, f"{name}.png")
