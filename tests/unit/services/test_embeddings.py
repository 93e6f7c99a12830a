"""Embeddings: one encoding however many ask, states and news, loading, content codings, deletion, restart."""

import gzip
import io

import brotli
import gevent
import numpy as np
import pytest
import zstandard
from gevent.event import Event
from PIL import Image as Picture

from server.config import Settings
from server.domain import embedding_codec
from server.errors import EmbeddingTimeout, EncodingFailed, ImageNotFound
from server.inference.catalog import Catalog
from server.jobs.inprocess import InProcessQueue
from server.jobs.pools import Pools
from server.paths import SEGMENTERS
from server.services.embeddings import Embeddings
from server.services.notifier import Notifier
from server.services.segmenters import Segmenters
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.tables import Image

TOKENS = np.random.default_rng(0).normal(size=(4096, 256)).astype(np.float32)


class FakeEncoder:
    """Encodes at once, or fails when told to."""

    def __init__(self):
        self.calls, self.error = 0, None

    def __call__(self, spec, threads):
        return self

    def encode(self, rgb):
        self.calls += 1
        assert rgb.shape == (30, 40, 3)
        if self.error is not None:
            raise self.error
        return {"image_tokens": TOKENS}


class World:
    """The service on a real database and a real blob folder, with a fake encoder."""

    def __init__(self, folder):
        self.db = Database.open(f"sqlite:///{folder / 'samphire.db'}")
        self.blobs = open_store(folder / "blobs")
        self.pools, self.queue, self.notifier = Pools(1, 2), InProcessQueue(), Notifier()
        self.news, self.encoder = [], FakeEncoder()
        self.notifier.listeners.append(
            lambda event, image, message: self.news.append((event, image, message))
        )
        self.segmenters = Segmenters(Settings(), Catalog(SEGMENTERS), self.pools, self.encoder)
        self.spec = self.segmenters.find()
        self.embeddings = Embeddings(
            self.segmenters, self.db, self.blobs, self.pools, self.queue, self.notifier
        )

    def add(self, name="a"):
        file = io.BytesIO()
        Picture.new("RGB", (40, 30), "teal").save(file, "PNG")
        key = f"images/{name}/original.png"
        self.blobs.put(key, file.getvalue())
        image = Image(
            id=name, sha256=name, name=name, width=40, height=30, format="PNG", bytes=1,
            original_key=key, display_key=key, display_type="image/png", thumbnail_key=key,
        )  # fmt: skip
        with self.db.write() as session:
            session.add(image)
        return image

    def delete(self, image):
        with self.db.write() as session:
            session.delete(session.get(Image, image.id))
        self.embeddings.forget(image.id)

    def load(self, image):
        return self.embeddings.load(self.wait(image), self.spec)

    def wait(self, image, spec=None):
        return self.embeddings.wait(image, spec or self.spec, 5)

    def describe(self, image):
        return self.embeddings.describe(image, self.spec)

    def ensure(self, image):
        return self.embeddings.ensure(image, self.spec)

    def hold(self):
        """Block the encode pool until the returned event is set."""
        gate = Event()
        self.queue.submit(("holding", "", ""), lambda job: gate.wait(5))
        gevent.sleep(0)
        self.news.clear()
        return gate

    def close(self):
        self.queue.close()
        self.pools.close()
        self.db.close()


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()


def test_one_encoding_however_many_ask(world):
    image = world.add()
    assert world.describe(image)["state"] == "none"
    waiting = [gevent.spawn(world.load, image) for _ in range(8)]
    gevent.joinall(waiting, raise_error=True)
    assert world.encoder.calls == 1
    loaded = waiting[0].value
    assert (loaded.segmenter, loaded.weights) == ("mobile_sam", world.spec.weights)
    assert np.abs(loaded.tensors["image_tokens"] - TOKENS).max() < 0.05


def test_states_and_news_from_nothing_to_ready(world):
    image = world.add()
    assert world.ensure(image)["state"] == "running"
    world.wait(image)
    state = world.describe(image)
    assert state["state"] == "ready"
    assert state["bytes"] > 100_000
    assert state["url"].startswith("/api/images/a/embedding?segmenter=mobile_sam&weights=")
    assert [event for event, _, _ in world.news] == ["embedding:progress", "embedding:ready"]
    assert world.news[-1][2] == {"image": "a", **state}
    assert world.ensure(image) == state
    assert world.encoder.calls == 1


