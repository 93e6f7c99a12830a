"""Members of projects: who may add, change and remove whom, and that it counts at once, also on the socket."""

import io
from datetime import timedelta

import gevent
import pytest

from server.domain.policy import ROLES
from server.features.projects import service as projects
from server.storage.tables import SignIn, now
from server.web.socket import rooms
from tests.web.team import new_link, person, visitor


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def people(app):
    """By name; the first is an administrator."""
    return {name: person(app, name) for name in ("admin", "olga", "mark", "vera", "eve")}


@pytest.fixture
def project(people):
    """Olga's, in which Mark is a manager and Vera a viewer."""
    made = people["olga"].post("/api/projects", json={"name": "Olga's"}).json
    assert made["role"] == "owner"
    for name, role in (("mark", "manager"), ("vera", "viewer")):
        added = people["olga"].post(members(made["id"]), json={"account": name, "role": role})
        assert (added.status_code, added.json["role"]) == (201, role)
    return made["id"]


def members(project, client=None):
    return f"/api/projects/{project}/members" + (f"/{client.account}" if client else "")


def roles(client, project):
    listed = client.get(members(project)).json["members"]
    return {each["name"]: each["role"] for each in listed}


def test_members_see_who_else_is_one_and_strangers_nothing(people, project, check_error):
    assert roles(people["vera"], project) == {"olga": "owner", "mark": "manager", "vera": "viewer"}
    assert people["vera"].get(f"/api/projects/{project}").json["role"] == "viewer"
    check_error(people["eve"].get(members(project)), 404, "project_not_found")
    check_error(visitor(people["eve"].application).get(members(project)), 401, "unauthorized")


def test_nobody_fills_the_home_pages_of_others(people, check_error, monkeypatch):
    """Neither by adding them to projects, nor with projects."""
    monkeypatch.setattr(projects, "_OWNED", 12)
    eve, admin = people["eve"], people["admin"]
    limit = people["eve"].application.extensions["samphire"].members._added
    monkeypatch.setattr(limit, "_most", 10)
    made = [eve.post("/api/projects", json={"name": f"Eve's {n}"}).json["id"] for n in range(12)]
    for project in made[:10]:
        check_error(
            eve.post(members(project), json={"account": "nobody", "role": "viewer"}), 404, "account_not_found"
        )
        added = eve.post(members(project), json={"account": "vera", "role": "viewer"})
        assert added.status_code == 201
    refused = eve.post(members(made[10]), json={"account": "vera", "role": "viewer"})
    error = check_error(refused, 429, "too_many_requests")
    assert error["message"] == "A person may add 100 members in a day, to all projects together."
    assert int(refused.headers["Retry-After"]) > 80_000
    added = admin.post(members(made[10]), json={"account": "vera", "role": "viewer"})
    assert added.status_code == 201

    error = check_error(eve.post("/api/projects", json={"name": "One more"}), 409, "conflict")
    assert error["message"].startswith("You own 12 projects, those in the trash included; ")
    assert eve.delete(f"/api/projects/{made[0]}").status_code == 200
    check_error(eve.post("/api/projects", json={"name": "One more"}), 409, "conflict")
    assert eve.post(f"/api/projects/{made[0]}/delete-forever").status_code == 204
    assert eve.post("/api/projects", json={"name": "One more"}).status_code == 201
    assert {admin.post("/api/projects", json={"name": f"{n}"}).status_code for n in range(13)} == {201}


def test_nobody_gives_or_takes_a_role_above_their_own(people, project, check_error):
    mark, vera, eve = people["mark"], people["vera"], people["eve"]
    check_error(mark.post(members(project), json={"account": "eve", "role": "owner"}), 403, "forbidden")
    check_error(mark.patch(members(project, vera), json={"role": "owner"}), 403, "forbidden")
    check_error(mark.patch(members(project, people["olga"]), json={"role": "viewer"}), 403, "forbidden")
    check_error(mark.delete(members(project, people["olga"])), 403, "forbidden")
    check_error(mark.post(f"/api/projects/{project}/invitations", json={"role": "owner"}), 403, "forbidden")
    assert mark.patch(members(project, vera), json={"role": "reviewer"}).json["role"] == "reviewer"
    check_error(vera.post(members(project), json={"account": "eve", "role": "viewer"}), 403, "forbidden")
    check_error(vera.delete(members(project, people["mark"])), 403, "forbidden")
    assert mark.post(members(project), json={"account": eve.account, "role": "manager"}).status_code == 201
    again = mark.post(members(project), json={"account": "EVE", "role": "viewer"})
    check_error(again, 409, "conflict")


