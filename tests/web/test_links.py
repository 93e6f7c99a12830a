"""Links that lead strangers into a project: made, listed and revoked, and that nobody guesses one."""

import pytest

from server.features.accounts.limits import Limit
from server.features.accounts.secrets import hash_of
from server.features.links import service
from server.storage.tables import Link, now
from tests.web.team import person, program, visitor
from tests.web.test_openapi import SCHEMAS, check
from tests.web.test_pages import HTML
from tests.web.visiting import change, follow, listed, make_link, visiting


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def people(app):
    """By name; Ann is an administrator."""
    return {name: person(app, name) for name in ("Ann", "olga", "mark", "vera")}


@pytest.fixture
def olga(people):
    return people["olga"]


@pytest.fixture
def project(olga):
    """Olga's, in which Mark is a manager and Vera an annotator."""
    made = olga.post("/api/projects", json={"name": "Dogs"}).json["id"]
    for name, role in (("mark", "manager"), ("vera", "annotator")):
        olga.post(f"/api/projects/{made}/members", json={"account": name, "role": role})
    return made


def test_a_link_is_shown_once_and_kept_as_its_hash(app, people, olga, project):
    link = make_link(olga, project, "try", name="For the workshop", password="a password", max_uses=3)
    check(SCHEMAS["MadeLink"], {name: each for name, each in link.items() if name != "token"}, "")
    [known] = listed(people["mark"], project)
    assert link["path"] not in str(known)
    told = (known["kind"], known["name"], known["has_password"], known["made_by"], known["max_uses"])
    assert told == ("try", "For the workshop", True, "olga", 3)
    assert (known["state"], known["uses"], known["used_at"], known["image"]) == ("works", 0, None, None)
    with app.extensions["samphire"].db.read() as session:
        row = session.get(Link, link["id"])
        assert row.secret_hash == hash_of(link["token"])
        assert row.password_hash.startswith("$argon2id$")
        assert link["token"] not in str(vars(row))


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "own", "days": 1}, {"kind": "view"}, {"kind": "view", "days": 0}, {"kind": "view", "days": 366},
        {"kind": "view", "days": 1, "max_uses": 0}, {"kind": "view", "days": 1, "password": "short"},
        {"kind": "view", "days": 1, "name": "x" * 101}, {"kind": "view", "days": 1, "name": "two\nlines"},
    ],
)  # fmt: skip
def test_a_link_has_bounds(olga, project, body, check_error):
    check_error(olga.post(f"/api/projects/{project}/links", json=body), 400, "bad_request")


def test_managers_make_and_revoke_links(app, people, olga, project, check_error):
    address = f"/api/projects/{project}/links"
    link = make_link(people["mark"], project)
    for name, status in (("vera", 403), ("Ann", 200)):
        assert people[name].get(address).status_code == status
        body = {"kind": "view", "days": 1}
        assert people[name].post(address, json=body).status_code == (201 if status == 200 else status)
        assert people[name].delete(f"{address}/{link['id']}").status_code == (
            204 if status == 200 else status
        )
    writing = program(app, olga, "write")
    check_error(writing.get(address), 403, "forbidden")
    assert listed(program(app, olga, "manage"), project)
    check_error(olga.delete(f"{address}/{'0' * 16}"), 404, "link_not_found")
    other = olga.post("/api/projects", json={"name": "Other"}).json["id"]
    check_error(olga.delete(f"/api/projects/{other}/links/{link['id']}"), 404, "link_not_found")


def test_so_many_links_of_a_project_work_at_once(olga, project, monkeypatch, check_error):
    monkeypatch.setattr(service, "MOST_WORKING", 2)
    first, _ = (make_link(olga, project) for _ in range(2))
    body = {"kind": "view", "days": 1}
    check_error(olga.post(f"/api/projects/{project}/links", json=body), 409, "conflict")
    olga.delete(f"/api/projects/{project}/links/{first['id']}")
    make_link(olga, project)
    assert [each["state"] for each in listed(olga, project)] == ["works", "works", "revoked"]


def test_looking_at_a_link_uses_nothing_up(app, olga, project):
    link = make_link(olga, project, name="For <b>all</b>", max_uses=1)
    stranger = visitor(app)
    for _ in range(3):
        page = stranger.get(link["path"], headers=HTML)
        assert page.status_code == 200
        assert "Set-Cookie" not in page.headers
    assert "For &lt;b&gt;all&lt;/b&gt;" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page.text
    assert listed(olga, project)[0]["uses"] == 0


