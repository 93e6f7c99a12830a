"""/api/annotations: what is acknowledged is saved, and every refusal has the one shape."""

import io

import pytest

from server.domain.policy import OWNER
from server.web import errors


@pytest.fixture
def image(upload):
    return upload()


@pytest.fixture
def path(image):
    return f"/api/images/{image['id']}/annotations"


def test_create_read_change_delete(client, image, path, make_annotation):
    created = client.post(path, json=make_annotation())
    assert created.status_code == 201
    annotation = created.json
    assert (annotation["version"], annotation["area"], annotation["image_id"]) == (1, 84, image["id"])
    (label,) = client.get("/api/projects/default/labels").json["labels"]
    assert (label["id"], label["name"]) == (annotation["label_id"], annotation["label"])
    repeated = client.post(path, json=make_annotation())
    assert (repeated.status_code, repeated.json) == (200, annotation)
    assert client.get(path).json == {"annotations": [annotation]}
    assert client.get(f"/api/images/{image['id']}").json["annotation_count"] == 1
    one = f"/api/annotations/{annotation['id']}"
    changed = client.patch(one, json={"version": 1, "label": "cat"})
    assert (changed.status_code, changed.json["label"], changed.json["version"]) == (200, "cat", 2)
    assert client.get(one).json == changed.json
    assert client.delete(f"{one}?version=2").status_code == 204
    assert client.get(path).json == {"annotations": []}


def test_conflicts_carry_the_current_version(client, path, make_annotation, check_error):
    client.post(path, json=make_annotation())
    current = client.patch("/api/annotations/annotation-1", json={"version": 1, "label": "cat"}).json
    stale = client.patch("/api/annotations/annotation-1", json={"version": 1, "label": "cow"})
    assert check_error(stale, 409, "version_conflict")["current"] == current
    stale = client.delete("/api/annotations/annotation-1?version=1")
    assert check_error(stale, 409, "version_conflict")["current"] == current


def test_refusals(client, path, make_annotation, check_error):
    check_error(client.post(path, data="{", content_type="application/json"), 400, "bad_request")
    check_error(client.post(path, data="[" * 100_000, content_type="application/json"), 400, "bad_request")
    check_error(client.post(path, data="{}", content_type="text/plain"), 400, "bad_request")
    check_error(client.post(path, json=[1]), 400, "bad_request")
    check_error(client.post(path, json={}), 400, "invalid_annotation")
    check_error(
        client.post(path, json=make_annotation(rle={"size": [1, 1], "counts": "01"})), 400, "invalid_rle"
    )
    nan = '{"label":"x","color":"#000000","rle":{},"predicted_iou":NaN}'
    check_error(client.post(path, data=nan, content_type="application/json"), 400, "bad_request")
    check_error(client.post("/api/images/gone/annotations", json=make_annotation()), 404, "image_not_found")
    check_error(
        client.patch("/api/annotations/gone", json={"version": 1, "label": "x"}), 404, "annotation_not_found"
    )
    client.post(path, json=make_annotation())
    check_error(client.delete("/api/annotations/annotation-1"), 400, "invalid_annotation")
    check_error(client.delete("/api/annotations/annotation-1?version=x"), 400, "bad_request")
    assert len(client.get(path).json["annotations"]) == 1


@pytest.mark.parametrize("where", ["annotations", "predict"])
def test_json_that_would_hold_up_everybody_else(client, image, check_error, where):
    path = f"/api/images/{image['id']}/{where}"
    deep = client.post(path, data='{"a":' * 10_000, content_type="application/json")
    check_error(deep, 400, "bad_request")
    long = client.post(path, data='{"a":[' + "[]," * 1_700_000, content_type="application/json")
    check_error(long, 413, "too_large")


def test_news_reach_the_listeners_after_the_commit(app, client, path, make_annotation):
    seen = []

    def listener(news):
        services = app.extensions["samphire"]
        if news.image_id:
            seen.append((news.event, len(services.annotations.of_image(OWNER, news.image_id))))

    app.extensions["samphire"].bus.listeners.append(listener)
    client.post(path, json=make_annotation())
    client.patch("/api/annotations/annotation-1", json={"version": 1, "label": "cat"})
    client.delete("/api/annotations/annotation-1?version=2")
    assert seen == [
        ("annotation:changed", 1),
        ("image:changed", 1),
        ("annotation:changed", 1),
        ("annotation:deleted", 0),
    ]


def test_everything_is_there_after_a_restart(make_app, upload, client, app, path, make_annotation):
    client.post(path, json=make_annotation())
    before = client.get(path).json
    app.extensions["samphire"].close()
    assert make_app().test_client().get(path).json == before


def test_a_long_list_is_compressed(client, path, make_annotation):
    for number in range(8):
        client.post(path, json=make_annotation(number))
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 3


def test_an_image_of_another_project_says_where_it_is_to_those_who_may_see_it(
    client, make_picture, make_annotation, check_error, monkeypatch
):
    project = client.post("/api/projects", json={"name": "Streets"}).json["id"]
    file = io.BytesIO(make_picture(seed=9)), "a.png"
    image = client.post(f"/api/projects/{project}/images", data={"file": file}).json["id"]
    path = f"/api/images/{image}/annotations"
    address = f"/api/projects/{project}/images/{image}"
    for answer in (client.get(path), client.post(path, json=make_annotation())):
        error = check_error(answer, 404, "image_not_found")
        assert (error["message"], error["hint"]) == (
            "This image is in another project.",
            f"Ask at {address}.",
        )
        assert error["projects"] == [project]
    assert client.get(address).status_code == 200

    monkeypatch.setattr(errors, "allows", lambda _actor, action: action != "project.read")
    outside = check_error(client.get(path), 404, "image_not_found")
    assert outside == check_error(
        client.get("/api/images/0000000000000000/annotations"), 404, "image_not_found"
    )
    monkeypatch.undo()
    client.delete(f"/api/projects/{project}")  # who may see projects does not see deleted ones
    assert check_error(client.get(path), 404, "image_not_found") == outside


def test_objects_are_told_from_the_least_certain_by_the_same_rule(client, image, path, make_annotation):
    scores = {
        "drawn-by-hand": (None, None, None),
        "unclear-one": (0.95, 0.97, 0.3),
        "quite-sure": (0.95, 0.97, 0.95),
        "unlikely-one": (0.6, None, None),
    }
    for number, (name, score) in enumerate(scores.items()):
        told = dict(zip(("predicted_iou", "stability_score", "candidates_iou"), score, strict=True))
        body = make_annotation(number, **told) | {"id": name}
        assert client.post(path, json=body).status_code == 201
    answer = client.get(f"/api/projects/default/images/{image['id']}/certainty").json["objects"]
    assert [(each["id"], each["certainty"]) for each in answer] == [
        ("unlikely-one", 0.6),
        ("unclear-one", pytest.approx(0.65)),
        ("quite-sure", 0.95),
        ("drawn-by-hand", None),
    ]
    assert {each["version"] for each in answer} == {1}
