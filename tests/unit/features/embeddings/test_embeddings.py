"""Embeddings: one encoding however many ask, states and news, loading, content codings, deletion, restart."""

import gzip

import brotli
import gevent
import numpy as np
import pytest
import zstandard

from server.domain import embedding_codec
from server.errors import EmbeddingTimeout, EncodingFailed, ImageNotFound, SegmenterNotFound
from server.features.embeddings.containers import new_key
from server.inference.catalog import EmbeddingTensor
from server.storage.blobs.base import is_key
from server.storage.rows import embeddings as rows
from server.storage.tables import Embedding as Row
from tests.answering import plain
from tests.unit.features.encoding import TOKENS, World


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()


def test_one_encoding_however_many_ask(world):
    image = world.add()
    assert world.describe(image).state == "none"
    waiting = [gevent.spawn(world.load, image) for _ in range(8)]
    gevent.joinall(waiting, raise_error=True)
    assert world.encoder.calls == 1
    loaded = waiting[0].value
    assert (loaded.segmenter, loaded.weights) == ("mobile_sam", world.spec.weights)
    assert np.abs(loaded.tensors["image_tokens"] - TOKENS).max() < 0.05


def test_states_and_news_from_nothing_to_ready(world):
    image = world.add()
    assert world.ensure(image).state == "running"
    world.wait(image)
    state = world.describe(image)
    assert state.state == "ready"
    assert state.bytes > 100_000
    assert state.url.startswith("/api/images/a/embedding?segmenter=mobile_sam&weights=")
    assert [event for event, _, _ in world.news] == ["embedding:progress", "embedding:ready"]
    assert world.news[-1][2] == {"image": "a", **plain(state)}
    assert world.ensure(image) == state
    assert world.encoder.calls == 1


def test_places_in_the_queue_and_seconds_left(world):
    for seconds in (1.0, 9.0, 2.0):
        world.embeddings.encoder_seconds(world.spec)
        world.embeddings._seconds.add(world.spec.encoding, seconds)
    gate = world.hold()
    first, second = world.add("a"), world.add("b")
    world.ensure(first)
    state = world.ensure(second)
    assert (state.state, state.position) == ("queued", 2)
    assert state.seconds_left == pytest.approx(2.0 + 2 * 2.0, abs=0.5)
    gate.set()
    world.wait(second)
    assert world.encoder.calls == 2
    assert ("embedding:progress", "b", 2) in [(e, i, m["position"]) for e, i, m in world.news]


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
    assert (state.state, state.error.code) == ("failed", "encoding_failed")
    assert world.news[-1][0] == "embedding:failed"
    with pytest.raises(EncodingFailed):
        world.load(image)
    assert world.encoder.calls == 1
    world.encoder.error = None
    assert world.ensure(image).state == "running"
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
    assert forgotten == [{"a"}]
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
    while world.queue.busy():
        gevent.sleep(0.01)
    assert world.embeddings.find(running, world.spec) is None
    assert world.blob_count() == 0


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
    assert (world.encoder.calls, world.blob_count()) == (2, 1)


def test_what_is_encoded_again_has_a_key_of_its_own(world):
    """A backup, and a copy beside a bucket, have the former bytes under the former key."""
    image = world.add()
    before = world.wait(image)
    with world.db.write() as session:
        rows.remove_of_image(session, image.id)
    after = world.wait(image)
    assert world.encoder.calls == 2
    assert after.blob_key != before.blob_key
    world.blobs.delete([before.blob_key])
    assert world.embeddings.load(before, world.spec) is None
    assert world.rows() == [("a", "0")]  # whoever still had the former row forgets that one alone


def test_a_key_is_one_however_long_the_segmenter_s_id_is(world):
    named = type(world.spec)(**{**vars(world.spec), "id": "a" * 64})
    assert is_key(new_key("i" * 32, named, "w" * 12))


def test_whoever_comes_second_leaves_the_first_one_s_alone(world, monkeypatch):
    """Another process, which took the job over from one that seemed to be gone."""
    image, put, spec = world.add(), world.blobs.put, world.spec
    first = new_key(image.id, spec, "")

    def outrun(key, data):
        put(first, data)
        with world.db.write() as session:
            made = Row(image_id=image.id, segmenter=spec.id, weights=spec.encoding, blob_key=first)
            made.bytes, made.seconds = len(data), 1.0
            session.add(made)
        put(key, data)

    monkeypatch.setattr(world.blobs, "put", outrun)
    assert world.wait(image).blob_key == first
    while world.queue.busy():
        gevent.sleep(0.01)
    assert (world.rows(), world.blob_count()) == ([("a", "0")], 1)
    assert world.load(image).image_size == (40, 30)


def test_other_weights_mean_another_embedding_that_takes_the_old_ones_place(world):
    image = world.add()
    world.wait(image)
    older = world.spec
    world.replace_segmenter("f" * 64)
    assert world.describe(image).state == "none"
    assert world.rows() == [("a", "0")]  # the old one goes when there is a new one, not before
    assert world.wait(image).weights == "f" * 64
    assert (world.encoder.calls, world.rows(), world.blob_count()) == (2, [("a", "f")], 1)
    assert world.embeddings.find(image, older) is None


def test_what_was_under_way_when_the_segmenter_was_replaced_is_not_kept(world):
    image, older = world.add(), world.spec
    world.wait(image)
    other = world.add("b")
    world.encoder.before = lambda: world.replace_segmenter("f" * 64)
    with pytest.raises(SegmenterNotFound, match="replaced"):
        world.embeddings.wait(other, older, 5)
    assert (world.rows(), world.blob_count()) == ([("a", "0")], 1)
    assert world.wait(other).weights == "f" * 64
    with pytest.raises(SegmenterNotFound):
        world.embeddings.wait(other, older, 5)
    assert world.rows() == [("a", "0"), ("b", "f")]


def test_a_segmenter_replaced_while_one_waits_to_write_is_noticed_too(world, monkeypatch):
    image, older, write = world.add(), world.spec, world.db.write

    def slow(**options):
        if world.encoder.calls == 1 and world.spec is older and "synced" not in options:
            world.replace_segmenter("f" * 64)
        return write(**options)

    monkeypatch.setattr(world.db, "write", slow)
    with pytest.raises(SegmenterNotFound, match="replaced"):
        world.embeddings.wait(image, older, 5)
    assert (world.rows(), world.blob_count()) == ([], 0)


def test_an_embedding_of_another_segmenter_is_never_handed_out(world):
    image = world.add()
    row = world.wait(image)
    spec = world.spec
    finer = EmbeddingTensor("image_tokens", "output", 128, 64)
    for other in (
        type(spec)(**{**vars(spec), "encoding": "f" * 64}),
        type(spec)(**{**vars(spec), "embedding": (finer,)}),
        type(spec)(**{**vars(spec), "embedding": (*spec.embedding, finer)}),
    ):
        assert world.embeddings.load(row, other) is None
        assert world.embeddings.load(world.wait(image), spec) is not None


def test_a_restart_knows_what_was_finished(tmp_path):
    world = World(tmp_path)
    image = world.add()
    world.wait(image)
    world.close()
    world = World(tmp_path)
    assert world.describe(image).state == "ready"
    assert world.embeddings.encoder_seconds(world.spec) > 0
    assert world.load(image).image_size == (40, 30)
    assert world.encoder.calls == 0
    world.close()
