"""Segmenters with one encoder share what it makes, whichever of them is asked for, replaced or removed."""

import shutil

import gevent
import pytest

from server.domain import embedding_codec
from server.domain.compression import expand
from tests.installing import install
from tests.unit.features.encoding import World

BASE, NEW = "0" * 64, "1" * 64


@pytest.fixture
def world(tmp_path):
    """MobileSAM, one that was trained from it, and one that was trained from that."""
    world = World(tmp_path)
    for name, digit in (("trained", "a"), ("trained_again", "b")):
        install(tmp_path / "segmenters", name, digit * 64, encoding=BASE)
    yield world
    world.close()


def carried(world, image):
    """(filed under, what it carries) of the image's embeddings."""
    return sorted((row[0], row[1][0]) for row in filed(world, image))


def filed(world, image):
    with world.db.read() as session:
        query = "SELECT segmenter, weights, blob_key FROM embeddings WHERE image_id = ?"
        return session.connection().exec_driver_sql(query, (image.id,)).fetchall()


def remove(world, name):
    shutil.rmtree(world.folder / "segmenters" / name)


def test_encoded_once_whoever_asks_first(world):
    base, trained, again = map(world.segmenters.find, ("mobile_sam", "trained", "trained_again"))
    one, other = world.add("a"), world.add("b")
    for image, specs in ((one, (base, trained, again)), (other, (again, base, trained))):
        for spec in specs:
            assert world.embeddings.load(world.wait(image, spec), spec).weights == BASE
    assert world.encoder.calls == 2
    assert carried(world, one) == carried(world, other) == [("mobile_sam", "0")]
    (row,) = filed(world, one)
    with world.blobs.open(row[2]) as file:
        found = embedding_codec.decode(expand(file.read()))
    assert (found.segmenter, found.weights) == ("mobile_sam", BASE)
    told = [world.embeddings.describe(one, spec) for spec in (base, trained, again)]
    assert told == 3 * [told[0]]
    assert world.embeddings.describe_all([one, other], again)["a"] == told[0]
    assert len({world.embeddings.encoder_seconds(spec) for spec in (base, trained)}) == 1


def test_all_that_ask_at_once_wait_for_one_job(world):
    gate, image = world.hold(), world.add()
    names = ("trained", "mobile_sam", "trained_again")
    waiting = [gevent.spawn(world.wait, image, world.segmenters.find(name)) for name in names]
    gevent.sleep(0)
    assert world.embeddings.describe(image, world.segmenters.find("trained")).position == 1
    gate.set()
    assert len({greenlet.get(timeout=5).blob_key for greenlet in waiting}) == 1
    assert world.encoder.calls == 1


def test_windows_are_shared_too(world):
    image = world.add(size=(4000, 3000))
    row = world.wait(image, world.segmenters.find("trained"), window="1-0-0")
    assert world.wait(image, window="1-0-0").blob_key == row.blob_key
    assert world.encoder.calls == 1


def test_a_base_that_is_replaced_leaves_what_others_decode(world):
    trained, image = world.segmenters.find("trained"), world.add()
    world.wait(image)
    world.replace_segmenter(NEW)
    assert world.renewal.remaining == 0
    assert world.embeddings.load(world.wait(image, trained), trained) is not None
    assert world.encoder.calls == 1
    assert world.wait(image).weights == NEW
    assert carried(world, image) == [("mobile_sam", "0"), ("mobile_sam", "1")]
    assert world.embeddings.load(world.wait(image, trained), trained) is not None
    assert world.encoder.calls == 2

    world.wait(world.add("b"), trained)
    assert carried(world, world.get("b")) == [("trained", "0")]
    remove(world, "trained")
    assert world.renewal.remaining == 0  # the other one decodes them
    remove(world, "trained_again")
    assert world.renewal.remaining == 1
    assert world.renewal.renew_next()
    assert carried(world, image) == [("mobile_sam", "1")]
    assert carried(world, world.get("b")) == [("trained", "0")]  # as of any segmenter that is removed
    assert world.encoder.calls == 3


def test_a_base_that_is_removed_is_not_needed_and_finds_all_when_it_is_back(world):
    trained, image = world.segmenters.find("trained"), world.add()
    world.wait(image)
    other, waiting = world.add("b"), world.add("c")
    gate = world.hold()
    queued = gevent.spawn(world.wait, waiting, trained)  # a job of the base's
    gevent.sleep(0)
    remove(world, "mobile_sam")
    gate.set()
    assert queued.get(timeout=5).segmenter == "trained"
    assert world.embeddings.load(world.wait(image, trained), trained) is not None
    assert world.embeddings.describe(image, trained).state == "ready"
    assert world.wait(other, trained).segmenter == "trained"
    assert world.encoder.calls == 3
    install(world.folder / "segmenters", "mobile_sam", BASE)
    for each in (image, other, waiting):
        assert world.embeddings.load(world.wait(each), world.spec) is not None
    assert world.encoder.calls == 3


def test_trained_anew_under_its_id_it_decodes_what_there_is(world):
    image = world.add()
    world.wait(image, world.segmenters.find("trained"))
    install(world.folder / "segmenters", "trained", "c" * 64, encoding=BASE)
    spec = world.segmenters.find("trained")
    assert spec.weights == "c" * 64
    assert world.embeddings.load(world.wait(image, spec), spec) is not None
    assert (world.encoder.calls, world.renewal.remaining) == (1, 0)
