"""The services that encode, on a data folder of their own, with a fake encoder."""

import io

import gevent
import numpy as np
from gevent.event import Event
from PIL import Image as Picture
from sqlalchemy import select

from server.config import Settings
from server.features.embeddings.renewal import RENEW, Renewal
from server.features.embeddings.service import ENCODE, Embeddings
from server.features.segmenters.service import Segmenters
from server.inference.catalog import Catalog
from server.runtime.bus import Bus
from server.runtime.pools import Pools
from server.runtime.queue.base import Job
from server.runtime.queue.handlers import Handler, Handlers
from server.runtime.queue.inprocess import InProcessQueue
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.jobs import StoredJobs
from server.storage.tables import Embedding as Row
from server.storage.tables import Image
from tests.installing import install

TOKENS = np.random.default_rng(0).normal(size=(4096, 256)).astype(np.float32)


class FakeEncoder:
    """Encodes at once, or fails when told to. `before`: called as each encoding begins."""

    def __init__(self):
        self.calls, self.error, self.before = 0, None, lambda: None
        self.shape = (30, 40, 3)  # of what is encoded last

    def __call__(self, spec, threads):
        return self

    def encode(self, rgb):
        self.calls += 1
        self.before()
        self.shape = rgb.shape
        if self.error is not None:
            raise self.error
        return {"image_tokens": TOKENS}


class World:
    """The service on a real database and a real blob folder, with a fake encoder of the segmenter `spec`."""

    def __init__(self, folder):
        self.folder = folder
        if not (folder / "segmenters").exists():
            install(folder / "segmenters", "mobile_sam")
        self.db = Database.open(f"sqlite:///{folder / 'samphire.db'}")
        self.blobs = open_store(folder / "blobs")
        self.pools, self.bus, handlers = Pools(1, 2), Bus(), Handlers()
        self.queue = InProcessQueue(StoredJobs(self.db), handlers)
        self.news, self.encoder = [], FakeEncoder()
        self.bus.listeners.append(lambda news: self.news.append((news.event, news.image_id, news.message)))
        self.segmenters = Segmenters(Settings(), Catalog(folder / "segmenters"), self.pools, self.encoder)
        self.embeddings = Embeddings(self.segmenters, self.db, self.blobs, self.pools, self.queue, self.bus)
        self.renewal = Renewal(self.segmenters, self.embeddings, self.db, self.queue)
        self.gate = Event()
        lane = self.embeddings.handler.lane
        handlers.update(
            {
                ENCODE: self.embeddings.handler,
                RENEW: self.renewal.handler,
                "hold": Handler(lambda running: self.gate.wait(5), lane),
            }
        )
        self.queue.start()

    @property
    def spec(self):
        return self.segmenters.find()

    def replace_segmenter(self, weights):
        install(self.folder / "segmenters", "mobile_sam", weights)

    def add(self, name="a", size=(40, 30)):
        file = io.BytesIO()
        Picture.new("RGB", size, "teal").save(file, "PNG")
        key = f"images/{name}/original.png"
        self.blobs.put(key, file.getvalue())
        image = Image(
            id=name, identity=name, name=name, width=size[0], height=size[1], format="PNG", bytes=len(file.getvalue()),
            original_key=key, display_key=key, display_type="image/png", thumbnail_key=key,
        )  # fmt: skip
        with self.db.write() as session:
            session.add(image)
        return image

    def get(self, name):
        with self.db.read() as session:
            return session.get(Image, name)

    def delete(self, image):
        with self.db.write() as session:
            session.delete(session.get(Image, image.id))
        self.embeddings.forget({image.id})

    def load(self, image):
        return self.embeddings.load(self.wait(image), self.spec)

    def wait(self, image, spec=None, window=""):
        return self.embeddings.wait(image, spec or self.spec, 5, window=window)

    def describe(self, image):
        return self.embeddings.describe(image, self.spec)

    def ensure(self, image):
        return self.embeddings.ensure(image, self.spec)

    def hold(self):
        """Block the queue until the returned event is set."""
        self.queue.submit(Job("hold", {}, "it"))
        gevent.sleep(0)
        return self.gate

    def rows(self):
        """(image, first digit of the weights) of every row, and that its blob is there."""
        with self.db.read() as session:
            found = list(session.scalars(select(Row)))
        assert all(self.blobs.exists(row.blob_key) for row in found)
        return sorted((row.image_id, row.weights[0]) for row in found)

    def blob_count(self):
        return len(list((self.folder / "blobs" / "embeddings").rglob("*.br")))

    def close(self):
        self.renewal.stop()
        self.queue.close()
        self.queue.abandon()
        self.pools.close()
        self.db.close()
