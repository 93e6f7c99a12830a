"""The labels of a project: replaced as a whole, annotations follow, none is lost."""

import pytest

from server.domain.policy import OWNER
from server.errors import Conflict, InvalidProject, ProjectNotFound, VersionConflict
from server.features.projects.labels import Labels, NewLabel, have_label, have_labels, parse_labels
from server.storage.rows import labels as rows
from tests.answering import Answering, plain
from tests.unit.features.annotating import World, body

BLUE, RED = "#1f77b4", "#d62728"


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    world.labels = Answering(Labels(world.db, world.unit_of_work))
    yield world
    world.pools.close()
    world.db.close()


def put(world, labels, version=None):
    version = world.labels.of_project("default")["version"] if version is None else version
    return world.labels.replace(OWNER, "default", {"labels": labels, "version": version})


def used(world):
    return sorted(
        (each["label"], each["color"], each["version"]) for each in world.annotations.of_image(OWNER, "one")
    )


def test_a_list_is_kept_in_its_order(world):
    attributes = [
        {"name": "cut off", "type": "flag", "required": True},
        {"name": "make", "type": "choice", "choices": ["a", "b"]},
    ]
    made = put(world, [
        {"name": " car ", "color": "#1F77B4", "key": "C", "description": "with\nwheels", "attributes": attributes},
        {"name": "Car", "color": RED},
    ])  # fmt: skip
    assert [label["name"] for label in made["labels"]] == ["car", "Car"]
    first = made["labels"][0]
    assert (first["color"], first["key"], first["description"]) == (BLUE, "c", "with\nwheels")
    assert first["attributes"][1] == {
        "name": "make",
        "type": "choice",
        "required": False,
        "choices": ["a", "b"],
    }
    swapped = put(world, made["labels"][::-1])
    assert [label["id"] for label in swapped["labels"]] == [label["id"] for label in made["labels"][::-1]]
    assert swapped["version"] == made["version"] + 1
    assert world.labels.of_project("default") == swapped


def test_labels_have_groups_which_are_the_supercategories_of_files(world):
    with world.unit_of_work(OWNER) as work:
        have_labels(work, "default", [NewLabel("dog", source_id=18, supercategory=" an\timal")])
    first = world.labels.of_project("default")["labels"][0]
    assert first["group"] == "animal"
    listed = put(world, [first, {"name": "car", "color": RED, "group": " vehicle "}])["labels"]
    assert [each["group"] for each in listed] == ["animal", "vehicle"]
    kept = [{name: value for name, value in each.items() if name != "group"} for each in listed]
    assert [each["group"] for each in put(world, kept)["labels"]] == ["animal", "vehicle"]
    gone = put(world, [{**each, "group": ""} for each in listed])["labels"]
    assert [each["group"] for each in gone] == ["", ""]
    with pytest.raises(InvalidProject):
        parse_labels([{"name": "car", "color": RED, "group": "x" * 201}])


def test_more_labels_than_the_palette_has_have_colours_of_their_own(world):
    with world.unit_of_work(OWNER) as work:
        labels = have_labels(work, "default", [NewLabel(f"label {number}") for number in range(71)])
    assert len({label.color for label in labels.values()}) == 71


def test_a_label_keeps_the_id_of_the_dataset_it_came_with(world):
    """The first that a dataset gave it, and through changes of the list."""
    with world.unit_of_work(OWNER) as work:
        have_label(work, "default", "dog")
        have_labels(work, "default", [NewLabel("dog", source_id=18, supercategory="animal")])
        have_labels(work, "default", [NewLabel("dog", source_id=4)])
    (dog,) = world.labels.of_project("default")["labels"]
    put(world, [{"name": "cat", "color": RED}, {**dog, "name": "hound"}])
    with world.db.read() as session:
        kept = [
            (each.name, each.source_id, each.supercategory) for each in rows.of_project(session, "default")
        ]
    assert kept == [("cat", None, None), ("hound", 18, "animal")]


def test_of_two_who_change_it_the_second_is_told(world):
    before = world.labels.of_project("default")
    after = put(world, [{"name": "car", "color": BLUE}])
    with pytest.raises(VersionConflict) as raised:
        put(world, [], before["version"])
    assert plain(raised.value.details["current"]) == after


