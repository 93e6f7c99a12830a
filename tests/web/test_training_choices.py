"""What a training learns from and is judged by: whose masks count, what people chose images for, what is deleted."""

import json
from datetime import timedelta

import gevent
import pytest
from sqlalchemy import update

from server.domain.policy import OWNER
from server.errors import DatabaseBusy
from server.features.mask_runs.making import MASKS
from server.inference.training_set import read_set
from server.runtime.queue import inprocess
from server.storage.tables import MaskRun, ProjectImage, now
from tests.web.segmenting import with_ellipses
from tests.web.test_automatic_masks import generator
from tests.web.training import (
    PATIENCE_S,
    add,
    ended,
    estimate,
    folder,
    get,
    plan,
    post,
    set_state,
    start,
    training_project,
    until,
)

project, generator = training_project, generator


def make_masks(project, kind, **asked):
    answer = project.max.post(f"{project.path}/mask-runs/{kind}", json=asked)
    assert answer.status_code == 202, answer.json
    project.services.queue.wait((MASKS, project.id), PATIENCE_S)


def forget_runs(project):
    """As a month later."""
    with project.services.db.write() as session:
        session.execute(update(MaskRun).values(ended_at=now() - timedelta(days=31)))
    project.services.janitor.clean()
    assert project.max.get(f"{project.path}/mask-runs").json["run"] is None


def test_what_a_job_drew_counts_once_a_person_is_done_with_it(project, generator):
    make_masks(project, "automatic", label="thing")  # on the two images without an object
    assert estimate(project)["images"] == 6
    forget_runs(project)
    assert estimate(project)["images"] == 6
    set_state(project, 6, "done")
    assert (estimate(project)["images"], estimate(project)["objects"]) == (7, 8)
    path = f"{project.path}/images/{project.images[7]}/annotations"
    drawn = project.max.get(path).json["annotations"][0]
    change = {"version": drawn["version"], "label": "dog"}
    assert (
        project.max.patch(f"/api/annotations/{drawn['id']}?project={project.id}", json=change).status_code
        == 200
    )
    assert (estimate(project)["images"], estimate(project)["objects"]) == (8, 9)


def test_so_do_masks_of_boxes(project, monkeypatch):
    with_ellipses(monkeypatch)
    add(project, 6, "box", box=True)
    make_masks(project, "boxes")
    assert estimate(project, label="box")["objects"] == 0
    forget_runs(project)
    assert estimate(project, label="box")["objects"] == 0
    set_state(project, 6, "done")
    assert estimate(project, label="box")["objects"] == 1


def put_into(project, split, *numbers):
    with project.services.db.write() as session:
        chosen = [project.images[number] for number in numbers]
        session.execute(update(ProjectImage).where(ProjectImage.image_id.in_(chosen)).values(split=split))


def test_what_people_chose_an_image_for_goes_into_the_set(project):
    put_into(project, "train", 0)
    put_into(project, "val", 1)
    put_into(project, "test", 2)
    plan(project, seconds=0.5)
    run = start(project)
    until(project, run, lambda told: told["step"] == "training")
    parts = [image.part for image in read_set(folder(project, run) / "set").images]
    assert parts == ["training", "held_out", "held_out", None, None, None]
    post(project, f"/{run['id']}/pause", 200)


def test_where_nearly_all_is_held_out_nothing_is_trained(project):
    put_into(project, "test", *range(5))
    refused = post(project, status=409, what="tokens", id="streets_1")
    assert "left to train on: the others are in the val or test split" in refused["error"]["message"]


def test_one_image_alone_judges_nothing(project):
    put_into(project, "train", *range(5))
    refused = post(project, status=409, what="tokens", id="streets_1")
    assert "at least 2 images with objects to judge the result by; there is 1." in refused["error"]["message"]


def test_what_an_older_version_gathered_is_gathered_anew(project):
    plan(project, seconds=0.1, steps=30)
    run = start(project)
    until(project, run, lambda told: told["step"] == "training" and told["part"] > 0)
    (folder(project, run) / "plan.json").write_text("{}")
    post(project, f"/{run['id']}/pause", 200)
    described = folder(project, run) / "set" / "set.json"
    older = json.loads(described.read_text("utf-8"))
    for image in older["images"]:
        del image["group"]
    described.write_text(json.dumps(older), "utf-8")
    post(project, f"/{run['id']}/resume")
    assert ended(project, run)["state"] == "done"


