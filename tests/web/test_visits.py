"""Following links into projects: who one is then, for how long, and how often."""

import threading

import pytest

from server.features.accounts.secrets import hash_of
from server.features.links import visits
from server.storage.tables import Visitor, now
from tests.web.team import person, visitor
from tests.web.test_openapi import SCHEMAS, check
from tests.web.test_pages import HTML
from tests.web.visiting import COOKIE, KINDS, change, follow, listed, make_link, visiting


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


def test_opening_a_link_begins_a_visit(app, olga, project):
    link = make_link(olga, project)
    stranger = visitor(app)
    answer = follow(stranger, link["token"])
    assert (answer.status_code, answer.json) == (200, {"path": f"/projects/{project}"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert link["token"] not in cookie
    known = stranger.get("/api/account").json
    check(SCHEMAS["Visitor"], known, "")
    assert known["account"] is None
    told = {"kind": "view", "project": project, "image": None, "name": ""}
    assert {name: known["visit"][name] for name in told} == told
    page = stranger.get(f"/projects/{project}", headers=HTML)
    assert page.status_code == 200
    assert f'data-visitor="{known["visit"]["id"]}"' in page.text
    [link] = listed(olga, project)
    assert (link["uses"], link["used_at"] is not None) == (1, True)


@pytest.mark.sqlite
def test_what_is_kept_of_a_visit_is_the_hash_of_its_cookie(app, olga, project):
    stranger = visiting(app, make_link(olga, project))
    secret = stranger.get_cookie(COOKIE).value
    data = (app.extensions["samphire"].settings.data_path / "samphire.db").read_bytes()
    wal = app.extensions["samphire"].settings.data_path / "samphire.db-wal"
    data += wal.read_bytes() if wal.exists() else b""
    assert hash_of(secret).encode() in data
    assert secret.encode() not in data


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("max_uses", [1, 2, None])
def test_opening_it_again_in_the_same_browser_is_no_other_use(app, olga, project, max_uses, kind):
    link = make_link(olga, project, kind, max_uses=max_uses, password="a password")
    stranger = visiting(app, link, password="a password")
    page = stranger.get(link["path"], headers=HTML)
    assert page.status_code == 200
    assert "<input" not in page.text  # the visit goes on as it is
    again = follow(stranger, link["token"])
    assert again.status_code == 200
    assert "Set-Cookie" not in again.headers
    assert listed(olga, project)[0]["uses"] == 1
    elsewhere = visitor(app)
    assert elsewhere.get(link["path"], headers=HTML).status_code == (404 if max_uses == 1 else 200)


def test_members_go_on_as_who_they_are(app, people, project):
    link = make_link(people["olga"], project, "annotate", password="a password")
    answer = follow(people["vera"], link["token"])
    assert (answer.status_code, answer.json) == (200, {"path": f"/projects/{project}"})
    assert "Set-Cookie" not in answer.headers
    assert listed(people["olga"], project)[0]["uses"] == 0


@pytest.mark.parametrize("max_uses", [1, None])
def test_a_sign_in_goes_before_the_visit_of_another_project(app, people, olga, project, max_uses):
    cats = olga.post("/api/projects", json={"name": "Cats"}).json["id"]
    link = make_link(olga, project, "annotate", max_uses=max_uses)
    if max_uses == 1:
        visiting(app, link)  # uses it up
    vera = people["vera"]
    assert follow(vera, make_link(olga, cats)["token"]).status_code == 200
    assert vera.get(f"/api/projects/{project}").status_code == 404  # the account is put aside
    kept = vera.get_cookie(COOKIE).value
    page = vera.get(link["path"], headers=HTML)
    assert page.status_code == 200
    assert "<input" not in page.text
    assert follow(vera, link["token"]).json == {"path": f"/projects/{project}"}
    assert [each["uses"] for each in listed(olga, project)] == [int(max_uses == 1)]
    assert vera.get("/api/account").json["account"]["name"] == "vera"
    assert vera.get(f"/api/projects/{project}").json["role"] == "annotator"
    stranger = visitor(app)
    stranger.set_cookie(COOKIE, kept)  # replayed
    assert stranger.get(f"/api/projects/{cats}").status_code == 401


def test_a_sign_in_goes_before_a_visit_where_it_gets_a_role(app, people, olga, project):
    eve = person(app, "Eve")
    assert follow(eve, make_link(olga, project, "annotate")["token"], name="Ana").status_code == 200
    assert eve.get("/api/account").json["account"] is None
    olga.post(f"/api/projects/{project}/members", json={"account": "Eve", "role": "viewer"})
    assert eve.get("/api/account").json["account"]["name"] == "Eve"
    assert eve.get(f"/api/projects/{project}").json["role"] == "viewer"


def test_somebody_with_another_account_visits_until_they_leave_or_sign_in(app, olga, project):
    link, eve = make_link(olga, project), person(app, "Eve")
    assert eve.get(f"/api/projects/{project}").status_code == 404
    assert follow(eve, link["token"]).status_code == 200
    assert eve.get(f"/api/projects/{project}").status_code == 200
    assert eve.get("/api/projects").status_code == 403  # the account is put aside
    answer = eve.post("/api/links/leave")
    assert answer.status_code == 204
    assert eve.get("/api/account").json["account"]["name"] == "Eve"
    assert eve.get(f"/api/projects/{project}").status_code == 404
    assert follow(eve, link["token"]).status_code == 200
    services = app.extensions["samphire"]
    services.accounts._passwords.matches = lambda stored, password: True
    answer = eve.post("/api/account/sign-in", json={"name": "Eve", "password": "correct horse"})
    assert answer.json["visit"] is None
    assert eve.get("/api/projects").status_code == 200


@pytest.mark.parametrize("kind", ["annotate", "review"])
def test_who_saves_something_has_a_name(app, olga, project, kind, check_error):
    link, stranger = make_link(olga, project, kind), visitor(app)
    assert 'autocomplete="nickname"' in stranger.get(link["path"], headers=HTML).text
    check_error(follow(stranger, link["token"]), 400, "bad_request")
    for odd in ("", " ", "a\nb", "\u202eAna", "x" * 65, "p\u0430ul", "\u3164"):
        check_error(follow(stranger, link["token"], name=odd), 400, "invalid_account")
    assert follow(stranger, link["token"], name=" Ana ").status_code == 200
    assert stranger.get("/api/account").json["visit"]["name"] == "Ana (visitor)"


def test_the_last_use_is_one_visitors_alone(app, olga, project):
    link = make_link(olga, project, max_uses=3)
    found: list[int] = []

    def race():
        found.append(follow(visitor(app), link["token"]).status_code)

    racing = [threading.Thread(target=race) for _ in range(8)]
    for each in racing:
        each.start()
    for each in racing:
        each.join()
    assert sorted(found) == [200] * 3 + [404] * 5
    assert (listed(olga, project)[0]["uses"], listed(olga, project)[0]["state"]) == (3, "used_up")


@pytest.mark.parametrize("end", ["revoked", "expired", "maker", "disabled", "deleted", "left"])
def test_a_visit_ends_with_its_link(app, people, olga, project, end, check_error):
    maker = people["mark"]
    link = make_link(maker, project)
    stranger = visiting(app, link)
    kept = stranger.get_cookie(COOKIE).value
    address = f"/api/projects/{project}"
    assert stranger.get(address).status_code == 200
    if end == "revoked":
        olga.delete(f"{address}/links/{link['id']}")
    elif end == "expired":
        change(app, link, expires_at=now())
    elif end == "maker":
        olga.delete(f"{address}/members/{maker.account}")
    elif end == "disabled":
        people["Ann"].post(f"/api/accounts/{maker.account}/disable")
    elif end == "deleted":
        olga.delete(address)
    else:
        stranger.post("/api/links/leave")
        stranger.set_cookie(COOKIE, kept)  # replayed
    check_error(stranger.get(address), 401, "visit_ended")
    stranger.set_cookie(COOKIE, kept)
    page = stranger.get(f"/projects/{project}", headers=HTML)
    assert page.status_code == 401
    assert "this visit has ended" in page.text
    assert f"{COOKIE}=;" in page.headers["Set-Cookie"]


def test_a_visit_ends_after_a_month(app, olga, project, monkeypatch, check_error):
    link = make_link(olga, project, days=365)
    monkeypatch.setattr(visits, "_DAYS", 0)
    stranger = visitor(app)
    assert follow(stranger, link["token"]).status_code == 200
    check_error(stranger.get(f"/api/projects/{project}"), 401, "visit_ended")
    follow(visitor(app), link["token"])
    with app.extensions["samphire"].db.read() as session:
        assert session.query(Visitor).count() == 1  # what is over and has no name is forgotten


def test_a_change_by_a_visitors_cookie_says_which_page_asks(app, olga, project, check_error):
    stranger = visiting(app, make_link(olga, project, "annotate"))
    del stranger.environ_base["HTTP_ORIGIN"]
    check_error(stranger.post("/api/links/leave"), 403, "forbidden")
    elsewhere = {"Origin": "http://evil.example"}
    check_error(stranger.post("/api/links/leave", headers=elsewhere), 403, "forbidden")


def test_a_page_of_one_visit_does_nothing_in_the_name_of_another(app, olga, project, check_error):
    guest = visiting(app, make_link(olga, project, "annotate"))
    address = f"/api/projects/{project}"
    assert guest.get(address, headers={"Samphire-Account": guest.visitor}).status_code == 200
    for other in ("v0000000000000000", olga.account):
        check_error(guest.get(address, headers={"Samphire-Account": other}), 401, "unauthorized")
