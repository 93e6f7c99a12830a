"""Who did what when, and versions of objects, restored exactly once."""

import time

import pytest

from server.storage.rows import events
from server.storage.tables import Account, now
from tests.web.working import make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator", "vic": "viewer"}


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=3, **ROLES)
    made.max.patch(made.path, json={"settings": {"review": True}})
    return made


@pytest.fixture
def draw(project, make_annotation):
    def make(client, number=1, image=0, **more):
        path = f"{project.path}/images/{project.images[image]}/annotations"
        answer = client.post(path, json=make_annotation(number, **more))
        assert answer.status_code in (200, 201), answer.json
        return answer.json

    return make


def change(client, annotation, **fields):
    answer = client.patch(
        f"/api/annotations/{annotation['id']}", json={"version": annotation["version"], **fields}
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def restore(project, client, annotation, version, base):
    path = f"/api/annotations/{annotation['id']}/restore?project={project.id}"
    return client.post(path, json={"version": version, "base": base})


def of_object(project, client, annotation, **query):
    path = f"/api/annotations/{annotation['id']}/history"
    return client.get(path, query_string={"project": project.id, **query}).json


def told(page):
    return [(each["what"], page["people"].get(each["by"])) for each in page["entries"]]


def content(annotation):
    return {name: annotation[name] for name in ("rle", "label", "attributes", "z", "prompts", "area", "bbox")}


def test_an_object_tells_who_did_what(project, draw, make_annotation):
    first = draw(project.ann, prompts=[{"kind": "point", "x": 1.5, "y": 2.5, "label": 1}])
    second = change(project.ben, first, rle=make_annotation(4)["rle"])
    third = change(project.rita, second, attributes={"color": "red"}, z=5)
    page = of_object(project, project.vic, first)
    assert told(page) == [("changed", "rita"), ("changed", "ben"), ("created", "ann")]
    assert [each["version"] for each in page["entries"]] == [3, 2, 1]
    assert page["entries"][0]["changes"] == [
        {"what": "order", "before": first["z"], "after": 5},
        {"what": "attribute", "name": "color", "before": None, "after": "red"},
    ]
    assert page["entries"][1]["changes"] == [
        {"what": "mask", "before": first["area"], "after": second["area"]}
    ]
    assert page["images"] == {project.images[0]: "000.png"}
    for was in (first, second, third):
        path = f"/api/annotations/{was['id']}/versions/{was['version']}"
        assert content(project.vic.get(path).json) == content(was)


def test_a_version_is_restored_once_and_numbers_go_on(project, draw, make_annotation, check_error):
    first = draw(project.ann)
    second = change(project.ben, first, rle=make_annotation(4)["rle"], attributes={"a": 1})
    answer = restore(project, project.ann, first, 1, 2)
    assert answer.status_code == 200
    assert (answer.json["version"], content(answer.json)) == (3, content(first))
    assert restore(project, project.ann, first, 1, 2).json == answer.json  # asked again
    assert len(project.events("annotation:changed")) == 3
    error = check_error(restore(project, project.ann, first, 2, 2), 409, "version_conflict")
    assert error["current"]["version"] == 3
    again = restore(project, project.ben, first, 2, 3).json
    assert (again["version"], content(again)) == (4, content(second))
    page = of_object(project, project.vic, first)
    assert [(each["what"], each.get("restored_from")) for each in page["entries"]] == [
        ("restored", 2),
        ("restored", 1),
        ("changed", None),
        ("created", None),
    ]
    check_error(restore(project, project.ann, first, 9, 4), 404, "not_found")
    check_error(restore(project, project.vic, first, 1, 4), 403, "forbidden")
    for body in ({}, {"version": 1}, {"version": "1", "base": 4}, {"version": 0, "base": 4}):
        path = f"/api/annotations/{first['id']}/restore"
        check_error(project.ann.post(path, json=body), 400, "bad_request")


def test_a_deleted_object_is_restored_past_its_deletion(project, draw, make_annotation, check_error):
    first = draw(project.ann)
    second = change(project.ann, first, rle=make_annotation(4)["rle"])
    path = f"/api/annotations/{first['id']}"
    assert project.ben.delete(f"{path}?version=2").status_code == 204
    page = of_object(project, project.vic, first)
    assert told(page)[0] == ("deleted", "ben")
    check_error(restore(project, project.ann, first, 1, 2), 409, "annotation_deleted")
    restored = restore(project, project.rita, first, 1, 3)
    assert restored.status_code == 200, restored.json
    assert (restored.json["version"], content(restored.json)) == (4, content(first))
    assert restored.json["created_by"] == project.ann.account
    assert restore(project, project.rita, first, 1, 3).json == restored.json
    assert content(restore(project, project.rita, first, 2, 4).json) == content(second)
    kinds = [each["what"] for each in of_object(project, project.vic, first)["entries"]]
    assert kinds == ["restored", "restored", "deleted", "changed", "created"]


def test_a_label_that_is_gone_comes_back_as_what_it_became(project, draw):
    dog = draw(project.ann)
    labels = project.max.get(f"{project.path}/labels").json
    body = {"version": labels["version"], "labels": [*labels["labels"], {"name": "cat", "color": "#000000"}]}
    labels = project.max.put(f"{project.path}/labels", json=body).json
    cat = change(project.ann, dog, label_id=labels["labels"][1]["id"])
    assert of_object(project, project.vic, dog)["entries"][0]["changes"] == [
        {"what": "label", "before": "dog", "after": "cat"}
    ]
    merged = {**labels["labels"][1], "replaces": [labels["labels"][0]["id"]], "name": "pet"}
    answer = project.max.put(
        f"{project.path}/labels", json={"version": labels["version"], "labels": [merged]}
    )
    assert answer.status_code == 200, answer.json
    restored = restore(project, project.ann, dog, 1, cat["version"])
    assert (restored.status_code, restored.json["label"]) == (200, "pet")
    page = project.vic.get(f"{project.path}/history?kind=labels").json
    assert page["entries"][0]["changes"] == [
        {"what": "renamed", "before": "cat", "after": "pet"},
        {"what": "merged", "before": "dog", "after": "pet"},
    ]


def test_merging_labels_makes_versions_of_all_their_objects(project, draw):
    dog = draw(project.ann)
    labels = project.max.get(f"{project.path}/labels").json
    new = {"name": "pet", "color": "#000000", "replaces": [labels["labels"][0]["id"]]}
    project.max.put(f"{project.path}/labels", json={"version": labels["version"], "labels": [new]})
    page = of_object(project, project.vic, dog)
    assert told(page) == [("changed", "max"), ("created", "ann")]
    assert page["entries"][0]["changes"] == [{"what": "label", "before": "dog", "after": "pet"}]


def test_an_image_and_a_project_tell_all_that_happened(project, draw):
    drawn = draw(project.ann)
    image = project.images[0]
    project.max.post(f"{project.path}/assignments", json={"ids": project.images, "to": [project.ben.account]})
    project.ann.patch(f"{project.path}/images/{image}", json={"state": "done"})
    review = f"{project.path}/images/{image}/review"
    project.rita.post(review, json={"decision": "return", "note": "Again."})
    project.ann.delete(f"/api/annotations/{drawn['id']}?version=1")
    page = project.vic.get(f"{project.path}/images/{image}/history").json
    assert told(page) == [
        ("deleted", "ann"),
        ("returned", "rita"),
        ("assigned", "rita"),
        ("state", "ann"),
        ("assigned", "max"),
        ("assigned", "ann"),
        ("state", "ann"),
        ("created", "ann"),
        ("images_added", None),
    ]
    assert page["entries"][4]["to"] == [project.ben.account]
    assert (page["entries"][3]["was"], page["entries"][3]["state"]) == ("in_progress", "done")
    assert page["people"][project.ben.account] == "ben"
    whole = project.vic.get(f"{project.path}/history").json
    assert len(whole["entries"]) > len(page["entries"])
    path = f"{project.path}/history"
    for query, expected in (
        ("kind=reviews", ["returned"]),
        ("kind=states", ["state", "state"]),
        (f"person={project.ann.account}&kind=objects", ["deleted", "created"]),
        ("person=nobody", []),
        ("to=2020-01-01", []),
        ("kind=objects&from=2020-01-01T00:00:00Z", ["deleted", "created"]),
    ):
        assert [each["what"] for each in project.vic.get(f"{path}?{query}").json["entries"]] == expected, (
            query
        )


def test_an_image_is_as_it_was_in_one_step_and_back_again(project, draw, make_annotation, check_error):
    kept, changed, gone = (draw(project.ann, number) for number in (1, 2, 3))
    path = f"{project.path}/images/{project.images[0]}"
    listed = f"{path}/annotations"
    then = project.vic.get(listed).json["annotations"]
    at = project.vic.get(f"{path}/history").json["entries"][0]["at"]
    time.sleep(0.002)
    change(project.ben, change(project.ben, changed, rle=make_annotation(4)["rle"]), attributes={"a": 1})
    project.ben.delete(f"/api/annotations/{gone['id']}?version=1")
    draw(project.ben, 5)
    now_is = project.vic.get(listed).json["annotations"]
    answer = project.ann.post(f"{path}/restore", json={"at": at})
    assert answer.status_code == 200, answer.json
    assert answer.json["changed"] == 3

    def contents(annotations):
        return {each["id"]: content(each) for each in annotations}

    assert contents(answer.json["annotations"]) == contents(then)
    assert contents(project.vic.get(listed).json["annotations"]) == contents(then)
    versions = {each["id"]: each["version"] for each in answer.json["annotations"]}
    assert versions == {kept["id"]: 1, changed["id"]: 4, gone["id"]: 3}
    again = project.ann.post(f"{path}/restore", json={"at": at}).json
    assert (again["changed"], "restore" in again) == (0, False)
    undo = answer.json["restore"]
    assert contents(project.ann.post(undo["url"], json=undo["body"]).json["annotations"]) == contents(now_is)
    check_error(project.vic.post(f"{path}/restore", json={"at": at}), 403, "forbidden")
    for body in ({}, {"at": "noon"}, {"at": 5}):
        check_error(project.ann.post(f"{path}/restore", json=body), 400, "bad_request")


def test_independent_annotators_see_and_restore_only_their_own(project, draw, make_annotation):
    answer = project.max.patch(project.path, json={"settings": {"annotators_per_image": 2}})
    assert answer.status_code == 200, answer.json
    anns = draw(project.ann, 1)
    bens = draw(project.ben, 2)
    image = f"{project.path}/images/{project.images[0]}"
    hidden = f"/api/annotations/{anns['id']}"
    for path in (f"{hidden}/history?project={project.id}", f"{hidden}/versions/1?project={project.id}"):
        assert project.ben.get(path).status_code == 404
        assert project.ann.get(path).status_code == 200
    assert restore(project, project.ben, anns, 1, 1).status_code == 404
    for page in (f"{image}/history", f"{project.path}/history?kind=objects"):
        told_of = {each.get("annotation") for each in project.ben.get(page).json["entries"]}
        assert (bens["id"] in told_of, anns["id"] in told_of) == (True, False)
        whose = {
            each["annotation"]: each.get("layer")
            for each in project.max.get(page).json["entries"]
            if "annotation" in each
        }
        assert whose == {anns["id"]: project.ann.account, bens["id"]: project.ben.account}
    restored = project.ben.post(f"{image}/restore", json={"at": "2020-01-01"}).json
    assert (restored["annotations"], restored["changed"]) == ([], 1)
    assert project.ann.get(f"{hidden}?project={project.id}").json["version"] == 1


def test_pages_of_a_history_follow_each_other(project, draw):
    for number in range(5):
        draw(project.ann, number)
    path = f"{project.path}/history?kind=objects&limit=2"
    seen, before = [], ""
    while True:
        page = project.vic.get(path + before).json
        seen += [each["annotation"] for each in page["entries"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == [f"annotation-{number}" for number in (4, 3, 2, 1, 0)]


def test_it_outlives_the_time_in_which_events_are_replayed(project, draw, make_annotation):
    drawn = draw(project.ann)
    change(project.ann, drawn, rle=make_annotation(4)["rle"])
    path = f"{project.path}/images/{project.images[0]}/history"
    before = project.vic.get(path).json
    with project.services.db.write() as session:
        events.thin(session, now())
    assert project.vic.get(path).json == before
    assert project.vic.get(f"{project.path}/events?since=0").status_code == 410
    assert content(restore(project, project.ann, drawn, 1, 2).json) == content(drawn)


def test_who_is_disabled_keeps_the_name(project, draw):
    drawn = draw(project.ann)
    with project.services.db.write() as session:
        session.get(Account, project.ann.account).disabled_at = now()
    assert told(of_object(project, project.vic, drawn)) == [("created", "ann")]


@pytest.mark.parametrize("query", ["kind=x", "from=yesterday", "limit=a", "before=x", "person=a%00b"])
def test_what_is_asked_wrongly_is_refused(project, check_error, query):
    check_error(project.vic.get(f"{project.path}/history?{query}"), 400, "bad_request")
