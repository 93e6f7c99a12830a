"""/api/projects: create, change, archive, delete and restore; labels over HTTP."""

import io
import uuid

import pytest

from tests.web.test_openapi import SCHEMAS, check


@pytest.fixture
def project(client):
    answer = client.post("/api/projects", json={"name": "Streets", "guidelines": "Every **car**."})
    assert answer.status_code == 201
    return answer.json


def names(client, which="active"):
    return [each["name"] for each in client.get(f"/api/projects?which={which}").json["projects"]]


def test_create_read_change(client, project):
    path = f"/api/projects/{project['id']}"
    check(SCHEMAS["Project"], project, "Project")
    assert len(project["id"]) == 12
    assert project["guidelines_html"] == "<p>Every <strong>car</strong>.</p>\n"
    assert client.get(path).json == project
    changed = client.patch(path, json={"name": " Roads ", "settings": {"key_preset": "cvat"}}).json
    settings = {
        "segmenter": None,
        "key_preset": "cvat",
        "require_attributes": False,
        "lease_minutes": 120,
        "review": False,
        "annotators_per_image": 1,
        "gold_every": 0,
        "propose_ahead": False,
        "propose_threshold": 0.88,
    }
    assert (changed["name"], changed["settings"]) == ("Roads", settings)
    chosen = {"segmenter": "mobile_sam"}
    assert client.patch(path, json={"settings": chosen}).json["settings"] == settings | chosen
    listed = client.get("/api/projects").json
    check(SCHEMAS["ProjectList"], listed, "ProjectList")
    assert [each["name"] for each in listed["projects"]] == ["My images", "Roads"]


def test_a_project_tells_what_is_in_it(client, upload, make_annotation):
    image = upload()
    upload(name="b.png")
    client.post(f"/api/images/{image['id']}/annotations", json=make_annotation())
    default = client.get("/api/projects/default").json
    assert (default["name"], default["image_count"], default["annotation_count"]) == ("My images", 1, 1)
    assert {state: count for state, count in default["counts"].items() if count} == {"in_progress": 1}
    assert default["covers"] == [image["thumbnail_url"]]


def test_objects_of_removed_images_are_not_counted(client, upload, make_picture, make_annotation):
    """They count again with their images."""
    images = [upload(make_picture(seed=number), f"{number}.png")["id"] for number in (1, 2)]
    for number, image in enumerate(images):
        client.post(f"/api/images/{image}/annotations", json=make_annotation(number))
    path = "/api/projects/default"

    def told():
        (listed,) = client.get("/api/projects").json["projects"]
        assert listed["annotation_count"] == client.get(path).json["annotation_count"]
        return listed["image_count"], listed["annotation_count"]

    assert told() == (2, 2)
    undo = client.delete(f"{path}/images/{images[0]}").json["restore"]
    assert told() == (1, 1)
    client.open(undo["url"], method=undo["method"], json=undo.get("body"))
    assert told() == (2, 2)


def test_archive_and_unarchive(client, project):
    path = f"/api/projects/{project['id']}"
    assert client.post(f"{path}/archive").json["archived_at"]
    assert (names(client), names(client, "archived")) == (["My images"], ["Streets"])
    assert client.get(path).status_code == 200
    assert client.post(f"{path}/unarchive").json["archived_at"] is None
    assert names(client) == ["My images", "Streets"]


def test_delete_and_have_back(client, project, check_error, make_picture):
    path = f"/api/projects/{project['id']}"
    answer = client.delete(path)
    check(SCHEMAS["Undoable"], answer.json, "Undoable")
    assert (names(client), names(client, "deleted")) == (["My images"], ["Streets"])
    for method, rest in (
        ("get", ""),
        ("get", "/images"),
        ("get", "/labels"),
        ("get", "/queue"),
        ("delete", ""),
    ):
        check_error(getattr(client, method)(path + rest), 404, "project_not_found")
    undo = answer.json["restore"]
    assert client.open(undo["url"], method=undo["method"]).json["name"] == "Streets"
    assert names(client) == ["My images", "Streets"]


def test_the_default_project_stays(client, check_error):
    check_error(client.delete("/api/projects/default"), 409, "conflict")
    check_error(client.post("/api/projects/default/archive"), 409, "conflict")


def test_labels(client, project, check_error):
    path = f"/api/projects/{project['id']}/labels"
    before = client.get(path).json
    assert before == {"labels": [], "version": 1}
    body = {"labels": [{"name": "car", "color": "#1f77b4", "key": "1"}], "version": 1}
    made = client.put(path, json=body)
    check(SCHEMAS["LabelList"], made.json, "LabelList")
    error = check_error(client.put(path, json=body), 409, "version_conflict")
    assert error["current"] == made.json
    check_error(client.put(path, json={"labels": []}), 400, "invalid_project")
    check_error(client.put(path, json={"version": 2}), 400, "invalid_project")


def test_how_many_objects_have_a_label_is_counted_over_the_project(
    client, project, make_picture, make_annotation, check_error
):
    path = f"/api/projects/{project['id']}"

    def upload(seed):
        file = io.BytesIO(make_picture(seed=seed)), f"{seed}.png"
        return client.post(f"{path}/images", data={"file": file}).json["id"]

    first, second = upload(1), upload(2)
    for image, label in ((first, "car"), (second, "car"), (first, "bus")):
        body = make_annotation(id=str(uuid.uuid4()), label=label)
        assert client.post(f"{path}/images/{image}/annotations", json=body).status_code == 201
    listed = client.get(f"{path}/labels").json
    unused = {"name": "tram", "color": "#1f77b4"}
    named = client.put(f"{path}/labels", json={**listed, "labels": [*listed["labels"], unused]}).json[
        "labels"
    ]
    ids = {label["name"]: label["id"] for label in named}
    uses = client.get(f"{path}/labels/uses").json
    check(SCHEMAS["LabelUses"], uses, "LabelUses")
    assert uses == {"objects": {ids["car"]: 2, ids["bus"]: 1}}
    check_error(client.get("/api/projects/nowhere/labels/uses"), 404, "project_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": None},
        {"name": "a\nb"},
        {"name": "x" * 201},
        {"name": "\u202eabc"},
        {"name": "a", "description": 5},
        {"name": "a", "guidelines": "x" * 50_001},
        {"name": "a", "guidelines": "\0"},
        {"name": "a", "settings": []},
        {"name": "a", "settings": {"colour": 1}},
        {"name": "a", "settings": {"key_preset": "vim"}},
        {"name": "a", "settings": {"require_attributes": 1}},
        {"name": "a", "settings": {"segmenter": "../x"}},
    ],
)
def test_refusals(client, body, check_error):
    check_error(client.post("/api/projects", json=body), 400, "invalid_project")


def test_more_refusals(client, check_error):
    check_error(client.get("/api/projects?which=lost"), 400, "bad_request")
    check_error(client.patch("/api/projects/default", json={}), 400, "invalid_project")
    check_error(
        client.post("/api/projects", data="[" * 20_000, content_type="application/json"), 400, "bad_request"
    )
    check_error(
        client.post("/api/projects", json={"name": "a", "settings": {"segmenter": "gone"}}),
        404,
        "segmenter_not_found",
    )
    check_error(
        client.post("/api/projects", data=b"x" * 1_000_001, content_type="application/json"), 413, "too_large"
    )
    for hostile in ("gone", "%00", "' OR 1=1 --", "x" * 3000, "\u00e9"):
        check_error(client.get(f"/api/projects/{hostile}"), 404, "project_not_found")
        check_error(client.post(f"/api/projects/{hostile}/restore"), 404, "project_not_found")