def test_the_last_owner_stays_and_everybody_else_may_leave(people, project, check_error):
    olga, mark, vera = people["olga"], people["mark"], people["vera"]
    check_error(olga.delete(members(project, olga)), 409, "conflict")
    check_error(olga.patch(members(project, olga), json={"role": "viewer"}), 409, "conflict")
    check_error(people["admin"].delete(members(project, olga)), 409, "conflict")
    assert vera.delete(members(project, vera)).status_code == 204
    check_error(vera.get(f"/api/projects/{project}"), 404, "project_not_found")
    assert olga.patch(members(project, mark), json={"role": "owner"}).status_code == 200
    assert olga.delete(members(project, olga)).status_code == 204
    assert roles(mark, project) == {"mark": "owner"}


def test_whether_a_name_exists_is_told_only_so_often(people, project, check_error):
    mark = people["mark"]
    for number in range(20):
        asked = {"account": f"nobody {number}", "role": "viewer"}
        check_error(mark.post(members(project), json=asked), 404, "account_not_found")
    refused = mark.post(members(project), json={"account": "eve", "role": "viewer"})
    check_error(refused, 429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) > 60
    assert people["olga"].post(members(project), json={"account": "eve", "role": "viewer"}).status_code == 201


def test_links_lead_into_the_project_until_whoever_made_them_may_not(people, project, check_error):
    mark, eve = people["mark"], people["eve"]

    def link():
        made = mark.post(f"/api/projects/{project}/invitations", json={"role": "annotator"})
        assert made.status_code == 201
        return new_link(made.json["path"])

    assert eve.post("/api/invitations/join", json={"secret": link()}).json == {"project": project}
    assert roles(eve, project)["eve"] == "annotator"
    waiting = link()
    people["olga"].patch(members(project, mark), json={"role": "viewer"})
    check_error(
        people["admin"].post("/api/invitations/join", json={"secret": waiting}), 404, "invitation_not_found"
    )


def test_a_role_counts_from_the_next_request_on(people, project, check_error):
    olga, vera = people["olga"], people["vera"]
    for role in ROLES:
        olga.patch(members(project, vera), json={"role": role})
        answer = vera.patch(f"/api/projects/{project}", json={"description": role})
        assert (answer.status_code == 200) == (role in ("manager", "owner"))


def test_events_name_who_did_something_though_they_have_left(people, project):
    olga, mark = people["olga"], people["mark"]
    mark.patch(f"/api/projects/{project}", json={"description": "Mark's"})
    assert mark.delete(members(project, mark)).status_code == 204
    events = olga.get(f"/api/projects/{project}/events").json["events"]
    actor = events[-1]["actor"]
    assert actor == f"account:{mark.account}"
    names = olga.get(members(project)).json["names"]
    assert names[mark.account] == "mark"
    assert people["eve"].account not in names


def test_a_server_for_one_person_has_no_members(make_app, check_error):
    client = make_app().test_client()
    check_error(client.get(members("default")), 404, "no_accounts")
    check_error(client.post(members("default"), json={"account": "a", "role": "viewer"}), 404, "no_accounts")


@pytest.fixture
def image(people, project, make_picture):
    sent = {"file": (io.BytesIO(make_picture()), "a.png")}
    return people["olga"].post(f"/api/projects/{project}/images", data=sent).json["id"]


@pytest.fixture
def watching(app, people, project, image):
    """Vera's socket, which watches an image."""
    socket = app.extensions["socketio"].test_client(app, flask_test_client=people["vera"])
    assert socket.emit("watch", {"image": image, "project": project}, callback=True)["ok"]
    return socket


def hears(socket, people, project, text):
    people["olga"].patch(f"/api/projects/{project}", json={"description": text})
    return [each["name"] for each in socket.get_received()]


def test_who_leaves_while_the_database_is_asked_where_they_are_stays_away(
    app, project, image, watching, monkeypatch
):
    services = app.extensions["samphire"]
    layer = services.project_images.layer

    def slow(*asked):
        assert gevent.spawn(watching.emit, "away", {}, callback=True).get()["ok"]
        return layer(*asked)

    monkeypatch.setattr(services.project_images, "layer", slow)
    answer = watching.emit("here", {"image": image, "project": project}, callback=True)
    assert answer["error"]["code"] == "conflict"
    assert services.live.sessions() == []
    monkeypatch.setattr(services.project_images, "layer", layer)
    assert watching.emit("here", {"image": image, "project": project}, callback=True)["ok"]


def test_whose_connection_ends_meanwhile_is_not_there_either(app, project, image, watching, monkeypatch):
    services = app.extensions["samphire"]
    layer = services.project_images.layer

    def slow(*asked):
        watching.disconnect()
        return layer(*asked)

    monkeypatch.setattr(services.project_images, "layer", slow)
    watching.emit("here", {"image": image, "project": project})
    assert services.live.sessions() == []


