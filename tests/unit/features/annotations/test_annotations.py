"""Annotations: repeatable creation, versions, validation, and news to watchers."""

import threading
from unittest.mock import ANY

import pytest

from server.domain.policy import OWNER
from server.errors import (
    AnnotationDeleted,
    AnnotationNotFound,
    Conflict,
    ImageNotFound,
    InvalidAnnotation,
    InvalidRLE,
    VersionConflict,
)
from tests.answering import plain
from tests.unit.features.annotating import HEIGHT, WIDTH, World, body, rle


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.pools.close()
    world.db.close()


def told(seq, **payload):
    """An event of the image "one", at any time."""
    return {
        "event": ANY, "project": "default", "seq": seq, "actor": "owner", "at": ANY, "image": "one", **payload,
    }  # fmt: skip


def test_create_measures_the_mask_and_tells_the_watchers(world):
    prompts = [
        {"kind": "point", "x": 4.5, "y": 5, "label": 1},
        {"kind": "mask", "token": 4},
        {"kind": "box", "box": [1, 2, 9, 8.5]},
        {"kind": "mask", "token": 1, "window": "2-10-3"},
    ]
    made, new = world.annotations.create(
        OWNER,
        "one",
        body(
            prompts=prompts,
            segmenter="mobile_sam",
            weights="ab" * 32,
            window="1-0-2",
            candidate=2,
            predicted_iou=0.9,
            stability_score=1,
        ),
    )
    assert new
    assert (made["area"], made["bbox"], made["version"]) == (24, [2, 3, 6, 4], 1)
    assert (made["prompts"], made["candidate"], made["predicted_iou"]) == (prompts, 2, 0.9)
    assert made["window"] == "1-0-2"
    assert made["rle"] == rle()
    assert made["created_at"] == made["updated_at"]
    assert made["created_at"].endswith("Z")
    assert world.news[0][:2] == ("labels:changed", None)
    assert world.news[1:] == [
        ("annotation:changed", "one", told(2, annotation=made)),
        ("image:changed", "one", told(3, state="in_progress")),
    ]
    assert world.annotations.get(OWNER, "annotation-1") == made
    assert world.annotations.of_image(OWNER, "one") == [made]
    assert world.annotations.of_image(OWNER, "two") == []


def test_the_server_makes_an_id_when_there_is_none(world):
    first, _ = world.annotations.create(OWNER, "one", body(id=None))
    second, _ = world.annotations.create(
        OWNER, "one", {key: value for key, value in body().items() if key != "id"}
    )
    assert len({first["id"], second["id"]}) == 2


def test_creating_again_is_no_second_annotation(world):
    first, _ = world.annotations.create(OWNER, "one", body())
    renamed = world.annotations.change(OWNER, "annotation-1", {"version": 1, "label": "cat"})
    again, new = world.annotations.create(OWNER, "one", body())
    assert not new
    assert again == renamed
    assert first["label"] == "dog"
    assert [news[0] for news in world.news].count("annotation:changed") == 2
    with pytest.raises(Conflict):
        world.annotations.create(OWNER, "two", body())


