"""Pages of accounts, as the server answers them: to whom, where they lead, and what a browser may keep."""

import pytest

from server.web.acting import PAGE_OF
from tests.web.team import person, visitor

HTML = {"Accept": "text/html"}


@pytest.fixture
def team(make_app):
    return make_app(team=True)


def test_browsers_keep_no_page_of_a_team(team, client):
    ann = person(team, "Ann")
    for path in ("/", "/account", "/people", "/trash", "/projects/default", "/projects/none"):
        assert ann.get(path, headers=HTML).headers["Cache-Control"] == "no-store", path
    assert visitor(team).get("/sign-in").headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "no-cache"


def test_a_page_says_whose_it_is(team, client):
    ann = person(team, 'Ann "& <b>')
    page = ann.get("/").text
    assert f'data-account="{ann.account}" data-account-name="Ann &#34;&amp; &lt;b&gt;" data-admin>' in page
    assert "data-admin" not in person(team, "Bob").get("/").text
    assert "data-account" not in visitor(team).get("/sign-in").text
    assert "data-account" not in client.get("/").text


def test_a_page_of_somebody_else_does_nothing(team):
    ann, bob = person(team, "Ann"), person(team, "Bob")
    answer = bob.post("/api/projects", json={"name": "Views"}, headers={PAGE_OF: ann.account})
    assert answer.status_code == 401
    assert "Somebody else is signed in" in answer.json["error"]["message"]
    assert (
        bob.post("/api/projects", json={"name": "Views"}, headers={PAGE_OF: bob.account}).status_code == 201
    )


@pytest.mark.parametrize(
    "way", ["//evil", "/\\evil", "\\\\evil", "https://evil", "evil", "/\t/evil", "/\r\n/evil", ""]
)
def test_signing_in_leads_nowhere_else(team, way):
    ann = person(team, "Ann")
    assert ann.get("/sign-in", query_string={"next": way}).headers["Location"] == "/"
    assert '"next": "/"' in visitor(team).get("/sign-in", query_string={"next": way}).text


def test_signing_in_leads_back(team):
    ann = person(team, "Ann")
    asked = visitor(team).get("/projects/default?state=new", headers=HTML)
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        "/sign-in?next=%2Fprojects%2Fdefault%3Fstate%3Dnew",
    )
    assert ann.get(asked.headers["Location"]).headers["Location"] == "/projects/default?state=new"


def test_under_a_base_path_it_leads_below_it(make_app):
    app = make_app(team=True, base_path="/samphire")
    ann = person(app, "Ann")
    there = ann.get("/samphire/sign-in?next=/trash")
    assert there.headers["Location"] == "/samphire/trash"


def test_only_administrators_see_people(team):
    person(team, "Ann")
    bob = person(team, "Bob")
    assert bob.get("/people", headers=HTML).status_code == 403
    assert bob.get("/account", headers=HTML).status_code == 200


def test_a_server_for_one_person_has_none_of_them(client):
    assert client.get("/sign-in").headers["Location"] == "/"
    for path in ("/join", "/account", "/people"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 404
        assert "This server has no accounts." in answer.text