def test_who_loses_a_role_hears_nothing_more(app, people, project, image, watching):
    services = app.extensions["samphire"]
    assert hears(watching, people, project, "a") == ["project:changed"]
    assert services.bus.is_watched(image)
    assert watching.emit("here", {"image": image, "project": project}, callback=True)["ok"]
    watching.get_received()
    people["olga"].delete(members(project, people["vera"]))
    assert hears(watching, people, project, "b") == []
    assert not services.bus.is_watched(image)
    assert services.live.sessions() == []
    again = watching.emit("watch", {"image": image, "project": project}, callback=True)
    assert again["error"]["code"] == "project_not_found"


def test_who_signs_out_is_let_go(people, watching):
    assert people["vera"].post("/api/account/sign-out", json={"everywhere": False}).status_code == 204
    assert not watching.is_connected()


def test_an_expired_sign_in_hears_nothing_after_a_minute(app, people, project, watching, monkeypatch):
    with app.extensions["samphire"].db.write() as session:
        mine = session.query(SignIn).where(SignIn.account_id == people["vera"].account)
        mine.update({"expires_at": now() - timedelta(seconds=1)})
    assert hears(watching, people, project, "a") == ["project:changed"]  # nobody has looked yet
    monkeypatch.setattr(rooms, "_REVIEW_SECONDS", 0.0)
    people["olga"].patch(f"/api/projects/{project}", json={"description": "b"})
    gevent.sleep(0.05)
    assert not watching.is_connected()


def test_nobody_watches_or_leaves_what_is_others(app, people, project, image, watching, monkeypatch):
    services = app.extensions["samphire"]
    left = []
    monkeypatch.setattr(services.embeddings, "leave", left.append)
    stranger = app.extensions["socketio"].test_client(app, flask_test_client=people["eve"])
    own = people["eve"].post("/api/projects", json={"name": "Eve's"}).json["id"]
    for asked in ({"image": image}, {"image": image, "project": project}, {"image": image, "project": own}):
        told = stranger.emit("watch", asked, callback=True)
        none = stranger.emit("watch", asked | {"image": "0" * 16}, callback=True)
        assert not told["ok"]
        assert told == none
        assert stranger.emit("unwatch", asked, callback=True)["ok"]
    assert left == []
    predict = {"image": image, "seq": 1, "points": [[1, 1, 1]]}
    assert stranger.emit("predict", predict, callback=True)["error"]["code"] == "image_not_found"
    for event, sent in (("here", {"image": image}), ("hold", {"objects": ["a"]})):
        refused = stranger.emit(event, sent | {"project": project}, callback=True)
        assert refused["error"]["code"] == "project_not_found"
    inside = stranger.emit("here", {"image": image, "project": own}, callback=True)
    assert inside["error"]["code"] == "image_not_found"
    assert hears(stranger, people, project, "d") == []


def test_nobody_holds_objects_by_a_role_in_another_project(app, people, project, image, watching):
    own = people["vera"].post("/api/projects", json={"name": "Vera's"}).json["id"]
    assert watching.emit("here", {"image": image, "project": project}, callback=True)["ok"]
    for asked, code in ((project, "forbidden"), (own, "conflict")):  # in Olga's she looks, her own is another
        held = watching.emit("hold", {"objects": ["a"], "project": asked}, callback=True)
        assert held["error"]["code"] == code


def test_annotators_use_the_labels_there_are(people, project, image, make_annotation, check_error):
    address = f"/api/projects/{project}/images/{image}/annotations"
    people["olga"].patch(members(project, people["vera"]), json={"role": "annotator"})
    first = people["vera"].post(address, json=make_annotation())  # whoever draws first brings the first label
    assert first.status_code == 201
    listed = people["olga"].get(f"/api/projects/{project}/labels").json["labels"]
    assert [each["name"] for each in listed] == [first.json["label"]]
    refused = people["vera"].post(address, json=make_annotation(2, label="cat"))
    assert 'no label "cat"' in check_error(refused, 403, "forbidden")["message"]
    made = people["vera"].post(address, json=make_annotation(2))
    assert made.status_code == 201
    change = {"version": 1, "label": "cat", "color": "#000000"}
    check_error(people["vera"].patch(f"/api/annotations/{made.json['id']}", json=change), 403, "forbidden")
    assert people["mark"].patch(f"/api/annotations/{made.json['id']}", json=change).json["label"] == "cat"


def test_a_viewers_queue_has_nothing_encoded_ahead(app, people, project, image, monkeypatch):
    asked = []
    embeddings = app.extensions["samphire"].embeddings
    monkeypatch.setattr(embeddings, "ensure", lambda image, *_: asked.append(image.id))
    assert people["vera"].get(f"/api/projects/{project}/queue").json["next"] == [image]
    assert asked == []
    people["mark"].get(f"/api/projects/{project}/queue")
    assert asked == [image]
