"""Which images teach and which judge: as people have chosen, alike ones together, the same each time."""

import pytest

from server.errors import InvalidDataset
from server.inference.training_plan import MOST_HELD_OUT, shares
from server.inference.training_set import TrainingImage
from server.lab.learning.splitting import split


def images(count, parts=None, groups=None):
    return [
        TrainingImage(
            str(n), 4, 3, "", None, (), part=(parts or {}).get(n), group=(groups or {}).get(n, 1000 + n)
        )
        for n in range(count)
    ]


def names(part):
    return {image.name for image in part}


def sides(found):
    return {
        image.name: side
        for side, part in enumerate((found.training, found.validation, found.held_out))
        for image in part
    }


def test_every_image_is_somewhere_and_the_sides_are_as_large_as_foreseen():
    for count in (5, 6, 20, 100):
        found = split(images(count), 0)
        assert len(sides(found)) == count
        assert tuple(map(len, (found.training, found.validation, found.held_out))) == shares([None] * count)


def test_it_stays_as_it_was_while_images_are_added():
    before, after = (split(images(count), 0) for count in (80, 88))
    assert len(names(before.held_out) - names(after.held_out)) <= 2
    assert names(split(images(80), 1).held_out) != names(before.held_out)


def test_what_people_chose_is_kept():
    parts = {n: "held_out" if n % 4 == 0 else "training" for n in range(24)}
    found = split(images(40, parts), 0)
    assert {str(n) for n in range(0, 24, 4)} <= names(found.held_out)
    learning = names(found.training) | names(found.validation)
    assert {str(n) for n in range(24) if n % 4} <= learning
    assert len(names(found.held_out)) == 6 + 4  # a quarter of those that nobody chose for anything
    assert found.validation


def test_of_too_many_that_are_held_out_the_others_are_not_trained_on():
    parts = dict.fromkeys(range(70), "held_out")
    found = split(images(80, parts), 0)
    assert len(found.held_out) == MOST_HELD_OUT
    assert names(found.held_out) <= {str(n) for n in range(70)}
    assert len(found.training) + len(found.validation) == 10


def test_where_all_are_to_be_trained_on_some_judge_all_the_same():
    parts = dict.fromkeys(range(12), "training")
    assert sides(split(images(12, parts), 0)) == sides(split(images(12), 0))


def test_nothing_is_trained_on_what_is_held_out():
    with pytest.raises(InvalidDataset, match="val or test split"):
        split(images(6, dict.fromkeys(range(6), "held_out")), 0)


def test_alike_ones_are_on_one_side():
    groups = {n: n // 3 for n in range(60)}
    found = sides(split(images(60, groups=groups), 0))
    assert len(found) == 60
    for first in range(0, 60, 3):
        assert len({found[str(n)] for n in range(first, first + 3)}) == 1
    assert sum(side == 2 for side in found.values()) == 15


def test_alike_ones_go_with_what_people_chose():
    parts = {0: "held_out", 3: "training", 6: "held_out", 7: "training"}
    found = sides(split(images(30, parts, {n: n // 3 for n in range(9)}), 0))
    assert [found[str(n)] == 2 for n in range(9)] == [
        True, True, True, False, False, False, True, False, True,
    ]  # fmt: skip


def test_pairs_of_the_fewest_images_leave_some_on_each_side():
    for seed in range(20):
        found = split(images(5, groups={0: 0, 1: 0, 2: 1, 3: 1}), seed)
        assert found.training
        assert found.validation
        assert found.held_out