def test_deleted_for_good_an_image_is_in_no_report(project):
    first = ended(project, start(project))
    assert len(first["result"]["worst"]) == 1
    gone = project.images[0]
    report = f"{project.path}/trainings/{first['id']}/report"
    (folder(project, first) / "result.json").write_text("{}")  # as the program that trains does
    assert project.max.delete(f"{project.path}/images/{gone}").status_code in (200, 204)
    project.services.janitor.clean()
    assert project.max.get(report).status_code == 200  # it may be restored
    later = ended(project, start(project, id="streets_2"))
    assert project.max.post(f"{project.path}/trash/delete", json={"ids": [gone]}).status_code == 200
    project.services.janitor.clean()
    assert project.max.get(report).status_code == 404
    assert [path.name for path in folder(project, first).iterdir()] == ["request.json"]
    told = get(project, first)["result"]
    assert (told["worst"], told["installed"]) == ([], True)
    assert project.max.get(f"{project.path}/trainings/{later['id']}/report").status_code == 200
    assert len(get(project, later)["result"]["worst"]) == 1


def test_a_paused_one_gathers_its_images_anew_once_one_is_deleted(project):
    add(project, 6)
    plan(project, seconds=0.1, steps=30)
    run = start(project)
    until(project, run, lambda told: told["step"] == "training" and told["part"] > 0)
    for name in ("plan.json", "checkpoint.pt"):
        (folder(project, run) / name).write_text("{}")  # as the program that trains does
    post(project, f"/{run['id']}/pause", 200)
    project.max.delete(f"{project.path}/images/{project.images[0]}")
    project.max.post(f"{project.path}/trash/delete", json={"all": True})
    project.services.janitor.clean()
    assert not (folder(project, run) / "set").exists()
    plan(project, seconds=0.1, steps=30)
    post(project, f"/{run['id']}/resume")
    until(project, run, lambda told: told["step"] == "training" and told["part"] > 0)
    assert not (folder(project, run) / "checkpoint.pt").exists()  # which knows images that are held out now
    done = ended(project, run)
    assert (done["state"], done["images"]) == ("done", 6)


def test_a_project_that_is_forgotten_takes_its_trainings_along(project):
    run = ended(project, start(project))
    kept = folder(project, run)
    assert kept.is_dir()
    project.services.projects.delete(OWNER, project.id)
    project.services.janitor.forget_deleted()
    assert not kept.exists()


@pytest.mark.parametrize("when", ["images", "result"])
def test_a_busy_database_is_waited_for(project, monkeypatch, when):
    monkeypatch.setattr(inprocess, "_REST_SECONDS", 0.01)
    trainer = project.services.trainer
    store, refused = trainer._store, []

    def busy_once(run_id, **values):
        if when in values and not refused:
            refused.append(run_id)
            raise DatabaseBusy
        store(run_id, **values)

    monkeypatch.setattr(trainer, "_store", busy_once)
    run = start(project)
    with gevent.Timeout(PATIENCE_S):
        done = ended(project, run)
    assert refused == [run["id"]]
    assert (done["state"], done["error"], done["images"]) == ("done", None, 6)


def test_a_busy_database_does_not_end_the_program_that_trains(project, monkeypatch):
    plan(project, seconds=0.05, steps=10)
    trainer = project.services.trainer
    monkeypatch.setattr("server.features.training.running._STORE_SECONDS", 0.0)
    store, began, busy = trainer._store, [], []

    def busy_while_it_trains(run_id, **values):
        if set(values) == {"curve"} and len(busy) < 5:
            busy.append(1)
            raise DatabaseBusy
        store(run_id, **values)

    monkeypatch.setattr(trainer, "_store", busy_while_it_trains)
    request = project.services.trainer._request
    monkeypatch.setattr(trainer, "_request", lambda training: began.append(1) or request(training))
    done = ended(project, start(project))
    assert (done["state"], len(began), len(busy)) == ("done", 1, 5)
    assert [point["step"] for point in done["curve"]] == list(range(0, 110, 10))
