"""Links that work once: for the first account, for more of them, into projects, and for a new password."""

from datetime import timedelta

import pytest

from server.domain.policy import MACHINE
from server.storage.rows import members
from server.storage.tables import Invitation, now
from tests.web.team import PASSWORD, machine, new_link, person, sign_in, visitor
from tests.web.test_openapi import SCHEMAS, check

ORDINARY = {"is_admin": False, "is_first": False}
LINKS, ALL = "/api/invitations", "/api/accounts"


@pytest.fixture
def app(make_app):
    return make_app(team=True)


def follow(client, secret, **more):
    return client.post(f"{LINKS}/accept", json={"secret": secret, "password": PASSWORD, **more})


def role(app, project, account):
    with app.extensions["samphire"].db.read() as session:
        member = members.find(session, project, account)
    return None if member is None else member.role


def into_project(app, project, wanted):
    """The secret of a link into a project."""
    return new_link(
        app.extensions["samphire"].invitations.create(MACHINE, project_id=project, role=wanted).path
    )


def test_the_first_link_makes_the_owner_of_everything_there_is(app, check_error):
    """As when the folder of a server without accounts becomes a team's."""
    kept = machine(app).post("/api/projects", json={"name": "Dogs"}).json["id"]
    invitations = app.extensions["samphire"].invitations
    replaced, secret = new_link(invitations.first()), new_link(invitations.first())
    client = visitor(app)
    check_error(follow(client, replaced, name="Ann"), 404, "invitation_not_found")
    answer = follow(client, secret, name="Ann")
    assert (answer.status_code, answer.json["account"]["is_admin"]) == (200, True)
    ann = answer.json["account"]["id"]
    assert (role(app, kept, ann), role(app, "default", ann)) == ("owner", "owner")
    assert client.get("/api/projects").status_code == 200
    assert invitations.first() is None
    check_error(follow(visitor(app), secret, name="Eve"), 404, "invitation_not_found")


def test_the_first_account_ends_the_link_that_was_for_it(app, check_error):
    secret = new_link(app.extensions["samphire"].invitations.first())
    person(app, "Ann")  # made by a command
    check_error(follow(visitor(app), secret, name="Eve"), 404, "invitation_not_found")


def test_an_administrator_invites(app, check_error):
    ann = person(app, "Ann")
    made = ann.post("/api/invitations", json={"is_admin": False})
    check(SCHEMAS["InvitationLink"], made.json, "")
    secret, client = new_link(made.json["path"]), visitor(app)
    opened = client.post(f"{LINKS}/open", json={"secret": secret}).json
    assert opened == ORDINARY | {"purpose": "new", "name": None, "project": None, "role": None}
    check_error(follow(client, secret), 400, "invalid_account")
    check_error(follow(client, secret, name="ann"), 409, "name_taken")
    answer = follow(client, secret, name="Bob")
    assert (answer.status_code, answer.json["account"]["is_admin"]) == (200, False)
    check_error(client.get(ALL), 403, "forbidden")
    check_error(follow(client, secret, name="Eve"), 404, "invitation_not_found")


def test_a_link_for_a_password_ends_what_the_old_one_signed_in(app, check_error):
    ann, bob = person(app, "Ann"), person(app, "Bob")
    replaced = new_link(ann.post(f"{ALL}/{bob.account}/reset").json["path"])
    secret = new_link(ann.post(f"{ALL}/{bob.account}/reset").json["path"])
    client = visitor(app)
    check_error(client.post(f"{LINKS}/open", json={"secret": replaced}), 404, "invitation_not_found")
    opened = client.post(f"{LINKS}/open", json={"secret": secret}).json
    assert opened == ORDINARY | {"purpose": "password", "name": "Bob", "project": None, "role": None}
    assert bob.get("/api/projects").status_code == 200
    answer = follow(client, secret, name="Ann")  # another name is not taken
    assert answer.json["account"] == {"id": bob.account, "name": "Bob", "is_admin": False}
    assert bob.get("/api/projects").status_code == 401
    entered = visitor(app).post("/api/account/sign-in", json={"name": "Bob", "password": PASSWORD})
    assert entered.status_code == 200


def test_a_link_into_a_project_gives_a_new_account_its_role(app):
    person(app, "Ann")
    project = machine(app).post("/api/projects", json={"name": "Dogs"}).json["id"]
    secret, client = into_project(app, project, "annotator"), visitor(app)
    opened = client.post(f"{LINKS}/open", json={"secret": secret}).json
    about = {"purpose": "new", "name": None, "project": "Dogs", "role": "annotator"}
    assert opened == ORDINARY | about
    account = follow(client, secret, name="Bob").json["account"]["id"]
    assert role(app, project, account) == "annotator"
    assert role(app, "default", account) is None


@pytest.mark.parametrize(
    ("had", "given", "has"), [("viewer", "manager", "manager"), ("owner", "viewer", "owner")]
)
def test_who_is_signed_in_joins_a_project_and_loses_nothing(app, check_error, had, given, has):
    person(app, "Ann")
    bob = person(app, "Bob")
    project = machine(app).post("/api/projects", json={"name": "Dogs"}).json["id"]
    for wanted in (had, given):
        secret = into_project(app, project, wanted)
        assert bob.post(f"{LINKS}/join", json={"secret": secret}).json == {"project": project}
        check_error(bob.post(f"{LINKS}/join", json={"secret": secret}), 404, "invitation_not_found")
    assert role(app, project, bob.account) == has


def test_a_link_for_an_account_or_a_password_joins_nothing(app, check_error):
    ann, bob = person(app, "Ann"), person(app, "Bob")
    admin = new_link(ann.post("/api/invitations", json={"is_admin": True}).json["path"])
    password = new_link(ann.post(f"{ALL}/{ann.account}/reset").json["path"])
    for secret in (admin, password):
        check_error(bob.post(f"{LINKS}/join", json={"secret": secret}), 409, "conflict")
    assert not bob.get("/api/account").json["account"]["is_admin"]


def test_a_link_has_an_end(app, check_error):
    secret = new_link(app.extensions["samphire"].invitations.create(MACHINE).path)
    with app.extensions["samphire"].db.write() as session:
        session.query(Invitation).update({"expires_at": now() - timedelta(seconds=1)})
    for path in ("open", "accept"):
        body = {"secret": secret, "name": "Eve", "password": PASSWORD}
        check_error(visitor(app).post(f"{LINKS}/{path}", json=body), 404, "invitation_not_found")


def test_following_a_link_replaces_who_is_signed_in(app):
    ann, bob = person(app, "Ann"), person(app, "Bob")
    before = sign_in(app, ann, ann.account)
    secret = new_link(ann.post(f"{ALL}/{bob.account}/reset").json["path"])
    assert follow(ann, secret).json["account"]["name"] == "Bob"
    assert app.extensions["samphire"].accounts.of_sign_in(before) is None
