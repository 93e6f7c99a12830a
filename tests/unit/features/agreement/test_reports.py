"""Figures of images, stored and read again, and what reports make of them."""

import json

import pytest

from server.domain.agreement.comparing import COMMON, compare
from server.features.agreement import sheets
from server.features.agreement.report import Chosen, least_alike, tables, worst_first
from server.features.agreement.stored import figures_of, pack, unpack
from tests.unit.domain.agreement.drawn import box

SIZE = (100, 80)
GOOD = {
    "ann": [box("a1", 0, 0, 20, 20), box("a2", 50, 50, 10, 10, "bus")],
    "bob": [box("b1", 0, 0, 20, 16), box("b2", 50, 50, 10, 10, "bus")],
    "cid": [box("c1", 0, 0, 20, 20), box("c2", 50, 50, 10, 10)],
}
BAD = {"ann": [box("a3", 0, 0, 20, 20)], "bob": [box("b3", 60, 0, 20, 20)]}
GOLD = {
    COMMON: [box("t1", 0, 0, 20, 20), box("t2", 40, 40, 8, 8)],
    "cid": [box("c4", 0, 0, 20, 20, "bus"), box("c5", 80, 60, 9, 9), box("c6", 60, 60, 9, 9)],
}


def figures(people):
    return figures_of(people, compare(people, *SIZE))


@pytest.fixture
def images():
    return {"good": figures(GOOD), "bad": figures(BAD), "gold": figures(GOLD)}


def test_what_is_stored_is_json_and_comes_back_the_same(images):
    for image in images.values():
        found = unpack(json.loads(json.dumps(pack(image))))
        assert found.units == image.units
        assert found.people == image.people
        for pair, each in image.pairs.items():
            assert found.pairs[pair].objects == each.objects
            assert found.pairs[pair].alpha == pytest.approx(each.alpha)
            for name in ("f1", "iou", "boundary_iou", "dice", "quality"):
                assert getattr(found.pairs[pair], name) == pytest.approx(getattr(each, name), abs=1e-4)


def test_a_report_has_people_pairs_and_labels_and_gold_apart(images):
    made = tables(images.values(), ["car", "bus", "van"])
    assert [each.account for each in made.people] == ["ann", "bob", "cid"]
    ann, _, cid = made.people
    assert (ann.images, ann.figures.objects, ann.figures.matched, ann.gold) == (2, 10, 4, None)
    assert (cid.images, cid.figures.objects, cid.gold.images) == (1, 8, 1)
    assert (cid.gold.missed, cid.gold.extra, cid.gold.same_label, cid.gold.iou) == (1, 2, 0, 1)
    assert cid.gold.f1 == pytest.approx(2 / 5)
    assert [(each.first, each.second, each.images) for each in made.pairs] == [
        ("bob", "cid", 1),
        ("ann", "cid", 1),
        ("ann", "bob", 2),
    ]
    assert made.figures.objects == 14
    car, bus = made.labels
    assert (car.label, bus.label) == ("car", "bus")
    assert [(each.label, each.count) for each in car.confused] == [("bus", 2)]
    assert (bus.figures.objects, bus.figures.matched) == (4, 1)


def test_alpha_of_the_project_is_that_of_all_people_at_once(images):
    """Units: car car car, bus bus car. Coincidences of the second: bus bus 1, bus car 2 halves each way."""
    made = tables([images["good"]], ["car", "bus"])
    assert made.figures.alpha == pytest.approx(1 - 5 * 2 / (36 - 16 - 4))


def test_images_come_with_the_least_agreement_first(images):
    everything = Chosen(truth=True)
    assert [image_id for image_id, _ in worst_first(images, everything)] == ["bad", "gold", "good"]
    assert least_alike(images["good"], everything) == ("bob", "cid")
    assert least_alike(images["gold"], everything) == (COMMON, "cid")


def test_who_may_not_know_which_images_are_gold_is_not_told(images):
    assert [image_id for image_id, _ in worst_first(images, Chosen(truth=False))] == ["bad", "good"]


def test_images_are_filtered_by_person_and_label(images):
    def listed(**chosen):
        return [image_id for image_id, _ in worst_first(images, Chosen(True, **chosen))]

    assert listed(person="cid") == ["gold", "good"]
    assert listed(label="bus") == ["gold", "good"]
    assert listed(person="ann", label="bus") == ["good"]
    assert listed(person="nobody") == listed(label="van") == []
    assert least_alike(images["good"], Chosen(True, "ann", "bus")) == ("ann", "cid")


def test_nothing_at_all_makes_an_empty_report():
    made = tables([], ["car"])
    assert (made.people, made.pairs, made.labels) == ([], [], [])
    assert (made.figures.objects, made.figures.f1, made.figures.alpha) == (0, None, None)


def test_sheets_hold_no_formulas_and_the_names_that_people_read(images):
    made = tables(images.values(), ["car", "bus"])
    names = {"ann": "=Ann", "bob": "Bob, B.", "cid": "Cid"}
    lines = b"".join(sheets.people(made.people, names)).decode().splitlines()
    assert lines[0].startswith("person,images,objects,matched,agreement,f1,")
    assert lines[1].startswith("'=Ann,2,10,4,")
    assert lines[2].startswith('"Bob, B.",2,')
    assert lines[3].split(",")[-6:] == ["1", "0.4000", "1.0000", "0.0000", "1", "2"]
    pairs = b"".join(sheets.pairs(made.pairs, names)).decode().splitlines()
    assert pairs[3].startswith('\'=Ann,"Bob, B.",2,')
    labels = b"".join(sheets.labels(made.labels, {"car": "Car", "bus": "Bus"})).decode().splitlines()
    assert labels[1].endswith(",Bus: 2")