@pytest.mark.parametrize("end", ["revoked", "expired", "used up", "never", "maker", "deleted"])
def test_a_link_that_does_not_work_is_as_one_that_never_was(app, people, olga, project, end, check_error):
    stranger, maker = visitor(app), people["mark"]
    link = make_link(maker, project, "annotate", password="a password", max_uses=1)
    never = "x" * 43
    first = stranger.get(f"/s/{never}", headers=HTML)
    assert first.status_code == 404
    assert "This share link does not work" in first.text
    token = link["token"]
    if end == "revoked":
        olga.delete(f"/api/projects/{project}/links/{link['id']}")
    elif end == "expired":
        change(app, link, expires_at=now())
    elif end == "used up":
        visiting(app, link, password="a password")
    elif end == "maker":
        olga.patch(f"/api/projects/{project}/members/{maker.account}", json={"role": "annotator"})
    elif end == "deleted":
        olga.delete(f"/api/projects/{project}")
    else:
        token = "y" * 43
    page = stranger.get(f"/s/{token}", headers=HTML)
    assert (page.status_code, page.text) == (404, first.text)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for more in ({}, {"name": "Ana"}, {"name": "Ana", "password": "wrong one"}):
        check_error(follow(stranger, token, **more), 404, "link_not_found")


def test_a_password_is_asked_for(app, olga, project, check_error):
    link, stranger = make_link(olga, project, password="a password"), visitor(app)
    assert 'type="password"' in stranger.get(link["path"], headers=HTML).text
    check_error(follow(stranger, link["token"]), 403, "link_password_wrong")
    check_error(follow(stranger, link["token"], password="wrong one"), 403, "link_password_wrong")
    assert listed(olga, project)[0]["uses"] == 0
    assert follow(stranger, link["token"], password="a password").status_code == 200


def test_passwords_are_tried_only_so_often(app, olga, project, check_error):
    link, stranger = make_link(olga, project, password="a password"), visitor(app)
    app.extensions["samphire"].visits._passwords.matches = lambda stored, password: password == "a password"
    for _ in range(10):
        check_error(follow(stranger, link["token"], password="wrong one"), 403, "link_password_wrong")
    refused = follow(stranger, link["token"], password="a password")
    check_error(refused, 429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) > 60
    elsewhere = visitor(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert follow(elsewhere, link["token"], password="a password").status_code == 200


def test_guessing_is_limited(app, olga, project, check_error):
    link, stranger = make_link(olga, project), visitor(app)
    for number in range(30):
        assert stranger.get(f"/s/{number:043}").status_code == 404
        check_error(follow(stranger, f"{number:043}"), 404, "link_not_found")
    check_error(follow(stranger, link["token"]), 429, "too_many_requests")
    assert stranger.get(link["path"], headers=HTML).status_code == 429
    elsewhere = visitor(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert follow(elsewhere, link["token"]).status_code == 200


@pytest.mark.parametrize("end", ["revoked", "expired", "used up"])
def test_what_was_a_link_is_no_guess(app, olga, project, end):
    """Many open the same address behind one of their own, long after it ended."""
    dead, link, stranger = make_link(olga, project, max_uses=1), make_link(olga, project), visitor(app)
    app.extensions["samphire"].visits._guesses = Limit(2, 60.0)
    if end == "revoked":
        olga.delete(f"/api/projects/{project}/links/{dead['id']}")
    elif end == "expired":
        change(app, dead, expires_at=now())
    else:
        visiting(app, dead)
    for _ in range(2):
        assert stranger.get(dead["path"], headers=HTML).status_code == 404
        assert follow(stranger, dead["token"]).status_code == 404
    assert follow(stranger, link["token"]).status_code == 200


def test_making_and_revoking_is_in_the_history(olga, project):
    link = make_link(olga, project, "try")
    olga.delete(f"/api/projects/{project}/links/{link['id']}")
    entries = olga.get(f"/api/projects/{project}/history").json["entries"]
    assert [each["what"] for each in entries[:2]] == ["link_revoked", "link_made"]
    events = olga.get(f"/api/projects/{project}/events").text
    assert link["token"] not in events
    assert hash_of(link["token"]) not in events


def test_a_server_without_accounts_has_no_links(make_app, tmp_path, check_error):
    client = make_app(data=str(tmp_path / "own")).test_client()
    check_error(client.get("/api/projects/default/links"), 404, "no_accounts")
    check_error(
        client.post("/api/projects/default/links", json={"kind": "view", "days": 1}), 404, "no_accounts"
    )
    check_error(follow(client, "x" * 43), 404, "no_accounts")
