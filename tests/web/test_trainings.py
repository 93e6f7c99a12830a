"""Training a segmenter on a project's objects by a job: what counts, what is refused, what comes of it."""

import io
import json

import pytest
from PIL import Image

from server.domain.policy import OWNER
from server.inference.training_set import read_set
from server.storage.rows import members
from tests.training import PAGE, WEIGHTS
from tests.web.test_openapi import SCHEMAS, check
from tests.web.training import (
    add,
    ended,
    estimate,
    folder,
    get,
    plan,
    post,
    set_state,
    start,
    trained,
    training_project,
    until,
)
from tests.web.working import Project

project = training_project


def test_a_segmenter_is_trained_measured_and_installed(project):
    run = start(project, label="dog", title="Street dogs", minutes=5)
    assert run["state"] in ("queued", "running")
    assert (run["base"], run["label"], run["minutes"]) == ("mobile_sam", "dog", 5)
    done = ended(project, run)
    check(SCHEMAS["TrainingDetails"], done, "")
    assert (done["state"], done["images"], done["objects"], done["title"]) == ("done", 6, 6, "Street dogs")
    assert [point["step"] for point in done["curve"]] == [0, 10, 20, 30, 40, 50, 60]
    assert done["curve"][1] == {"step": 10, "loss": 1.0, "validation": None}
    result = done["result"]
    assert (result["installed"], result["weights"], result["images"]) == (
        True,
        WEIGHTS,
        {"training": 5, "held_out": 1},
    )
    assert result["after"]["miou"][0] - result["before"]["miou"][0] == pytest.approx(0.05)
    installed = {each["id"]: each for each in project.ann.get("/api/segmenters").json["segmenters"]}
    assert (installed["streets_1"]["title"], installed["streets_1"]["weights"]) == ("Street dogs", WEIGHTS)
    listed = project.max.get(f"{project.path}/trainings").json
    check(SCHEMAS["TrainingList"], listed, "")
    assert [each["id"] for each in listed["trainings"]] == [run["id"]]
    assert "curve" not in listed["trainings"][0]
    assert sorted(path.name for path in folder(project, run).iterdir()) == [
        "images.json",
        "report.html",
        "request.json",
    ]
    asked = json.loads((folder(project, run) / "request.json").read_text())
    assert {name: asked[name] for name in ("base", "id", "what", "label", "minutes", "project")} == {
        "base": "mobile_sam",
        "id": "streets_1",
        "what": "tokens",
        "label": "dog",
        "minutes": 5,
        "project": project.id,
    }


def test_its_report_can_do_nothing(project):
    run = start(project)
    path = f"{project.path}/trainings/{run['id']}/report"
    plan(project, seconds=0.2)
    assert project.max.get(path).status_code == 404
    ended(project, run)
    answer = project.max.get(path)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, PAGE, "text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline';")
    assert "sandbox" in policy.split("; ")
    assert "script" not in policy


def test_what_counts(project):
    assert (estimate(project)["images"], estimate(project)["objects"]) == (6, 6)
    add(project, 0, "cat")
    add(project, 0, box=True)  # nothing but a box
    assert (estimate(project)["images"], estimate(project)["objects"]) == (6, 7)
    told = estimate(project, label="cat")
    assert (told["images"], told["objects"], told["to_encode"], told["least"]) == (1, 1, 1, 5)
    for number, state in ((1, "skipped"), (2, "attention"), (3, "done")):
        set_state(project, number, state)
    assert estimate(project)["images"] == 4
    start_refused = project.max.post(f"{project.path}/trainings", json={"what": "tokens", "id": "a"})
    assert start_refused.status_code == 409
    assert "at least 5 images with objects; there are 4" in start_refused.json["error"]["message"]


def test_the_set_is_what_people_segmented(project):
    add(project, 0, "cat")
    plan(project, seconds=0.5)
    run = start(project)
    until(project, run, lambda told: told["step"] == "training")
    found = read_set(folder(project, run) / "set")
    assert (found.segmenter, found.weights, len(found.images)) == (
        "mobile_sam",
        project.services.segmenters.find().weights,
        6,
    )
    assert [each.name for each in found.images] == [f"{n:03}.png" for n in range(6)]
    first = found.images[0]
    assert (first.width, first.height) == (40, 30)
    assert [(each.name, each.label) for each in first.objects] == [("dog 1", "dog"), ("cat 2", "cat")]
    assert found.embedding(first).tensors["image_tokens"].shape == (16, 8)
    assert len({each.group for each in found.images}) == 6
    with Image.open(found.folder / first.picture) as small:
        assert small.size == (40, 30)
    post(project, f"/{run['id']}/pause", 200)


def test_one_is_paused_and_goes_on(project):
    plan(project, seconds=0.1, steps=12)
    run = start(project)
    until(project, run, trained)
    paused = post(project, f"/{run['id']}/pause", 200)
    assert (paused["state"], paused["step"]) == ("paused", None)
    told = [point["step"] for point in paused["curve"]]
    assert told == list(range(0, 10 * len(told), 10))
    assert 1 < len(told) < 13
    plan(project, steps=12)
    post(project, f"/{run['id']}/resume")
    done = ended(project, run)
    assert [point["step"] for point in done["curve"]] == list(range(0, 130, 10))


