"""How alike the people of a project segment: worked out by a job, shown to reviewers, with pictures of differences."""

import io
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from server.domain.agreement import comparing
from server.domain.masks import encode_rle
from server.features.agreement.service import AGREEMENT
from server.storage.tables import ProjectImage
from tests.web.working import make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator", "vic": "viewer"}
WIDTH, HEIGHT = 40, 30


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=3, **ROLES)
    assert made.max.patch(made.path, json={"settings": {"annotators_per_image": 2}}).status_code == 200
    made.services.queue.start()
    return made


def draw(project, client, x, y, wide, high, number=0, label="dog"):
    """A box, in the layer of an annotator. Its JSON."""
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[y : y + high, x : x + wide] = True
    body = {"id": str(uuid4()), "label": label, "color": "#1f77b4", "rle": encode_rle(mask)}
    answer = client.post(f"{project.path}/images/{project.images[number]}/annotations", json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def finish(project, client, number=0):
    answer = client.patch(f"{project.path}/images/{project.images[number]}", json={"state": "done"})
    assert answer.status_code == 200, answer.json


def update(project, client=None):
    """The report, brought up to date."""
    asked = client or project.rita
    assert asked.post(f"{project.path}/agreement").status_code == 202
    project.services.queue.wait((AGREEMENT, project.id), 20)
    return asked.get(f"{project.path}/agreement").json


def make_gold(project, number=0):
    with project.services.db.write() as session:
        session.get(ProjectImage, (project.id, project.images[number])).gold = True


def worked_out(project, monkeypatch):
    """Images that are compared from now on."""
    compared = []
    agreement = project.services.agreement
    compare = agreement._compare
    monkeypatch.setattr(
        agreement, "_compare", lambda *asked: (compared.append(asked[1].image_id), compare(*asked))
    )
    return compared


def test_two_who_are_done_are_compared(project):
    assert update(project)["images"] == 0
    draw(project, project.ann, 0, 0, 10, 10)
    draw(project, project.ann, 20, 0, 10, 10)
    draw(project, project.ben, 0, 0, 10, 8)
    finish(project, project.ann)
    assert update(project)["images"] == 0  # one of them is still at it
    finish(project, project.ben)
    report = update(project)
    assert (report["images"], report["state"], report["current"]) == (1, "none", True)
    assert report["at"] is not None
    figures = report["figures"]
    assert (figures["objects"], figures["matched"]) == (3, 1)
    assert figures["f1"] == pytest.approx(2 / 3)
    assert figures["iou"] == pytest.approx(0.8)
    [pair] = report["pairs"]
    assert {pair["first"], pair["second"]} == {project.ann.account, project.ben.account}
    assert {each["account"] for each in report["people"]} == {project.ann.account, project.ben.account}
    assert [each["figures"]["f1"] for each in report["labels"]] == [pytest.approx(2 / 3)]


def test_only_what_has_changed_is_worked_out_again(project, monkeypatch):
    compared = worked_out(project, monkeypatch)
    for number in (0, 1):
        for client in (project.ann, project.ben):
            draw(project, client, 0, 0, 10, 10, number)
            finish(project, client, number)
    update(project)
    assert sorted(compared) == sorted(project.images[:2])
    assert update(project)["current"]
    assert len(compared) == 2
    draw(project, project.ben, 20, 20, 5, 5, 1)
    assert not project.rita.get(f"{project.path}/agreement").json["current"]
    assert update(project)["figures"]["objects"] == 5
    assert compared[2:] == [project.images[1]]
    project.max.delete(f"{project.path}/images/{project.images[1]}")
    assert update(project)["images"] == 1
    assert len(compared) == 3


def test_a_label_that_became_another_counts_as_that(project):
    draw(project, project.ann, 0, 0, 10, 10)
    draw(project, project.ben, 0, 0, 10, 10)
    listed = project.max.get(f"{project.path}/labels").json
    wolf = {"name": "wolf", "color": "#ff0000"}
    changed = {"version": listed["version"], "labels": [*listed["labels"], wolf]}
    project.max.put(f"{project.path}/labels", json=changed)
    draw(project, project.ben, 20, 0, 10, 10, label="wolf")
    draw(project, project.ann, 20, 0, 10, 10)
    finish(project, project.ann)
    finish(project, project.ben)
    report = update(project)
    assert report["figures"]["agreement"] == pytest.approx(0.5)
    assert [each["confused"][0]["count"] for each in report["labels"]] == [1, 1]
    listed = project.max.get(f"{project.path}/labels").json
    dog, wolf = listed["labels"]
    merged = {"version": listed["version"], "labels": [dog | {"replaces": [wolf["id"]]}]}
    assert project.max.put(f"{project.path}/labels", json=merged).status_code == 200
    report = update(project)
    assert report["figures"]["agreement"] == 1
    assert [each["label"] for each in report["labels"]] == [dog["id"]]


def test_images_come_with_the_least_agreement_first(project):
    for number, high in enumerate((9, 6, 10)):
        draw(project, project.ann, 0, 0, 10, 10, number)
        draw(project, project.ben, 0, 0, 10, high, number)
        finish(project, project.ann, number)
        finish(project, project.ben, number)
    update(project)

    def listed(**query):
        return project.rita.get(f"{project.path}/agreement/images", query_string=query).json

    page = listed()
    assert page["total"] == 3
    assert [each["image"]["id"] for each in page["images"]] == [project.images[n] for n in (1, 0, 2)]
    assert [each["figures"]["iou"] for each in page["images"]] == [pytest.approx(n) for n in (0.6, 0.9, 1)]
    assert [each["image"]["id"] for each in listed(offset=1, limit=1)["images"]] == [project.images[0]]
    assert listed(person=project.ann.account)["total"] == 3
    assert listed(person=project.rita.account) == listed(label="none") == {"images": [], "total": 0}


def test_one_image_in_detail(project):
    first, second = draw(project, project.ann, 0, 0, 10, 10), draw(project, project.ann, 20, 0, 10, 10)
    other = draw(project, project.ben, 0, 0, 10, 8)
    address = f"{project.path}/images/{project.images[0]}/agreement"
    finish(project, project.ann)
    assert project.rita.get(address).status_code == 409
    finish(project, project.ben)
    found = project.rita.get(address).json
    assert sorted(found["people"]) == sorted([project.ann.account, project.ben.account])
    [pair] = found["pairs"]
    [match] = pair["matches"]
    assert {match["first"], match["second"]} == {first["id"], other["id"]}
    assert match["iou"] == pytest.approx(0.8)
    assert match["same_label"] is True
    assert [*pair["only_first"], *pair["only_second"]] == [second["id"]]


def test_a_picture_shows_where_two_differ(project):
    draw(project, project.ann, 0, 0, 20, 20)
    draw(project, project.ben, 0, 0, 20, 16)
    finish(project, project.ann)
    finish(project, project.ben)
    address = f"{project.path}/images/{project.images[0]}/differences.png"
    two = {"first": project.ann.account, "second": project.ben.account}
    answer = project.rita.get(address, query_string=two)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    pixels = np.asarray(Image.open(io.BytesIO(answer.data)))
    assert pixels.shape == (HEIGHT, WIDTH, 4)
    assert pixels[5, 5, :3].tolist() == [0x9A, 0xA5, 0xA0]
    assert pixels[18, 5, :3].tolist() == [0x00, 0x72, 0xB2]
    assert pixels[25, 25, 3] == 0
    again = project.rita.get(address, query_string=two, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    others = ({"second": project.ann.account}, {"second": "common"}, {"first": project.rita.account})
    for wrong in ({}, *(two | each for each in others)):
        assert project.rita.get(address, query_string=wrong).status_code == 400


def test_gold_images_tell_how_far_people_are_from_the_truth(project):
    make_gold(project)
    draw(project, project.max, 0, 0, 10, 10)
    draw(project, project.max, 20, 0, 10, 10)
    draw(project, project.ann, 0, 0, 10, 8)
    finish(project, project.ann)
    [person] = update(project)["people"]
    gold = person["gold"]
    assert (person["account"], person["images"]) == (project.ann.account, 0)
    assert (gold["images"], gold["missed"], gold["extra"], gold["same_label"]) == (1, 1, 0, 1)
    assert gold["f1"] == pytest.approx(2 / 3)
    assert gold["iou"] == pytest.approx(0.8)
    draw(project, project.max, 0, 20, 10, 10)  # the truth is another one
    [person] = update(project)["people"]
    assert person["gold"]["missed"] == 2


def test_which_images_are_gold_is_for_managers(project):
    make_gold(project)
    draw(project, project.max, 0, 0, 10, 10)
    draw(project, project.ann, 0, 0, 10, 8)
    finish(project, project.ann)
    update(project)
    images, detail = (
        f"{project.path}/agreement/images",
        f"{project.path}/images/{project.images[0]}/agreement",
    )
    [listed] = project.max.get(images).json["images"]
    assert (listed["first"], listed["second"]) == ("common", project.ann.account)
    assert project.max.get(detail).json["pairs"][0]["first"] == "common"
    picture = (
        f"{project.path}/images/{project.images[0]}/differences.png?first=common&second={project.ann.account}"
    )
    assert project.max.get(picture).status_code == 200
    assert project.rita.get(images).json["total"] == 0
    assert project.rita.get(detail).status_code == 409
    assert project.rita.get(picture).status_code == 409


def test_tables_for_spreadsheets(project):
    draw(project, project.ann, 0, 0, 10, 10)
    draw(project, project.ben, 0, 0, 10, 10)
    finish(project, project.ann)
    finish(project, project.ben)
    update(project)
    heads = {"people": "person,", "pairs": "first,second,", "labels": "label,", "images": "image,"}
    for sheet, head in heads.items():
        answer = project.rita.get(f"{project.path}/agreement/{sheet}.csv")
        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        assert f"agreement-{sheet}.csv" in answer.headers["Content-Disposition"]
        assert answer.text.startswith(head)
        assert len(answer.text.splitlines()) == {"people": 3}.get(sheet, 2)
    assert "ann; ben" in project.rita.get(f"{project.path}/agreement/images.csv").text
    assert project.rita.get(f"{project.path}/agreement/none.csv").status_code == 404


def test_the_page_is_for_reviewers(project):
    page = f"/projects/{project.id}/agreement"
    assert project.rita.get(page).status_code == 200
    assert page in project.rita.get(f"/projects/{project.id}").text
    for name in ("ann", "vic"):
        assert project.clients[name].get(page).status_code == 403
        assert page not in project.clients[name].get(f"/projects/{project.id}").text


def test_a_server_without_accounts_has_none_of_it(make_app):
    client = make_app().test_client()
    for path in ("agreement", "agreement/images", "agreement/people.csv", "consensus"):
        assert client.get(f"/api/projects/default/{path}").status_code == 404
    assert client.get("/projects/default/agreement").status_code == 404
    assert "/default/agreement" not in client.get("/projects/default").text


def test_images_that_would_take_minutes_are_left_out_and_counted(project, monkeypatch, check_error):
    for number in range(2):
        for client in (project.ann, project.ben):
            draw(project, client, 0, 0, 10, 10, number)
            draw(project, client, 20, 0, 10, 10, number) if number else None
            finish(project, client, number)
    monkeypatch.setattr(comparing, "_MOST_PIXELS", 250)  # two boxes of 100 pixels, but not four
    report = update(project)
    assert (report["images"], report["too_complex"], report["state"]) == (1, 1, "none")
    listed = project.rita.get(f"{project.path}/agreement/images").json
    assert [each["image"]["id"] for each in listed["images"]] == [project.images[0]]
    one = f"{project.path}/images/{project.images[1]}"
    check_error(project.rita.get(f"{one}/agreement"), 409, "too_complex")
    check_error(project.rita.post(f"{one}/consensus", json={"method": "majority"}), 409, "too_complex")
    monkeypatch.undo()
    assert update(project)["too_complex"] == 1  # it is not tried again before something is changed there
    draw(project, project.ann, 30, 20, 5, 5, 1)
    assert update(project)["too_complex"] == 0