def test_annotations_follow_their_label(world):
    """They name it by its id: that it is called otherwise changes none of them."""
    world.annotations.create(OWNER, "one", body(label="dog"))
    world.annotations.create(OWNER, "one", body(id="annotation-2", label="cat"))
    dog, cat = world.labels.of_project("default")["labels"]
    swapped = put(world, [dog | {"name": "cat", "color": RED}, cat | {"name": "dog"}])
    assert [label["id"] for label in swapped["labels"]] == [dog["id"], cat["id"]]
    assert used(world) == [("cat", RED, 1), ("dog", BLUE, 1)]
    put(world, [dog | {"name": "cat", "color": RED, "key": "x"}, cat | {"name": "dog", "key": dog["key"]}])
    assert used(world) == [("cat", RED, 1), ("dog", BLUE, 1)]
    rewritten = put(world, [{"name": "dog", "color": BLUE}, {"name": "cat", "color": BLUE}])["labels"]
    assert [label["id"] for label in rewritten] == [cat["id"], dog["id"]]
    assert used(world) == [("cat", BLUE, 1), ("dog", BLUE, 1)]


def test_labels_become_one_but_none_is_lost(world):
    world.annotations.create(OWNER, "one", body(label="dog"))
    world.annotations.create(OWNER, "one", body(id="annotation-2", label="dgo"))
    dog, typo = world.labels.of_project("default")["labels"]
    with pytest.raises(Conflict, match='1 object has the label "dgo"'):
        put(world, [dog])
    put(world, [dog | {"replaces": [typo["id"]]}])
    assert [(label, version) for label, _, version in used(world)] == [("dog", 1), ("dog", 2)]
    assert len(world.labels.of_project("default")["labels"]) == 1


def test_ids_of_nobody_count_for_nothing(world):
    made = put(world, [{"id": "not-mine", "name": "car", "color": BLUE, "replaces": ["neither"]}])
    assert made["labels"][0]["id"] != "not-mine"
    with pytest.raises(ProjectNotFound):
        world.labels.of_project("gone")
    with pytest.raises(ProjectNotFound):
        world.labels.replace(OWNER, "gone", {"labels": [], "version": 1})


def test_keys_run_out_without_harm(world):
    for number in range(11):
        world.annotations.create(OWNER, "one", body(id=f"annotation-{number}", label=f"label {number}"))
    keys = [label["key"] for label in world.labels.of_project("default")["labels"]]
    assert keys == [*"123456789", None, None]


@pytest.mark.parametrize(
    "labels",
    [
        None,
        {},
        ["car"],
        [{"name": "car"}],
        [{"name": "", "color": BLUE}],
        [{"name": "a\0b", "color": BLUE}],
        [{"name": "x" * 101, "color": BLUE}],
        [{"name": 5, "color": BLUE}],
        [{"name": "car", "color": "red"}],
        [{"name": "car", "color": BLUE, "key": "10"}],
        [{"name": "car", "color": BLUE, "key": "0"}],
        [{"name": "car", "color": BLUE, "key": "\u00e9"}],
        [{"name": "car", "color": BLUE, "id": 7}],
        [{"name": "car", "color": BLUE, "replaces": "all"}],
        [{"name": "car", "color": BLUE}, {"name": "car ", "color": RED}],
        [{"name": "car", "color": BLUE, "key": "1"}, {"name": "cat", "color": RED, "key": "1"}],
        [{"name": "car", "color": BLUE, "attributes": [{"name": "a", "type": "date"}]}],
        [{"name": "car", "color": BLUE, "attributes": [{"name": "a", "type": "choice"}]}],
        [{"name": "car", "color": BLUE, "attributes": [{"name": "a", "type": "flag", "required": 1}]}],
        [{"name": "car", "color": BLUE, "attributes": [{"name": "a", "type": "flag", "choices": [1]}]}],
        [{"name": "car", "color": BLUE, "attributes": None}],
        [{"name": "car", "color": BLUE, "description": None}],
        [{"name": "car", "color": BLUE, "replaces": [None]}],
        [{"name": "car", "color": BLUE, "attributes": [{"name": "a", "type": "flag"}] * 2}],
        [{"name": "car", "color": BLUE, "attributes": [{"name": f"{n}", "type": "flag"} for n in range(51)]}],
        [{"name": f"{n}", "color": BLUE} for n in range(20_001)],
    ],
)
def test_what_is_no_list_of_labels_is_refused(labels):
    with pytest.raises(InvalidProject):
        parse_labels(labels)