def test_one_is_finished_early_with_the_best_so_far(project):
    plan(project, seconds=0.1, steps=500)
    run = start(project)
    until(project, run, trained)
    post(project, f"/{run['id']}/finish")
    done = ended(project, run)
    assert done["state"] == "done"
    assert 0 < done["result"]["steps"] < 5000
    assert done["result"]["installed"]


def test_what_is_no_better_is_not_installed(project):
    plan(project, better=-0.01)
    done = ended(project, start(project))
    assert (done["state"], done["result"]["installed"], done["result"]["weights"]) == ("done", False, None)
    assert done["result"]["reason"] == "It is no better on the held-out images."
    assert "streets_1" not in {each["id"] for each in project.max.get("/api/segmenters").json["segmenters"]}


def test_a_failed_one_says_why_and_can_be_resumed(project):
    plan(project, error="This takes a GPU.")
    run = start(project, what="decoder")
    failed = ended(project, run)
    assert (failed["state"], failed["error"]["message"]) == ("failed", "This takes a GPU.")
    plan(project)
    assert post(project, f"/{run['id']}/resume")["error"] is None
    assert ended(project, run)["state"] == "done"
    assert "has finished" in post(project, f"/{run['id']}/resume", 409)["error"]["message"]


def test_one_whose_program_dies_or_cannot_be_started_failed(project):
    project.services.trainer.command = ("python3", "-c", "import os; os._exit(9)")
    assert "stopped unexpectedly" in ended(project, start(project))["error"]["message"]
    project.services.trainer.command = ("/none",)
    run = post(project, what="tokens", id="b")
    assert "could not be started" in ended(project, run)["error"]["message"]


def test_ids_of_others_are_not_taken(project, make_picture):
    done = ended(project, start(project))
    assert done["result"]["installed"]
    again = start(project)  # one's own is replaced
    assert ended(project, again)["state"] == "done"
    for taken in ("mobile_sam", "sam2_hiera_tiny"):
        refused = post(project, status=409, what="tokens", id=taken)
        assert refused["error"]["hint"]
    made = project.services.projects.create(OWNER, {"name": "Another"})
    files = [io.BytesIO(make_picture(seed=number)) for number in range(6)]
    images = [project.services.uploads.add(OWNER, file, "a.png", made.id)[0].id for file in files]
    other = Project(project.app, made.id, images, project.clients)
    with project.services.db.write() as session:
        members.put(session, made.id, project.max.account, "manager")
    for number in range(6):
        add(other, number)
    assert "already" in post(other, status=409, what="tokens", id="streets_1")["error"]["message"]


def test_one_at_a_time_in_a_project(project):
    plan(project, seconds=0.2, steps=100)
    run = start(project)
    assert "already running" in post(project, status=409, what="tokens", id="b")["error"]["message"]
    assert project.max.delete(f"{project.path}/trainings/{run['id']}").status_code == 204
    assert get(project, run)["error"]["code"] == "not_found"
    assert not folder(project, run).exists()
    assert start(project)["state"] in ("queued", "running")


def test_one_that_another_process_begins_meanwhile_is_the_only_one(project, monkeypatch):
    plan(project, seconds=0.2, steps=100)
    trainings = project.services.trainings
    check = trainings._check_id

    def meanwhile(*arguments):
        monkeypatch.setattr(trainings, "_check_id", check)
        start(project)

    monkeypatch.setattr(trainings, "_check_id", meanwhile)
    assert "already running" in post(project, status=409, what="tokens", id="b")["error"]["message"]


def test_what_cannot_be_is_refused_before_anything_starts(project):
    refusals = {
        "thing to train": {"what": "encoder"},
        "lower-case": {"id": "Streets"},
        "no label": {"label": "cow"},
        "minutes": {"minutes": 0},
        "no segmenter": {"segmenter": "none"},
    }
    for words, body in refusals.items():
        answer = project.max.post(
            f"{project.path}/trainings", json={"what": "tokens", "id": "streets_1", **body}
        )
        assert answer.status_code in (400, 404), answer.json
        assert words in answer.json["error"]["message"], answer.json
    project.services.trainings.packages = ("no_such_package",)
    answer = post(project, status=503, what="tokens", id="streets_1")
    assert 'pip install "samphire[export]"' in answer["error"]["hint"]
    assert estimate(project)["needs"] == 'pip install "samphire[export]"'
    assert project.max.get(f"{project.path}/trainings").json["trainings"] == []
    assert project.rev.get(f"{project.path}/trainings").status_code == 403


def test_how_long_it_takes_is_at_the_pace_of_the_last(project):
    first = estimate(project, what="tokens")
    assert (first["measured"], first["seconds"] >= 150) == (False, True)
    capped = estimate(project, what="tokens", minutes=1)
    assert first["seconds"] - capped["seconds"] == pytest.approx(150 * 2.0 - 60)
    ended(project, start(project))
    # 10 s for 60 steps, 2.5 s for a held-out object; 150 steps and two objects of two images, and six to be encoded
    assert estimate(project, what="tokens")["measured"]
    assert estimate(project, what="tokens")["seconds"] == pytest.approx(25 + 2 * 2.5 + 6)
    assert not estimate(project, what="decoder")["measured"]
