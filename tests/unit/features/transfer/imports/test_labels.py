"""Labels of files that a project calls otherwise: asked for once, and imported as they were answered."""

import pytest

from server.domain.policy import OWNER
from server.errors import BadRequest
from server.features.transfer.imports.jobs import parse_choices
from tests.unit.features.transfer.imports.importing import coco, write
from tests.unit.features.transfer.imports.packing import picture

CATEGORIES = [
    {"id": 1, "name": "hound", "supercategory": "animal"},
    {"id": 2, "name": "car"},
    {"id": 3, "name": "sky"},
]


@pytest.fixture
def files(world, tmp_path):
    data = coco("1.png", "2.png") | {"categories": CATEGORIES}
    data["annotations"][1]["category_id"] = 3
    return write(tmp_path / "in", {"1.png": picture(1), "2.png": picture(2), "a.json": data})


def have(world, *names):
    version = world.labels.of_project("p")["version"]
    labels = [{"name": name, "color": "#e69f00"} for name in names]
    world.labels.replace(OWNER, "p", {"labels": labels, "version": version})


def test_they_are_asked_for_and_answered(world, files):
    have(world, "dog", "car")
    asked = world.run(files, "coco", ask_labels=True)
    assert (asked["state"], asked["added"], asked["objects"]) == ("failed", 0, 0)
    assert asked["file_labels"] == [
        {"name": "hound", "objects": 1}, {"name": "sky", "objects": 1}, {"name": "car", "objects": 0},
    ]  # fmt: skip
    done = world.run(files, "coco", ask_labels=True, label_map={"hound": "dog", "sky": None})
    assert (done["state"], done["added"], done["objects"], done["file_labels"]) == ("done", 2, 1, None)
    assert [label["name"] for label in world.labels.of_project("p")["labels"]] == ["dog", "car"]
    made = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
    assert [(each["label"], each["color"]) for each in made] == [("dog", "#e69f00")]
    assert world.annotations.of_image(OWNER, world.images()["2.png"], "p") == []


def test_nothing_is_asked_where_there_is_no_choice(world, files):
    done = world.run(files, "coco", ask_labels=True)  # the project has no labels yet
    assert (done["state"], done["objects"]) == ("done", 2)
    again = world.run(files, "coco", ask_labels=True)  # now it has them all
    assert (again["state"], again["file_labels"]) == ("done", None)


@pytest.mark.parametrize("value", [[], {"a": 1}, {"a": ""}, {"a": "x" * 101}, {"a": "two\nlines"}])
def test_an_answer_names_labels(value):
    with pytest.raises(BadRequest):
        parse_choices({"label_map": value})
