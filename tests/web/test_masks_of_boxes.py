"""Boxes become masks by a job: what counts as a box, what it leaves alone, and how it is undone and looked through."""

import gevent
import numpy as np
import pytest

from server.domain.masks import decode_rle, encode_rle
from server.errors import DecodingFailed
from server.features.mask_runs.making import MASKS
from server.storage.rows.automatic import runs as rows
from server.storage.tables import now
from tests.web.segmenting import with_ellipses
from tests.web.working import make_project


@pytest.fixture
def decoder(monkeypatch):
    return with_ellipses(monkeypatch)


@pytest.fixture
def project(make_app, make_picture, decoder):
    made = make_project(make_app(team=True), make_picture, images=3, max="manager", ann="annotator")
    made.services.queue.start()
    return made


def add(project, number=0, box=(4, 6, 20, 16), **more):
    x, y, width, height = box
    mask = np.zeros((30, 40), bool)
    mask[y : y + height, x : x + width] = True
    body = {"label": "dog", "color": "#1f77b4", "rle": encode_rle(mask), **more}
    answer = project.max.post(f"{project.path}/images/{project.images[number]}/annotations", json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def change(project, annotation, **fields):
    path = f"/api/annotations/{annotation['id']}?project={project.id}"
    answer = project.max.patch(path, json={"version": annotation["version"], **fields})
    assert answer.status_code == 200, answer.json
    return answer.json


def listed(project, number=0):
    answer = project.max.get(f"{project.path}/images/{project.images[number]}/annotations")
    return {each["id"]: each for each in answer.json["annotations"]}


def standing(project):
    return project.max.get(f"{project.path}/mask-runs").json


def post(project, path, status=200, **body):
    answer = project.max.post(f"{project.path}/mask-runs/{path}", json=body)
    assert answer.status_code == status, answer.json
    return answer.json


def ended(project):
    project.services.queue.wait((MASKS, project.id), 20)
    return standing(project)


def run(project):
    post(project, "boxes", 202)
    return ended(project)["run"]


def test_a_box_is_the_prompt_of_its_mask(project):
    box = add(project)
    assert (standing(project)["boxes"], standing(project)["boxed_images"]) == (1, 1)
    done = run(project)
    assert (done["kind"], done["state"], done["done"], done["objects"], done["unsure"]) == (
        "boxes",
        "done",
        1,
        1,
        0,
    )
    mask = listed(project)[box["id"]]
    assert mask["prompts"] == [{"kind": "box", "box": [4, 6, 24, 22]}]
    assert (mask["segmenter"], len(mask["weights"]), mask["candidate"]) == ("mobile_sam", 64, 0)
    assert mask["predicted_iou"] == pytest.approx(0.9)
    assert mask["stability_score"] > 0.9
    assert (mask["version"], mask["updated_by"]) == (2, project.max.account)
    ellipse = decode_rle(mask["rle"])
    assert ellipse.sum() == pytest.approx(np.pi / 4 * 20 * 16, rel=0.05)
    assert ellipse[6:22, 4:24].sum() == ellipse.sum() == mask["area"]
    assert mask["bbox"] == pytest.approx([4, 6, 20, 16], abs=1)
    assert (standing(project)["boxes"], standing(project)["boxed_images"]) == (0, 0)
    [told] = project.events("annotations:segmented")
    assert (told["image"], told["count"], told["deleted"]) == (project.images[0], 1, 0)


def test_what_is_no_box_stays(project, decoder):
    mask = np.zeros((30, 40), bool)
    mask[2:9, 2:9] = True
    mask[2, 2] = False
    add(project, rle=encode_rle(mask))
    add(project, segmenter="mobile_sam", prompts=[{"kind": "box", "box": [4, 6, 24, 22]}])
    add(project, prompts=[{"kind": "point", "x": 9, "y": 9, "label": 1}])
    add(project, box=(1, 1, 1, 1))
    assert standing(project)["boxes"] == 0
    assert (run(project)["total"], decoder.calls) == (0, 0)


def test_accepted_images_stay(project):
    add(project)
    assert project.max.patch(project.path, json={"settings": {"review": True}}).status_code == 200
    image = f"{project.path}/images/{project.images[0]}"
    assert project.max.patch(image, json={"state": "done"}).status_code == 200
    assert project.max.post(f"{image}/review", json={"decision": "accept"}).status_code == 200
    assert standing(project)["boxes"] == 0
    assert run(project)["done"] == 0


def test_it_is_undone_but_for_what_was_changed_since(project):
    first, second = add(project), add(project, box=(2, 2, 8, 8))
    done = run(project)
    mine = change(project, listed(project)[first["id"]], attributes={"seen": True})
    assert post(project, f"{done['id']}/undo")["run"] is None
    ended(project)
    now_there = listed(project)
    assert now_there[first["id"]] == mine
    back = now_there[second["id"]]
    assert (back["rle"], back["bbox"], back["prompts"]) == (second["rle"], second["bbox"], [])
    assert (back["segmenter"], back["weights"], back["candidate"]) == (None, None, None)
    assert (back["predicted_iou"], back["stability_score"], back["version"]) == (None, None, 3)
    assert project.events("annotations:segmented")[-1]["undone"] is True
    assert standing(project)["boxes"] == 1
    post(project, f"{done['id']}/undo", 404)


def test_what_a_person_does_meanwhile_stays(project, decoder):
    box, other = add(project), add(project, box=(2, 2, 8, 8))
    decoder.before = lambda: change(project, box, z=7) if decoder.calls == 1 else None
    done = run(project)
    assert (done["done"], done["objects"]) == (1, 1)
    assert listed(project)[box["id"]]["rle"] == box["rle"]
    assert listed(project)[box["id"]]["z"] == 7
    assert listed(project)[other["id"]]["segmenter"] == "mobile_sam"


def test_doubtful_masks_wait_for_a_person(project, decoder):
    decoder.slope = 0.2
    unstable, other = add(project), add(project, box=(2, 2, 8, 8))
    done = run(project)
    assert done["unsure"] == 2
    report = project.max.get(f"{project.path}/mask-runs/{done['id']}/report").json
    told = {each["id"]: each for each in report["unsure"]}
    assert "unstable" in told[unstable["id"]]["doubts"]
    assert told[unstable["id"]]["stability_score"] < 0.8
    assert told[unstable["id"]]["image_id"] == project.images[0]
    change(project, listed(project)[unstable["id"]], attributes={"seen": True})
    assert standing(project)["run"]["unsure"] == 1
    path = f"{project.path}/mask-runs/{done['id']}/confirm/{other['id']}"
    assert [project.max.post(path).status_code for _ in range(2)] == [204, 404]
    assert standing(project)["run"]["unsure"] == 0
    assert project.max.get(f"{project.path}/mask-runs/{done['id']}/report").json["unsure"] == []


@pytest.mark.parametrize(("part", "doubts"), [(2.0, {"outside", "full"}), (0.0, {"empty"})])
def test_a_mask_that_does_not_fit_its_box_is_doubted(project, decoder, part, doubts):
    decoder.parts = (part,) * 4
    box = add(project)
    done = run(project)
    [told] = project.max.get(f"{project.path}/mask-runs/{done['id']}/report").json["unsure"]
    assert set(told["doubts"]) == doubts
    is_empty = "empty" in doubts
    assert (listed(project)[box["id"]]["version"], done["objects"]) == ((1, 0) if is_empty else (2, 1))


def test_it_is_paused_and_resumed_without_doing_an_image_twice(project, decoder):
    for number in range(3):
        add(project, number)

    def pause():
        if decoder.calls == 2:
            run_id = standing(project)["run"]["id"]
            assert post(project, f"{run_id}/pause")["run"]["state"] == "paused"

    decoder.before = pause
    post(project, "boxes", 202)
    ended(project)
    gevent.sleep(0.05)
    paused = standing(project)["run"]
    assert (paused["state"], paused["done"], paused["total"]) == ("paused", 1, 3)
    assert post(project, f"{paused['id']}/resume", 202)["run"]["state"] in ("queued", "running")
    done = ended(project)["run"]
    assert (done["state"], done["done"], done["objects"], decoder.calls) == ("done", 3, 3, 4)
    assert [[each["version"] for each in listed(project, number).values()] for number in range(3)] == [
        [2]
    ] * 3
    post(project, f"{done['id']}/resume", 409)


def test_an_image_that_cannot_be_segmented_is_told_and_the_others_are_done(project, decoder):
    def fail():
        if decoder.calls == 1:
            raise DecodingFailed("It is broken.")

    decoder.before = fail
    add(project, 0)
    add(project, 1)
    done = run(project)
    assert (done["state"], done["done"], done["failed"], done["objects"]) == ("done", 2, 1, 1)
    report = project.max.get(f"{project.path}/mask-runs/{done['id']}/report").json
    assert report["failed"] == [{"image": "000.png", "problem": "It is broken."}]


def test_only_managers_may_and_a_segmenter_must_be_there(project):
    for path in ("boxes", "x/pause", "x/resume", "x/undo", "x/confirm/y"):
        assert project.ann.post(f"{project.path}/mask-runs/{path}", json={}).status_code == 403
    assert project.ann.get(f"{project.path}/mask-runs").status_code == 403
    answer = project.max.post(f"{project.path}/mask-runs/boxes", json={"segmenter": "no-such"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "segmenter_not_found")
    assert standing(project)["run"] is None


def test_it_can_be_undone_for_a_while(project):
    add(project)
    done = run(project)
    with project.services.db.write() as session:
        rows.drop_old(session, now())
    post(project, f"{done['id']}/undo", 404)
    assert standing(project)["run"] is None
