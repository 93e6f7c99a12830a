"""Windows of an image are encoded, kept and forgotten as the whole image is, but only so many of them."""

from datetime import timedelta

import gevent
import pytest
from sqlalchemy import select, update

from server.features.embeddings import service
from server.runtime.turns import client
from server.storage.tables import Embedding as Row
from server.storage.tables import JobRow, now
from tests.unit.features.encoding import World

SIZE = (1600, 1200)
KEYS = ["1-0-0", "1-1-0", "1-2-1", "1-3-1"]


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()


def windows(world, image="a"):
    with world.db.read() as session:
        found = session.scalars(select(Row).where(Row.image_id == image))
        return sorted(row.window for row in found)


def test_a_window_is_a_crop_encoded_once_and_kept_beside_the_whole(world):
    image = world.add(size=SIZE)
    row = world.wait(image, window="1-2-1")
    assert world.encoder.shape == (800, 800, 3)
    assert world.wait(image, window="1-2-1").blob_key == row.blob_key
    world.wait(image)
    assert world.encoder.shape == (1200, 1600, 3)
    assert world.encoder.calls == 2
    assert windows(world) == ["", "1-2-1"]
    assert world.blob_count() == 2
    told = world.embeddings.describe(image, world.spec, "1-2-1")
    assert (told.state, told.window) == ("ready", "1-2-1")
    assert told.url.endswith("&window=1-2-1")
    assert world.describe(image).window is None
    assert world.embeddings.load(row, world.spec).image_size == (800, 800)


def test_news_of_a_window_say_of_which(world):
    image = world.add(size=SIZE)
    world.wait(image, window="1-0-0")
    assert {message["window"] for _, _, message in world.news} == {"1-0-0"}
    assert world.news[-1][0] == "embedding:ready"
    assert world.describe(image).state == "none"


def test_an_image_keeps_the_windows_that_were_used_last(world, monkeypatch):
    monkeypatch.setattr(service, "_MOST_WINDOWS", 2)
    image = world.add(size=SIZE)
    world.wait(image)
    rows = [world.wait(image, window=key) for key in KEYS[:2]]
    with world.db.write() as session:
        session.execute(update(Row).values(used_at=now() - timedelta(hours=1)))
    old = world.embeddings.find(image, world.spec, KEYS[0])
    assert world.embeddings.load(old, world.spec) is not None
    world.wait(image, window=KEYS[2])
    assert windows(world) == ["", KEYS[0], KEYS[2]]
    assert world.blob_count() == 3
    assert world.embeddings.content(rows[1], "identity") is None  # forgotten, so that it is made again
    assert world.wait(image, window=KEYS[1]).window == KEYS[1]


def test_the_window_looked_at_now_is_encoded_before_those_left(world):
    images = {name: world.add(name, SIZE) for name in ("a", "b")}
    gate, encoded = world.hold(), []
    world.encoder.before = lambda: encoded.append(len(encoded))
    for key in KEYS[:2]:
        world.embeddings.ensure(images["a"], world.spec, window=key)
    world.embeddings.ensure(images["b"], world.spec)
    world.embeddings.ensure(images["a"], world.spec, window=KEYS[2])
    places = {key: world.embeddings.describe(images["a"], world.spec, key).position for key in KEYS[:3]}
    assert places[KEYS[2]] < places[KEYS[0]]
    assert places[KEYS[2]] < places[KEYS[1]]
    assert world.embeddings.describe(images["b"], world.spec).position < places[KEYS[0]]
    gate.set()
    for key in KEYS[:3]:
        world.wait(images["a"], window=key)
    gevent.sleep(0)
    assert windows(world) == sorted(KEYS[:3])


def looks(world, who, image, key):
    """Somebody asks for a window; where it is in the queue."""
    former = client.set(("192.0.2.1", who, "1"))
    try:
        return world.embeddings.ensure(image, world.spec, window=key).position
    finally:
        client.reset(former)


def test_two_people_in_close_ups_of_an_image_do_not_push_each_other_back(world):
    image = world.add(size=SIZE)
    gate = world.hold()
    for key in (KEYS[0], KEYS[1]):
        looks(world, "account ann", image, key)
    looks(world, "account ben", image, KEYS[2])
    looks(world, "account ben", image, KEYS[1])
    looks(world, "account ann", image, KEYS[3])
    with world.db.read() as session:
        stored = {row.args["window"] for row in session.scalars(select(JobRow)) if "window" in row.args}
    assert stored == set(KEYS)
    places = {key: world.embeddings.describe(image, world.spec, key).position for key in KEYS}
    wanted, left = {KEYS[1], KEYS[3]}, {KEYS[0], KEYS[2]}  # ben looks into the one that ann has left
    assert max(places[key] for key in wanted) < min(places[key] for key in left)
    gate.set()
    for key in KEYS:
        world.wait(image, window=key)


def test_one_window_of_a_client_is_wanted_at_a_time_whatever_image_it_is_of(world):
    images = [world.add(name, SIZE) for name in "ab"]
    gate = world.hold()
    looks(world, "account ann", images[0], KEYS[0])
    looks(world, "account ann", images[1], KEYS[0])
    looks(world, "account ben", images[1], KEYS[1])
    places = [
        world.embeddings.describe(images[number], world.spec, key).position
        for number, key in ((0, KEYS[0]), (1, KEYS[0]), (1, KEYS[1]))
    ]
    assert places[0] == 3
    gate.set()


def test_what_a_program_left_it_may_still_wait_for(world):
    image = world.add(size=SIZE)
    gate = world.hold()
    asked = [gevent.spawn(world.wait, image, None, key) for key in KEYS[:2]]
    gevent.sleep(0)
    world.embeddings.ensure(image, world.spec, window=KEYS[2])
    assert world.embeddings.describe(image, world.spec, KEYS[0]).position == 1
    gate.set()
    assert [each.get(timeout=10).window for each in asked] == KEYS[:2]


def test_windows_go_with_the_image_and_with_older_weights(world):
    image = world.add(size=SIZE)
    world.wait(image)
    for key in KEYS[:2]:
        world.wait(image, window=key)
    world.replace_segmenter("1" * 64)
    world.wait(image, window=KEYS[2])
    assert windows(world) == sorted(["", *KEYS[:3]])  # the old whole image's serves until it is renewed
    while world.renewal.renew_next():
        pass
    assert windows(world) == ["", KEYS[2]]
    assert {row[1] for row in world.rows()} == {"1"}
    world.delete(image)
    assert windows(world) == []


def test_windows_of_older_weights_alone_are_no_work_for_ever(world):
    image = world.add(size=SIZE)
    world.wait(image, window=KEYS[0])
    world.replace_segmenter("1" * 64)
    assert world.renewal.remaining == 1
    assert world.renewal.renew_next()
    assert world.renewal.remaining == 0
    assert windows(world) == [""]
