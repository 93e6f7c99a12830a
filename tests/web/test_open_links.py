"""Links that nobody has followed yet: who sees and revokes which, and that they end with the right to make them."""

import pytest

from server.domain.policy import MACHINE, OWNER, Actor
from server.features.accounts.secrets import hash_of
from server.storage.tables import Invitation
from tests.web.team import PASSWORD, new_link, person, program, visitor
from tests.web.test_openapi import SCHEMAS, check

LINKS = "/api/invitations"


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def people(app):
    """By name; Ann is an administrator."""
    return {name: person(app, name) for name in ("Ann", "olga", "mark", "vera")}


@pytest.fixture
def project(people):
    """Olga's, in which Mark is a manager and Vera an annotator."""
    made = people["olga"].post("/api/projects", json={"name": "Dogs"}).json["id"]
    for name, role in (("mark", "manager"), ("vera", "annotator")):
        people["olga"].post(f"/api/projects/{made}/members", json={"account": name, "role": role})
    return made


def of(project):
    return f"/api/projects/{project}/invitations"


def listed(client, address=LINKS):
    answer = client.get(address)
    assert answer.status_code == 200, answer.json
    check(SCHEMAS["OpenLinkList"], answer.json, "")
    return answer.json["links"]


def follow(app, secret, name="Eve"):
    body = {"secret": secret, "name": name, "password": PASSWORD}
    return visitor(app).post(f"{LINKS}/accept", json=body)


def test_an_administrator_sees_all_links_and_no_secret(app, people, project):
    ann = people["Ann"]
    made = [
        ann.post(LINKS, json={"is_admin": True}).json["path"],
        ann.post(f"/api/accounts/{people['vera'].account}/reset").json["path"],
        people["mark"].post(of(project), json={"role": "annotator"}).json["path"],
        app.extensions["samphire"].invitations.create(OWNER).path,
    ]
    links = listed(ann)
    assert [
        (each["purpose"], each["name"], each["is_admin"], each["project"], each["role"], each["invited_by"])
        for each in reversed(links)
    ] == [
        ("new", None, True, None, None, "Ann"),
        ("password", "vera", False, None, None, "Ann"),
        ("new", None, False, "Dogs", "annotator", "mark"),
        ("new", None, False, None, None, None),
    ]
    assert [each["project_id"] for each in links if each["project"]] == [project]
    whole = ann.get(LINKS).text
    for path in made:
        secret = new_link(path)
        assert secret not in whole
        assert all(each["id"] not in hash_of(secret) for each in links)
    assert follow(app, links[0]["id"]).status_code == 404


def test_a_link_that_was_taken_back_works_no_more(app, people, check_error):
    ann = people["Ann"]
    kept, gone = (new_link(ann.post(LINKS, json={"is_admin": False}).json["path"]) for _ in range(2))
    first = listed(ann)[0]["id"]
    assert ann.delete(f"{LINKS}/{first}").status_code == 204
    check_error(ann.delete(f"{LINKS}/{first}"), 404, "not_found")
    check_error(follow(app, gone), 404, "invitation_not_found")
    assert follow(app, kept).status_code == 200
    assert listed(ann) == []


def test_managers_see_and_take_back_links_into_their_project_only(people, project, check_error):
    ann, olga, mark = people["Ann"], people["olga"], people["mark"]
    ann.post(LINKS, json={"is_admin": True})
    other = olga.post("/api/projects", json={"name": "Cats"}).json["id"]
    olga.post(of(other), json={"role": "viewer"})
    olga.post(of(project), json={"role": "owner"})
    olga.post(of(project), json={"role": "viewer"})
    viewer, owner = listed(mark, of(project))
    assert (viewer["role"], owner["role"], owner["invited_by"]) == ("viewer", "owner", "olga")
    check_error(mark.delete(f"{of(project)}/{owner['id']}"), 403, "forbidden")
    for each in listed(ann):
        if each["project_id"] != project:
            check_error(mark.delete(f"{of(project)}/{each['id']}"), 404, "not_found")
    assert mark.delete(f"{of(project)}/{viewer['id']}").status_code == 204
    assert [each["role"] for each in listed(olga, of(project))] == ["owner"]
    assert len(listed(ann)) == 3
    for client in (mark, people["vera"]):
        check_error(client.get(LINKS), 403, "forbidden")
        check_error(client.delete(f"{LINKS}/{owner['id']}"), 403, "forbidden")
    check_error(people["vera"].get(of(project)), 403, "forbidden")
    check_error(program(mark.application, mark, "write").get(of(project)), 403, "forbidden")