def test_creating_the_same_id_at_once_makes_one(world):
    results, barrier = [], threading.Barrier(5)

    def create():
        barrier.wait()
        results.append(world.annotations.create(OWNER, "one", body())[1])

    threads = [threading.Thread(target=create) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 4 + [True]
    assert len(world.annotations.of_image(OWNER, "one")) == 1


def test_what_the_server_gave_can_be_sent_back(world):
    made, _ = world.annotations.create(OWNER, "one", body())
    world.annotations.delete(OWNER, made["id"], 1)
    again, new = world.annotations.create(OWNER, "one", {**made, "version": 2})
    assert new
    own = {"created_at": 0, "updated_at": 0, "version": 0}
    assert {**again, **own} == {**made, **own}


def test_change_counts_versions(world):
    world.annotations.create(OWNER, "one", body())
    changed = world.annotations.change(
        OWNER, "annotation-1", {"version": 1, "label": " cat ", "color": "#ABCDEF"}
    )
    assert (changed["label"], changed["color"], changed["version"]) == ("cat", "#abcdef", 2)
    recolored = world.annotations.change(OWNER, "annotation-1", {"version": 2, "color": "#000000"})
    assert (recolored["color"], recolored["version"]) == ("#abcdef", 3)  # a colour is its label's
    reshaped = world.annotations.change(OWNER, "annotation-1", {"version": 3, "rle": rle(0, 0, 2, 2)})
    assert (reshaped["area"], reshaped["bbox"], reshaped["label"]) == (4, [0, 0, 2, 2], "cat")
    assert [news[0] for news in world.news].count("annotation:changed") == 4


def test_a_change_of_an_older_version_is_refused_with_the_current_one(world):
    world.annotations.create(OWNER, "one", body())
    current = world.annotations.change(OWNER, "annotation-1", {"version": 1, "label": "cat"})
    for attempt in (
        lambda: world.annotations.change(OWNER, "annotation-1", {"version": 1, "label": "cow"}),
        lambda: world.annotations.delete(OWNER, "annotation-1", 1),
        lambda: world.annotations.change(OWNER, "annotation-1", {"version": 2**63 - 1, "label": "cow"}),
    ):
        with pytest.raises(VersionConflict) as caught:
            attempt()
        assert plain(caught.value.answer())["error"]["current"] == current
    assert world.annotations.get(OWNER, "annotation-1") == current


def test_of_two_changes_at_once_one_wins(world):
    world.annotations.create(OWNER, "one", body())
    outcomes, barrier = [], threading.Barrier(4)

    def change(label):
        barrier.wait()
        try:
            world.annotations.change(OWNER, "annotation-1", {"version": 1, "label": label})
            outcomes.append("saved")
        except VersionConflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=change, args=(f"label {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["saved"]


def test_delete(world):
    world.annotations.create(OWNER, "one", body())
    world.annotations.delete(OWNER, "annotation-1", 1)
    assert world.news[-1] == ("annotation:deleted", "one", told(4, id="annotation-1", version=1))
    for attempt in (
        lambda: world.annotations.get(OWNER, "annotation-1"),
        lambda: world.annotations.delete(OWNER, "annotation-1", 1),
        lambda: world.annotations.change(OWNER, "annotation-1", {"version": 1, "label": "x"}),
    ):
        with pytest.raises(AnnotationNotFound):
            attempt()


def test_an_unknown_image(world):
    with pytest.raises(ImageNotFound):
        world.annotations.create(OWNER, "gone", body())
    with pytest.raises(ImageNotFound):
        world.annotations.of_image(OWNER, "gone")


BAD = {
    "no label": {"label": None},
    "empty label": {"label": "  "},
    "long label": {"label": "x" * 101},
    "control character": {"label": "a\nb"},
    "direction override": {"label": "a\u202eb"},
    "lone surrogate": {"label": "a\ud800"},
    "label of another kind": {"label": ["x"]},
    "label id of another kind": {"label_id": 7},
    "long label id": {"label_id": "x" * 37},
    "colour name": {"color": "red"},
    "colour with more": {"color": "#1f77b4;"},
    "short id": {"id": "x"},
    "id with path": {"id": "../../etc/passwd"},
    "id number": {"id": 12345678},
    "prompts object": {"prompts": {}},
    "unknown step": {"prompts": [{"kind": "lasso"}]},
    "step no object": {"prompts": [1]},
    "step kind list": {"prompts": [{"kind": []}]},
    "point nan": {"prompts": [{"kind": "point", "x": float("nan"), "y": 1, "label": 1}]},
    "point infinite": {"prompts": [{"kind": "point", "x": float("inf"), "y": 1, "label": 1}]},
    "point huge": {"prompts": [{"kind": "point", "x": 10**400, "y": 1, "label": 1}]},
    "point text": {"prompts": [{"kind": "point", "x": "1", "y": 1, "label": 1}]},
    "point label": {"prompts": [{"kind": "point", "x": 1, "y": 1, "label": 2}]},
    "point label true": {"prompts": [{"kind": "point", "x": 1, "y": 1, "label": True}]},
    "box of three": {"prompts": [{"kind": "box", "box": [1, 2, 3]}]},
    "mask token": {"prompts": [{"kind": "mask", "token": 5}]},
    "a mask first": {
        "prompts": [{"kind": "mask", "token": 1}, {"kind": "point", "x": 1, "y": 1, "label": 1}]
    },
    "too many steps": {"prompts": [{"kind": "mask", "token": 1}] * 1001},
    "candidate": {"candidate": 9},
    "candidate true": {"candidate": True},
    "score text": {"predicted_iou": "0.9"},
    "score nan": {"predicted_iou": float("nan")},
    "score far off": {"stability_score": 1e9},
    "segmenter path": {"segmenter": "../x"},
    "segmenter capitals": {"segmenter": "MobileSAM"},
    "segmenter number": {"segmenter": 1},
    "segmenter long": {"segmenter": "x" * 65},
    "window word": {"window": "auto"},
    "window level": {"window": "0-1-1"},
    "window of a mask": {
        "prompts": [
            {"kind": "point", "x": 1, "y": 1, "label": 1},
            {"kind": "mask", "token": 1, "window": "../x"},
        ]
    },
    "weights word": {"weights": "newest"},
    "weights short": {"weights": "ab" * 31},
    "weights capitals": {"weights": "AB" * 32},
    "weights number": {"weights": 0},
    "empty mask": {"rle": rle(0, 0, 0, 0)},
}


@pytest.mark.parametrize("name", BAD)
def test_bad_fields_are_refused(world, name):
    with pytest.raises(InvalidAnnotation):
        world.annotations.create(OWNER, "one", body(**BAD[name]))
    assert world.annotations.of_image(OWNER, "one") == []
    assert world.news == []


@pytest.mark.parametrize(
    "mask",
    [None, {}, [], "x", {"size": [WIDTH, HEIGHT], "counts": rle()["counts"]},
     {"size": [HEIGHT, WIDTH], "counts": ""}, {"size": [HEIGHT, WIDTH], "counts": "\u00e9"},
     {"size": [HEIGHT, WIDTH], "counts": "zzzz"},
     {"size": [HEIGHT, WIDTH], "counts": [1, 2]}, {"size": 5, "counts": "0"}, rle(size=(HEIGHT + 1, WIDTH))],
)  # fmt: skip
def test_bad_masks_are_refused(world, mask):
    with pytest.raises(InvalidRLE):
        world.annotations.create(OWNER, "one", body(rle=mask))
    assert world.annotations.of_image(OWNER, "one") == []


@pytest.mark.parametrize("missing", ["label", "color", "rle"])
def test_what_is_missing_is_named(world, missing):
    with pytest.raises(InvalidAnnotation, match=missing):
        world.annotations.create(
            OWNER, "one", {key: value for key, value in body().items() if key != missing}
        )


@pytest.mark.parametrize(
    "data",
    [{}, {"version": 1}, {"label": "x"}, {"version": "x", "label": "x"}, {"version": True, "label": "x"},
     {"version": 0, "label": "x"}, []],
)  # fmt: skip
def test_bad_changes_are_refused(world, data):
    made, _ = world.annotations.create(OWNER, "one", body())
    with pytest.raises(InvalidAnnotation):
        world.annotations.change(OWNER, "annotation-1", data)
    assert world.annotations.get(OWNER, "annotation-1") == made


def test_versions_go_on_after_a_deletion(world):
    world.annotations.create(OWNER, "one", body())
    world.annotations.delete(OWNER, "annotation-1", 1)
    with pytest.raises(AnnotationDeleted) as refused:  # the same request, sent again
        world.annotations.create(OWNER, "one", body())
    assert refused.value.details == {"version": 2}
    assert world.annotations.of_image(OWNER, "one") == []
    again, new = world.annotations.create(OWNER, "one", body(version=2))
    assert (again["version"], new) == (3, True)
    for stale in (1, 2):
        with pytest.raises(VersionConflict):
            world.annotations.change(OWNER, "annotation-1", {"version": stale, "label": "cat"})
    world.annotations.delete(OWNER, "annotation-1", 3)
    for version in (2, 4):  # what it was stays with its image
        with pytest.raises(Conflict):
            world.annotations.create(OWNER, "two", body(version=version))
    last, _ = world.annotations.create(OWNER, "one", body(version=4))
    assert last["version"] == 5
