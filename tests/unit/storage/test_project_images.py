"""Listing images of a project: every order goes through all of them once, whatever the page's size."""

import pytest

from server.lab.bench.scale.seeding import LABELS, PROJECT, Seeded, image_id, seed
from server.storage.engine import Database
from server.storage.rows import project_images
from server.storage.rows.layers import common
from server.storage.rows.listing.filter import Filter
from server.storage.rows.listing.order import SORTS, STATES, Order
from server.storage.tables import now


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded")
    database = Database.open(f"sqlite:///{folder / 'samphire.db'}")
    seed(database, folder / "blobs", Seeded(images=120, objects=300))
    with database.write() as session:
        project_images.remove(session, PROJECT, [image_id(0, number) for number in range(10)], now())
    yield database
    database.close()


def walk(session, chosen, order, limit):
    place, pages = None, []
    while page := project_images.page(session, common(PROJECT), chosen, order, limit, place):
        pages += [image.id for _, image in page]
        place = project_images.place_of(session, common(PROJECT), page[-1][1].id, order.sort)
    return pages


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_join_without_a_gap(db, sort, descending):
    order = Order(sort, descending)
    with db.read() as session:
        whole = walk(session, Filter(), order, 1000)
        assert len(set(whole)) == 110
        assert walk(session, Filter(), order, 7) == whole
        assert whole == walk(session, Filter(), Order(sort, not descending), 1000)[::-1]


def test_orders_mean_what_they_say(db):
    with db.read() as session:
        pages = {
            sort: project_images.page(session, common(PROJECT), Filter(), Order(sort), 1000) for sort in SORTS
        }
        counts = project_images.annotation_counts(
            session, common(PROJECT), [image_id(0, n) for n in range(120)]
        )
    positions = [place.position for place, _ in pages["added"]]
    states = [STATES.index(place.state) for place, _ in pages["state"]]
    objects = [counts.get(image.id, 0) for _, image in pages["objects"]]
    names = [place.sort_name for place, _ in pages["name"]]
    for values in (positions, states, objects, names):
        assert values == sorted(values)
    assert max(objects) > min(objects)


def test_filters(db):
    with db.read() as session:
        everything = {
            image.id: place
            for place, image in project_images.page(session, common(PROJECT), Filter(), Order(), 1000)
        }
        done = walk(session, Filter(state="done"), Order(), 1000)
        assert set(done) == {image for image, place in everything.items() if place.state == "done"}
        found = walk(session, Filter(search="IMG_1"), Order(), 1000)
        assert set(found) == {image for image, place in everything.items() if "IMG_1" in place.name}
        assert 0 < len(found) < 110
        for hostile in ("%", "_%_", "\\", "' OR 1=1 --", "x" * 200):
            assert walk(session, Filter(search=hostile), Order(), 1000) == []
        labelled = [set(walk(session, Filter(label=label), Order(), 1000)) for label in LABELS]
        assert all(0 < len(each) < 110 for each in labelled)
        assert walk(session, Filter(label="nothing"), Order(), 1000) == []
        both = walk(session, Filter("new", "car", "street"), Order(), 1000)
        assert set(both) == labelled[0] & {i for i, place in everything.items() if place.state == "new"}


def test_counts_are_of_every_state_but_within_the_other_filters(db):
    with db.read() as session:
        counts = project_images.counts(session, common(PROJECT), Filter(state="done"))
        assert (sum(counts.values()), set(counts)) == (110, set(STATES))
        assert counts["done"] == len(walk(session, Filter(state="done"), Order(), 1000))
        assert project_images.counts(session, common(PROJECT), Filter(search="nowhere")) == dict.fromkeys(
            STATES, 0
        )


def test_a_removed_image_comes_back_as_it_was(db):
    third = image_id(0, 3)
    with db.write() as session:
        assert project_images.find(session, PROJECT, third) is None
        assert project_images.put(session, PROJECT, third, "another name.png")
    with db.write() as session:
        place = project_images.find(session, PROJECT, third)
        assert place is not None
        assert place.name.startswith("street 0/")
        assert not project_images.put(session, PROJECT, third, "x.png")
        assert project_images.remove(session, PROJECT, [third, "gone"], now()) == [third]
        assert project_images.remove(session, PROJECT, [third], now()) == []
        assert project_images.restore(session, PROJECT, [third]) == [third]
        assert project_images.remove(session, PROJECT, [third], now()) == [third]
