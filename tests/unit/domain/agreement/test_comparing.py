"""Several people's objects: who has the same, how alike, and the sums of that."""

import time

import numpy as np
import pytest

from server.domain.agreement.comparing import Pair, compare, groups
from server.domain.agreement.differences import BOTH, FIRST_ONLY, OTHER_LABEL, SECOND_ONLY, differences
from server.domain.agreement.instances import Instance
from server.domain.agreement.tallies import tally, total
from server.domain.runs import Window, clip, tight, write_window
from tests.unit.domain.agreement.drawn import box

SIZE = (100, 80)
PEOPLE = {
    "ann": [box("a1", 0, 0, 20, 20), box("a2", 50, 50, 10, 10, "bus"), box("a3", 80, 0, 9, 9)],
    "bob": [box("b1", 0, 0, 20, 16), box("b2", 50, 50, 10, 10)],
    "cid": [],
}


def test_two_by_two_they_are_matched_and_measured():
    pairs = compare(PEOPLE, *SIZE)
    assert [(pair.first, pair.second) for pair in pairs] == [("ann", "bob"), ("ann", "cid"), ("bob", "cid")]
    [first, second] = pairs[0].matches
    assert (first.first.id, first.second.id, first.iou) == ("a1", "b1", pytest.approx(0.8))
    assert first.dice == pytest.approx(2 * 320 / (400 + 320))
    # bands of 3 pixels, of 400 - 14 * 14 and 320 - 14 * 10; common: three rows, the sides of ten more, of three more
    common = 3 * 20 + 10 * 6 + 3 * 6
    assert first.boundary_iou == pytest.approx(common / (204 + 180 - common))
    assert (second.first.id, second.iou, second.boundary_iou) == ("a2", 1, 1)


def test_figures_of_a_pair_add_up():
    found = tally(PEOPLE, compare(PEOPLE, *SIZE)[0])
    assert (found.objects, found.matched, found.same_label) == (5, 2, 1)
    assert found.f1 == pytest.approx(4 / 5)
    assert found.iou == pytest.approx(0.9)
    assert found.quality == pytest.approx(2 * 0.8 / 5)
    assert found.labels == {"car", "bus"}
    car = found.of_label("car")
    assert (car.objects, car.matched, car.f1, car.iou) == (4, 1, 0.5, pytest.approx(0.8))
    assert found.of_label("bus").f1 == 0
    twice = total([found, found])
    assert (twice.objects, twice.matched, twice.f1) == (10, 4, found.f1)
    assert found.objects == 5


def test_labels_that_agree_as_if_by_chance():
    """Of two matches one has the same label: 1 - 3 * 2 / (16 - 9 - 1)."""
    found = tally(PEOPLE, compare(PEOPLE, *SIZE)[0])
    assert found.alpha == pytest.approx(0)
    assert found.alpha_of("bus") == found.alpha_of("car") == pytest.approx(0)
    assert found.of_label("car").alpha is None


def test_who_has_nothing_agrees_with_nobody_but_with_who_has_nothing():
    people = {"ann": PEOPLE["ann"], "cid": [], "dan": []}
    ann, _, nobody = (tally(people, pair) for pair in compare(people, *SIZE))
    assert (ann.f1, ann.iou, ann.quality) == (0, None, 0)
    assert (nobody.f1, nobody.iou, nobody.quality) == (None, None, 1)


def test_objects_of_all_are_grouped_the_most_alike_first():
    people = {
        "ann": [box("a1", 0, 0, 20, 20)],
        "bob": [box("b1", 0, 0, 20, 18), box("b2", 0, 0, 20, 15)],
        "cid": [box("c1", 0, 0, 20, 16), box("c2", 60, 0, 20, 20)],
    }
    found = groups(people, compare(people, *SIZE, boundaries=False))
    ids = sorted(sorted(each.id for each in group.members.values()) for group in found)
    assert ids == [["a1", "b1"], ["b2", "c1"], ["c2"]]


def test_no_group_has_two_objects_of_one_person():
    people = {who: [box(f"{who}{n}", 0, n, 30, 30) for n in range(6)] for who in ("ann", "bob", "cid")}
    found = groups(people, compare(people, *SIZE, boundaries=False))
    assert sorted(len(group.members) for group in found) == [3] * 6
    assert sum(len(group.members) for group in found) == 18


def test_ids_of_two_people_may_be_equal():
    people = {"ann": [box("x", 0, 0, 20, 20)], "bob": [box("x", 0, 0, 20, 20)]}
    [group] = groups(people, compare(people, *SIZE))
    assert sorted(group.members) == ["ann", "bob"]


def test_a_picture_shows_where_two_differ():
    [pair] = compare({"ann": PEOPLE["ann"], "bob": PEOPLE["bob"]}, *SIZE)
    picture = differences(PEOPLE["ann"], PEOPLE["bob"], pair.matches, *SIZE, 100)

    def color(x: int, y: int) -> str | None:
        return "#" + bytes(picture[y, x, :3]).hex() if picture[y, x, 3] else None

    assert picture.shape == (80, 100, 4)
    assert color(5, 5) == BOTH
    assert color(5, 18) == FIRST_ONLY
    assert color(55, 55) == OTHER_LABEL
    assert color(84, 4) == FIRST_ONLY
    assert color(40, 40) is None
    turned = differences(PEOPLE["bob"], PEOPLE["ann"], [], *SIZE, 50)
    assert turned.shape == (40, 50, 4)
    assert "#" + bytes(turned[1, 41, :3]).hex() == SECOND_ONLY


def test_three_people_with_hundreds_of_objects_of_a_large_photograph_take_little_time():
    random = np.random.default_rng(5)
    ys, xs = np.mgrid[:160, :240]

    def drawn(name: str, number: int) -> Instance:
        row, column = divmod(number, 16)
        shift = random.integers(-6, 7, 2)
        radius = 62 + random.integers(0, 9) * np.sin(np.arctan2(ys - 80, xs - 120) * 5)
        mask = ((ys - 80) / radius) ** 2 + ((xs - 120) / radius) ** 2 <= 1
        window = tight(clip(Window(mask, 250 * column + shift[0], 220 * row + shift[1]), 4000, 3000))
        around = (int(window.x), int(window.y), window.mask.shape[1], window.mask.shape[0])
        return Instance(
            f"{name}{number}", "car", write_window(window, 4000, 3000), around, int(window.mask.sum())
        )

    people = {who: [drawn(who, number) for number in range(200)] for who in ("ann", "bob", "cid")}
    began = time.process_time()
    pairs = compare(people, 4000, 3000)
    found = groups(people, pairs)
    assert time.process_time() - began < 5  # 0.3 s where nothing else runs
    assert [len(pair.matches) for pair in pairs] == [200] * 3
    assert {len(group.members) for group in found} == {3}


def test_a_pair_of_nobody_has_no_matches():
    assert compare({}, *SIZE) == compare({"ann": []}, *SIZE) == []
    assert groups({"ann": [], "bob": []}, [Pair("ann", "bob", [])]) == []