def test_places_in_the_queue_and_seconds_left(world):
    for seconds in (1.0, 9.0, 2.0):
        world.embeddings.encoder_seconds(world.spec)
        world.embeddings._seconds.add(world.spec.id, world.spec.weights, seconds)
    gate = world.hold()
    first, second = world.add("a"), world.add("b")
    world.ensure(first)
    state = world.ensure(second)
    assert (state["state"], state["position"]) == ("queued", 2)
    assert state["seconds_left"] == pytest.approx(2.0 + 2 * 2.0, abs=0.5)
    gate.set()
    world.wait(second)
    assert world.encoder.calls == 2
    assert ("embedding:progress", "b", 1) in [(e, i, m["position"]) for e, i, m in world.news]


def test_waiting_too_long_is_told_and_the_encoding_goes_on(world):
    gate, image = world.hold(), world.add()
    with pytest.raises(EmbeddingTimeout):
        world.embeddings.wait(image, world.spec, 0.02)
    gate.set()
    assert world.wait(image).image_id == "a"


def test_a_failure_is_told_to_all_and_can_be_tried_again(world):
    image, world.encoder.error = world.add(), RuntimeError("onnxruntime says no")
    with pytest.raises(EncodingFailed):
        world.load(image)
    state = world.describe(image)
    assert (state["state"], state["error"]["code"]) == ("failed", "encoding_failed")
    assert world.news[-1][0] == "embedding:failed"
    with pytest.raises(EncodingFailed):
        world.load(image)
    assert world.encoder.calls == 1
    world.encoder.error = None
    assert world.ensure(image)["state"] == "running"
    world.wait(image)


def test_the_bytes_are_the_same_container_in_every_coding(world):
    image = world.add()
    row = world.wait(image)
    plain = world.embeddings.content(row, "identity")
    assert embedding_codec.decode(plain).image_size == (40, 30)
    assert brotli.decompress(world.embeddings.content(row, "br")) == plain
    assert gzip.decompress(world.embeddings.content(row, "gzip")) == plain
    assert zstandard.decompress(world.embeddings.content(row, "zstd")) == plain
    assert len(world.embeddings.content(row, "br")) == row.bytes
    assert world.embeddings.content(row, "gzip") is world.embeddings.content(row, "gzip")


def test_a_deleted_image_leaves_nothing(world):
    image = world.add()
    row = world.wait(image)
    world.embeddings.content(row, "gzip")
    forgotten = []
    world.embeddings.on_forget.append(forgotten.append)
    world.delete(image)
    assert forgotten == ["a"]
    assert world.embeddings._recoded.size == 0
    with pytest.raises(ImageNotFound):
        world.wait(image)
    assert row.blob_key.startswith("embeddings/")


def test_an_image_deleted_while_it_waits_or_is_encoded(world):
    gate, waiting, running = world.hold(), world.add("waiting"), world.add("running")
    asked = gevent.spawn(world.wait, waiting)
    gevent.sleep(0)
    world.delete(waiting)
    with pytest.raises(ImageNotFound):
        asked.get(timeout=1)
    gate.set()
    world.ensure(running)
    gevent.sleep(0)
    world.delete(running)
    while world.queue.busy:
        gevent.sleep(0.01)
    assert world.embeddings.find(running, world.spec) is None
    assert world.blobs.sweep(set()) == 2  # the two pictures: no embedding was left


@pytest.mark.parametrize("damage", ["lost", "damaged"])
def test_a_lost_or_damaged_blob_is_made_again(world, damage):
    image = world.add()
    row = world.wait(image)
    if damage == "lost":
        world.blobs.delete([row.blob_key])
    else:
        world.blobs.put(row.blob_key, b"not an embedding")
    assert world.embeddings.load(row, world.spec) is None
    assert world.load(image).image_size == (40, 30)
    assert world.encoder.calls == 2


def test_a_restart_knows_what_was_finished(tmp_path):
    world = World(tmp_path)
    image = world.add()
    world.wait(image)
    world.close()
    world = World(tmp_path)
    assert world.describe(image)["state"] == "ready"
    assert world.embeddings.encoder_seconds(world.spec) > 0
    assert world.load(image).image_size == (40, 30)
    assert world.encoder.calls == 0
    world.close()