def disable(people, project):
    people["Ann"].post(f"/api/accounts/{people['mark'].account}/disable")


def lower(people, project):
    people["olga"].patch(f"/api/projects/{project}/members/{people['mark'].account}", json={"role": "viewer"})


def remove(people, project):
    people["olga"].delete(f"/api/projects/{project}/members/{people['mark'].account}")


@pytest.mark.parametrize("end", [disable, lower, remove])
def test_a_managers_links_end_with_the_right_to_make_them(app, people, project, check_error, end):
    """Also one that was being made in that moment."""
    mark = people["mark"]
    secret = new_link(mark.post(of(project), json={"role": "viewer"}).json["path"])
    olgas = new_link(people["olga"].post(of(project), json={"role": "viewer"}).json["path"])
    end(people, project)
    late = Actor("account", mark.account)
    late = app.extensions["samphire"].invitations.create(late, project_id=project, role="viewer").path
    for each in (secret, new_link(late)):
        check_error(follow(app, each), 404, "invitation_not_found")
    assert [each["invited_by"] for each in listed(people["olga"], of(project))] == ["olga"]
    assert follow(app, olgas).status_code == 200


@pytest.mark.parametrize("how", ["demoted", "disabled"])
def test_an_administrators_links_end_with_the_right_to_make_them(app, people, project, check_error, how):
    ann, bob = people["Ann"], person(app, "Bob", is_admin=True)
    made = [
        bob.post(LINKS, json={"is_admin": False}).json["path"],
        bob.post(f"/api/accounts/{people['vera'].account}/reset").json["path"],
        bob.post(of(project), json={"role": "viewer"}).json["path"],
    ]
    if how == "demoted":
        ann.patch(f"/api/accounts/{bob.account}", json={"is_admin": False})
    else:
        ann.post(f"/api/accounts/{bob.account}/disable")
    late = Actor("account", bob.account)
    create = app.extensions["samphire"].invitations.create
    made += [create(late).path, create(late, is_admin=True).path]
    made += [create(late, project_id=project, role="viewer").path]
    for path in made:
        check_error(follow(app, new_link(path)), 404, "invitation_not_found")
    assert listed(ann) == []


def test_a_manager_gives_no_role_above_their_own_by_a_link_of_before(app, people, project, check_error):
    """An owner who became a manager: the link into the project as an owner ends, though managers may invite."""
    olga, mark = people["olga"], people["mark"]
    olga.patch(f"/api/projects/{project}/members/{mark.account}", json={"role": "owner"})
    late = Actor("account", olga.account)
    olga.patch(f"/api/projects/{project}/members/{olga.account}", json={"role": "manager"})
    create = app.extensions["samphire"].invitations.create
    above, own = (new_link(create(late, project_id=project, role=role).path) for role in ("owner", "manager"))
    check_error(follow(app, above), 404, "invitation_not_found")
    assert follow(app, own).status_code == 200


def test_links_of_the_machine_itself_stay(app, people):
    create = app.extensions["samphire"].invitations.create
    for actor, name in ((OWNER, "Eve"), (MACHINE, "Fred")):
        assert follow(app, new_link(create(actor).path), name).status_code == 200


def test_links_of_an_account_that_is_gone_end(app, people, check_error):
    secret = new_link(people["Ann"].post(LINKS, json={"is_admin": False}).json["path"])
    with app.extensions["samphire"].db.write() as session:
        session.query(Invitation).update({"invited_by": "account:nobody"})
    check_error(follow(app, secret), 404, "invitation_not_found")


def test_a_server_without_accounts_has_no_links(make_app, check_error):
    client = make_app().test_client()
    for address in (LINKS, of("default")):
        check_error(client.get(address), 404, "no_accounts")
        check_error(client.delete(f"{address}/{16 * '0'}"), 404, "no_accounts")
