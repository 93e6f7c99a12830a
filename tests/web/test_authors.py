"""Objects know who made them and who changed them last: accounts, as the server knows them."""

import io

import pytest

from server.domain.policy import OWNER
from server.storage.rows import members
from tests.web.team import person


@pytest.fixture
def team(make_app):
    app = make_app(team=True)
    people = [person(app, name) for name in ("Olga", "Ann", "Ben")]
    services = app.extensions["samphire"]
    project_id = services.projects.create(OWNER, {"name": "Streets"}).id
    with services.db.write() as session:
        for client in people:
            members.put(session, project_id, client.account, "manager")
    return services, project_id, *people


@pytest.fixture
def images(team, make_picture):
    services, project_id, *_ = team
    add = services.uploads.add
    return [add(OWNER, io.BytesIO(make_picture(seed=n)), f"{n}.png", project_id)[0].id for n in range(3)]


def authors(answer):
    assert answer.status_code < 300, answer.json
    return answer.json["created_by"], answer.json["updated_by"]


def test_the_server_says_who_made_an_object_and_who_changed_it(team, images, make_annotation):
    _, project_id, _, ann, ben = team
    path = f"/api/projects/{project_id}/images/{images[0]}/annotations"
    claimed = make_annotation(created_by=ben.account, updated_by=ben.account)
    made = ann.post(path, json=claimed)
    assert authors(made) == (ann.account, ann.account)
    one = f"/api/annotations/{claimed['id']}?project={project_id}"
    changed = ben.patch(one, json={"version": 1, "z": 4, "created_by": ben.account})
    assert authors(changed) == (ann.account, ben.account)
    [listed] = ann.get(path).json["annotations"]
    assert (listed["created_by"], listed["updated_by"]) == (ann.account, ben.account)


def test_a_deletion_that_is_undone_keeps_who_made_the_object(team, images, make_annotation):
    _, project_id, _, ann, ben = team
    path = f"/api/projects/{project_id}/images/{images[0]}/annotations"
    body = make_annotation()
    ann.post(path, json=body)
    assert ben.delete(f"/api/annotations/{body['id']}?project={project_id}&version=1").status_code == 204
    assert authors(ben.post(path, json=body | {"version": 2})) == (ann.account, ben.account)


def test_nobody_is_the_author_on_a_server_without_accounts(client, upload, make_annotation):
    made = client.post(f"/api/images/{upload()['id']}/annotations", json=make_annotation(created_by="x"))
    assert authors(made) == (None, None)


def test_merging_labels_changes_their_objects(team, images, make_annotation):
    _, project_id, olga, ann, _ = team
    path = f"/api/projects/{project_id}/images/{images[0]}/annotations"
    ann.post(path, json=make_annotation(1, label="dog"))
    listed = ann.get(f"/api/projects/{project_id}/labels").json
    [dog] = listed["labels"]
    merged = {"name": "animal", "color": "#009e73", "replaces": [dog["id"]]}
    answer = olga.put(
        f"/api/projects/{project_id}/labels", json={"labels": [merged], "version": listed["version"]}
    )
    assert answer.status_code == 200, answer.json
    [annotation] = ann.get(path).json["annotations"]
    assert (annotation["created_by"], annotation["updated_by"]) == (ann.account, olga.account)


def test_images_are_listed_by_who_worked_on_them(team, images, make_annotation):
    _, project_id, _, ann, ben = team
    root = f"/api/projects/{project_id}/images"
    ann.post(f"{root}/{images[0]}/annotations", json=make_annotation(1))
    ann.post(f"{root}/{images[1]}/annotations", json=make_annotation(2))
    ben.patch(f"/api/annotations/annotation-2?project={project_id}", json={"version": 1, "z": 4})

    def listed(client):
        page = ann.get(f"{root}?person={client.account}").json
        return {each["id"] for each in page["images"]}, sum(page["counts"].values())

    assert listed(ann) == ({images[0], images[1]}, 2)
    assert listed(ben) == ({images[1]}, 1)
    assert ann.get(f"{root}?person=nobody").json["images"] == []


def test_who_made_something_keeps_a_name_after_leaving(team, images, make_annotation):
    services, project_id, _, ann, ben = team
    ann.post(f"/api/projects/{project_id}/images/{images[0]}/annotations", json=make_annotation())
    with services.db.write() as session:
        session.delete(members.find(session, project_id, ann.account))
    listed = ben.get(f"/api/projects/{project_id}/members").json
    assert listed["names"][ann.account] == "Ann"
    assert ann.account not in {each["id"] for each in listed["members"]}
