"""Everything on images by a job: objects of a label or proposals, what is left alone, how it is undone."""

import io
import json
import threading
import zipfile

import gevent
import numpy as np
import pytest

from server.domain.runs import Window
from server.features.mask_runs import automatic
from server.features.mask_runs.making import MASKS
from server.features.prediction.scenes import Scenes
from server.inference.automask_types import AutomaticMask, Stopped
from server.storage.tables import MaskRun, ProposalSet
from tests.web.test_masks_of_boxes import add, ended, listed, post
from tests.web.working import make_project


class Generator:
    """Finds a large square and a small one on it. `before`: called with each image, in the native thread."""

    def __init__(self):
        self.calls, self.settings, self.before = 0, None, lambda: None

    def __call__(self, decoder, view, size, settings, *, stopped, **_):
        self.calls += 1
        self.settings = settings
        self.before()
        if stopped():
            raise Stopped
        small, large = (Window(np.ones((side, side), bool), 5, 5) for side in (6, 20))
        return [
            AutomaticMask.of(small, size, 0.97, 0.99, (8.0, 8.0), (0, 0, 24, 20)),
            AutomaticMask.of(large, size, 0.95, 0.98, (15.0, 15.0), (0, 0, *size)),
        ]


@pytest.fixture
def generator(monkeypatch):
    made = Generator()
    monkeypatch.setattr(automatic, "automatic_masks", made)
    monkeypatch.setattr(Scenes, "open_automatic", lambda *_: (None, None))
    monkeypatch.setattr(Scenes, "have_ready", lambda *_: None)
    return made


@pytest.fixture
def project(make_app, make_picture, generator):
    made = make_project(
        make_app(team=True), make_picture, images=4, max="manager", ann="annotator", rita="reviewer"
    )
    made.services.queue.start()
    return made


def run(project, **asked):
    post(project, "automatic", 202, **asked)
    return ended(project)["run"]


def proposals(project, number):
    return project.max.get(f"{project.path}/images/{project.images[number]}/proposals").json


def test_with_a_label_they_are_objects_and_tell_how_they_were_made(project, generator):
    mine = add(project, 1)
    done = run(project, label="thing", points_per_side=8, fast=False)
    assert (done["kind"], done["state"], done["done"], done["objects"]) == ("automatic", "done", 3, 6)
    assert (generator.settings.points_per_side, generator.settings.fast) == (8, False)
    assert listed(project, 1) == {mine["id"]: mine}
    large, small = sorted(listed(project).values(), key=lambda each: each["z"])
    assert (large["area"], small["area"], small["bbox"]) == (400, 36, [5, 5, 6, 6])
    assert small["prompts"] == [{"kind": "point", "x": 8, "y": 8, "label": 1, "crop_box": [0, 0, 24, 20]}]
    assert large["prompts"] == [{"kind": "point", "x": 15, "y": 15, "label": 1}]
    assert (small["label"], small["segmenter"]) == ("thing", "mobile_sam")
    assert (small["predicted_iou"], small["stability_score"]) == (0.97, 0.99)
    assert done["label"] == small["label_id"]
    told = project.events("annotations:segmented")
    assert sorted(each["image"] for each in told) == sorted(project.images[i] for i in (0, 2, 3))


