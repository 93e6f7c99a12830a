"""Renewal: embeddings of older weights are replaced last of all; an interrupted renewal resumes."""

import gevent
import pytest

from server.errors import EncodingFailed, SegmenterNotFound
from server.features.embeddings import renewal
from tests.installing import install
from tests.unit.features.encoding import World

NEW = "1" * 64


@pytest.fixture
def world(tmp_path):
    """Three images, encoded; then the segmenter is replaced."""
    world = World(tmp_path)
    for name in "abc":
        world.wait(world.add(name))
    assert world.renewal.remaining == 0
    assert not world.renewal.renew_next()
    world.replace_segmenter(NEW)
    yield world
    world.close()


def finish(world):
    while world.renewal.renew_next():
        pass


def test_everything_old_is_made_anew_and_then_removed(world):
    assert world.renewal.remaining == 3
    assert world.renewal.renew_next()
    assert world.renewal.remaining == 2
    assert world.rows() == [("a", "0"), ("b", "0"), ("c", "1")]  # the newest image first
    assert world.blob_count() == 3
    finish(world)
    assert (world.renewal.remaining, world.encoder.calls) == (0, 6)
    assert world.rows() == [("a", "1"), ("b", "1"), ("c", "1")]
    assert world.blob_count() == 3


def test_what_somebody_opens_meanwhile_is_not_made_twice(world):
    world.wait(world.get("b"))
    assert world.renewal.remaining == 2
    finish(world)
    assert world.encoder.calls == 6


def test_it_goes_on_after_a_restart(world, tmp_path):
    world.renewal.renew_next()
    world.close()
    again = World(tmp_path)
    assert again.renewal.remaining == 2
    finish(again)
    assert again.encoder.calls == 2
    assert again.rows() == [("a", "1"), ("b", "1"), ("c", "1")]
    again.close()


def test_embeddings_of_removed_segmenters_are_left_alone(world, tmp_path):
    (tmp_path / "segmenters" / "mobile_sam" / "segmenter.json").unlink()
    assert world.renewal.remaining == 0
    assert not world.renewal.renew_next()
    assert world.rows() == [("a", "0"), ("b", "0"), ("c", "0")]


def test_what_somebody_waits_for_goes_first(world):
    gate = world.hold()
    renewing = gevent.spawn(world.renewal.renew_next)
    gevent.sleep(0)
    fresh = world.add("fresh")
    assert world.ensure(fresh).position == 1
    assert [
        world.queue.status(("encode", f"{name}/mobile_sam/{NEW}")).position for name in ("fresh", "c")
    ] == [1, 2]
    gate.set()
    assert renewing.get(timeout=5)


def test_a_failure_loses_nothing_is_not_repeated_and_holds_up_nothing_else(world):
    world.encoder.error = RuntimeError("onnxruntime says no")
    with pytest.raises(EncodingFailed):
        world.renewal.renew_next()
    world.encoder.error = None
    assert world.renewal.remaining == 2
    finish(world)
    assert world.rows() == [("a", "1"), ("b", "1"), ("c", "0")]
    world.replace_segmenter("2" * 64)  # another chance
    assert world.renewal.remaining == 3
    finish(world)
    assert world.rows() == [("a", "2"), ("b", "2"), ("c", "2")]


def test_a_segmenter_replaced_again_meanwhile(world):
    world.encoder.before = lambda: world.replace_segmenter("2" * 64)
    with pytest.raises(SegmenterNotFound):
        world.renewal.renew_next()
    assert world.rows() == [("a", "0"), ("b", "0"), ("c", "0")]
    finish(world)
    assert world.rows() == [("a", "2"), ("b", "2"), ("c", "2")]


def test_an_image_deleted_meanwhile_is_no_trouble(world):
    gate = world.hold()
    renewing = gevent.spawn(world.renewal.renew_next)
    gevent.sleep(0)
    world.delete(world.get("c"))
    gate.set()
    renewing.join(5)
    assert not renewing.successful()
    finish(world)
    assert world.rows() == [("a", "1"), ("b", "1")]


def test_in_the_background_it_notices_a_replaced_segmenter_and_outlives_failures(world, monkeypatch):
    monkeypatch.setattr(renewal, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(renewal, "_REST_SECONDS", 0.01)
    world.encoder.error = RuntimeError("once")
    world.renewal.start()
    while world.renewal.remaining > 2:
        gevent.sleep(0.01)
    world.encoder.error = None
    while world.renewal.remaining:
        gevent.sleep(0.01)
    world.replace_segmenter("2" * 64)
    while world.rows() != [("a", "2"), ("b", "2"), ("c", "2")]:
        gevent.sleep(0.01)
    install(world.folder / "segmenters", "another")
    gevent.sleep(0.05)
    world.renewal.stop()
    world.replace_segmenter("3" * 64)
    gevent.sleep(0.05)
    assert world.renewal.remaining == 3


def test_stopped_while_it_works_it_leaves_the_old_until_the_next_start(world, tmp_path):
    gate = world.hold()
    world.renewal.start()
    gevent.sleep(0.05)
    world.close()
    gate.set()
    again = World(tmp_path)
    assert again.rows() == [("a", "0"), ("b", "0"), ("c", "0")]
    assert again.renewal.remaining == 3
    again.close()