def test_sa1b_tells_the_same(project):
    run(project, label="thing")
    answer = project.max.get(f"{project.path}/export/sa1b?image={project.images[0]}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        exported = json.loads(archive.read("000.json"))
    large, small = exported["annotations"]
    assert small["point_coords"] == [[8, 8]]
    assert (small["predicted_iou"], small["stability_score"]) == (0.97, 0.99)
    assert (small["crop_box"], large["crop_box"]) == ([0, 0, 24, 20], [0, 0, 40, 30])
    assert small["segmentation"]["size"] == [30, 40]
    assert large["area"] == 400


def test_without_a_label_they_are_proposals(project):
    done = run(project)
    assert (done["objects"], done["done"], done["label"]) == (8, 4, None)
    assert listed(project) == {}
    told = proposals(project, 0)
    assert (len(told["proposals"]), told["ahead"], told["segmenter"]) == (2, True, "mobile_sam")
    assert told["proposals"][0]["point"] == [8, 8]
    assert run(project)["done"] == 0  # all have some


def test_it_is_undone_but_for_what_was_changed_since(project):
    done = run(project, label="thing")
    kept = next(iter(listed(project).values()))
    path = f"/api/annotations/{kept['id']}?project={project.id}"
    assert project.max.patch(path, json={"version": 1, "z": 9}).status_code == 200
    post(project, f"{done['id']}/undo")
    assert ended(project)["run"] is None
    assert list(listed(project)) == [kept["id"]]
    assert [listed(project, number) for number in (1, 2, 3)] == [{}] * 3
    proposed = run(project)
    post(project, f"{proposed['id']}/undo")
    assert ended(project)["run"] is None
    assert proposals(project, 1)["proposals"] == []


def test_finished_images_stay(project):
    for number in (0, 1):
        image = f"{project.path}/images/{project.images[number]}"
        assert project.max.patch(image, json={"state": ("done", "skipped")[number]}).status_code == 200
    assert run(project, label="thing")["done"] == 2


def test_it_is_paused_within_an_image_and_resumed(project, generator):
    begun, goes_on = threading.Event(), threading.Event()

    def hold():
        if generator.calls == 2:
            begun.set()
            goes_on.wait(20)

    generator.before = hold
    run_id = post(project, "automatic", 202, label="thing")["run"]["id"]
    while not begun.is_set():
        gevent.sleep(0.01)
    paused = post(project, f"{run_id}/pause")["run"]
    goes_on.set()
    assert (paused["state"], paused["done"], paused["total"]) == ("paused", 1, 4)
    post(project, f"{run_id}/resume", 202)
    done = ended(project)["run"]
    assert (done["state"], done["done"], done["objects"], generator.calls) == ("done", 4, 8, 5)
    assert [len(listed(project, number)) for number in range(4)] == [2] * 4


def test_a_job_that_was_left_goes_on_in_the_next_process(project, make_app, generator):
    generator.before = lambda: project.services.queue.abandon() if generator.calls == 3 else None
    post(project, "automatic", 202, label="thing")
    gevent.sleep(1)
    project.services.close()
    generator.before = lambda: None
    again = make_app(team=True).extensions["samphire"]
    again.queue.start()
    again.queue.wait((MASKS, project.id), 20)
    done = again.mask_runs.standing(project.id).run
    assert (done.state, done.done, done.objects) == ("done", 4, 8)


def test_what_is_asked_for_must_make_sense(project):
    for asked in ({"points_per_side": 0}, {"pred_iou_thresh": 2}, {"label": ""}, {"labels": "x"}):
        post(project, "automatic", 400, **asked)
    assert project.ann.post(f"{project.path}/mask-runs/automatic", json={}).status_code == 403
    assert project.max.patch(project.path, json={"settings": {"annotators_per_image": 2}}).status_code == 200
    post(project, "automatic", 409, label="thing")


def ahead(project, wanted=True):
    change = {"settings": {"propose_ahead": wanted}}
    assert project.max.patch(project.path, json=change).status_code == 200
    project.services.ahead.look()
    return ended(project)["run"]


def test_a_project_has_the_masks_of_new_images_proposed_ahead(project, make_picture, generator):
    project.services.ahead.look()
    assert ended(project)["run"] is None  # nobody wants it
    first = ahead(project)
    assert (first["state"], first["done"], first["account"], generator.settings.fast) == (
        "done",
        4,
        None,
        True,
    )
    assert proposals(project, 0)["ahead"]

    file = (io.BytesIO(make_picture(size=(44, 33), seed=9)), "new.png")
    added = project.max.post(f"{project.path}/images", data={"file": file})
    assert added.status_code == 201, added.json
    project.services.ahead.look()
    again = ended(project)["run"]
    assert (again["id"], again["state"], again["done"]) == (first["id"], "done", 5)

    post(project, f"{again['id']}/undo")
    assert ended(project)["run"] is None
    assert project.max.get(project.path).json["settings"]["propose_ahead"] is False
    project.services.ahead.look()
    assert ended(project)["run"] is None
    assert proposals(project, 0)["proposals"] == []


def test_other_weights_propose_again(project):
    """As after a training; what a person asked for stays."""
    first = ahead(project)
    with project.services.db.write() as session:
        mine, *others = session.query(ProposalSet).order_by(ProposalSet.image_id)
        for each in (mine, *others):
            each.weights = "0" * 64
        mine.ahead = False
        row = session.get(MaskRun, first["id"])
        row.settings = {**row.settings, "weights": "0" * 64}
    project.services.ahead.look()
    again = ended(project)["run"]
    assert (again["id"] != first["id"], again["done"]) == (True, 3)
    with project.services.db.read() as session:
        left = {each.id for each in session.query(ProposalSet).where(ProposalSet.weights == "0" * 64)}
    assert left == {mine.id}
    project.services.ahead.look()
    assert ended(project)["run"]["id"] == again["id"]


def test_what_a_person_paused_is_not_gone_on_with(project, generator):
    begun, goes_on = threading.Event(), threading.Event()

    def hold():
        begun.set()
        goes_on.wait(20)

    generator.before = hold
    project.max.patch(project.path, json={"settings": {"propose_ahead": True}})
    project.services.ahead.look()
    while not begun.is_set():
        gevent.sleep(0.01)
    run_id = project.max.get(f"{project.path}/mask-runs").json["run"]["id"]
    post(project, f"{run_id}/pause")
    goes_on.set()
    assert ended(project)["run"]["state"] == "paused"
    project.services.ahead.look()
    assert ended(project)["run"]["state"] == "paused"
    post(project, f"{run_id}/resume", 202)
    assert ended(project)["run"]["done"] == 4


def to_state(project, number, state):
    image = f"{project.path}/images/{project.images[number]}"
    assert project.max.patch(image, json={"state": state}).status_code == 200


def test_what_is_finished_while_it_runs_stays_as_it_is(project, generator):
    generator.before = lambda: to_state(project, 3, "done") if generator.calls == 1 else None
    assert run(project, label="thing")["done"] == 3
    assert listed(project, 3) == {}


def test_undoing_leaves_what_a_reviewer_accepted(project):
    done = run(project, label="thing")
    assert project.max.patch(project.path, json={"settings": {"review": True}}).status_code == 200
    image = f"{project.path}/images/{project.images[0]}"
    assert project.ann.patch(image, json={"state": "done"}).status_code == 200
    accepted = project.rita.post(f"{image}/review", json={"decision": "accept"})
    assert accepted.status_code == 200, accepted.json
    post(project, f"{done['id']}/undo")
    assert ended(project)["run"] is None
    assert [len(listed(project, number)) for number in range(4)] == [2, 0, 0, 0]


def test_nothing_more_is_proposed_ahead_once_that_is_not_wanted(project, generator):
    def no_more():
        if generator.calls == 2:
            project.max.patch(project.path, json={"settings": {"propose_ahead": False}})

    generator.before = no_more
    first = ahead(project)
    assert (first["state"], first["done"]) == ("done", 2)
    assert ahead(project)["done"] == 4
