"""Where people come in: signing in, following links, signing out; and what none of it lets through."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.annotating import PATIENCE_S
from tests.browser.team import PASSWORD
from tests.web.live.running import Server

XSS = "<img src=x onerror=window.hit=1>"


def fill_in(page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def at(page, base: str, path: str) -> None:
    page.wait_for_url(base + path, timeout=1000 * PATIENCE_S, wait_until="domcontentloaded")


def test_a_page_asks_to_sign_in_and_then_opens(new_page, team, problems):
    ann = team.person()
    project = ann.project()
    page = new_page()
    page.goto(f"{team.base}/projects/{project['id']}?state=new")
    assert "/sign-in?next=" in page.url
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_attribute("autocomplete", "username")
    expect(page.get_by_label("Password")).to_have_attribute("autocomplete", "current-password")
    problems.allow(r"status of 401")
    button = page.get_by_role("button", name="Sign in").bounding_box()
    fill_in(page, ann.name, "not the password")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Password")).to_be_focused()
    assert page.get_by_role("button", name="Sign in").bounding_box() == button  # nothing moves
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    at(page, team.base, f"/projects/{project['id']}?state=new")
    expect(page.get_by_role("heading", name="Views")).to_be_visible()
    expect(page.get_by_role("button", name=f"Signed in as {ann.name}")).to_be_visible()
    page.goto(f"{team.base}/sign-in")  # who is signed in has nothing to do there
    at(page, team.base, "/")


def test_too_many_attempts_say_how_long_to_wait(new_page, team, problems):
    ann = team.person()
    problems.allow(r"status of (401|429)")
    page = new_page()
    page.goto(f"{team.base}/sign-in")
    for _ in range(11):
        page.get_by_role("alert").evaluate("(place) => place.replaceChildren()")
        fill_in(page, ann.name, "wrong")
        expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("alert")).to_have_text(
        re.compile(r"Too many failed attempts\. Try again in 1[0-5] minutes\.")
    )


@pytest.mark.parametrize(
    "next_",
    ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "javascript:alert(1)",
     "\\\\evil.example", "/%0a/evil.example\n", "evil"],
)  # fmt: skip
def test_next_stays_on_this_server(new_page, team, next_):
    page = new_page()
    elsewhere = []
    page.on("request", lambda request: request.url.startswith(team.base) or elsewhere.append(request.url))
    page.goto(f"{team.base}/sign-in?next={quote(next_)}")
    fill_in(page, team.person().name)
    at(page, team.base, "/")
    page.goto(f"{team.base}/sign-in?next={quote(next_)}")  # signed in already: the server sends on
    at(page, team.base, "/")
    assert [url for url in elsewhere if not url.startswith("data:")] == []


def test_signing_out_leaves_nothing_to_go_back_to(new_page, team):
    ann = team.person()
    project = ann.project("Secret views")
    page = ann.enter(new_page(), f"/projects/{project['id']}")
    expect(page.get_by_role("heading", name="Secret views")).to_be_visible()
    response = page.reload()
    assert response.headers["cache-control"] == "no-store"
    page.get_by_role("button", name=f"Signed in as {ann.name}").click()
    page.get_by_role("menuitem", name="Sign out").click()
    at(page, team.base, "/sign-in")
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Secret views" not in page.content()
    assert ann.name not in page.content()


def test_a_link_makes_an_account(new_page, team):
    link = team.ask("post", "/api/invitations", {"is_admin": False})["path"]
    page = new_page()
    page.goto(team.base + link)
    expect(page.get_by_role("heading", name="Create your account")).to_be_visible()
    assert page.url == f"{team.base}/join"  # the secret has left the address
    page.reload()  # as another language makes one
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Link made")
    page.keyboard.press("Tab")
    page.keyboard.type("long enough")
    field = page.get_by_label("Password", exact=True)
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Create account").click()
    at(page, team.base, "/")
    expect(page.get_by_role("button", name="Signed in as Link made")).to_be_visible()


def test_a_used_link_says_so(new_page, team, problems):
    problems.allow(r"status of 404")
    link = team.ask("post", "/api/invitations", {"is_admin": False})["path"]
    first = new_page()
    first.goto(team.base + link)
    first.get_by_label("Name").fill("Used a link")
    first.get_by_label("Password", exact=True).fill(PASSWORD)
    first.get_by_role("button", name="Create account").click()
    at(first, team.base, "/")
    for address, said in ((link, "it was used"), ("/join", "The link is incomplete")):
        second = new_page()
        second.goto(team.base + address)
        expect(second.get_by_role("alert")).to_contain_text(said)


def test_a_link_gives_a_new_password(new_page, team, problems):
    ann = team.person()
    problems.allow(r"status of 401")
    link = team.ask("post", f"/api/accounts/{ann.id}/reset")["path"]
    page = new_page()
    page.goto(team.base + link)
    expect(page.get_by_label("Name")).to_have_value(ann.name)
    page.get_by_label("New password").fill("another long one")
    page.get_by_role("button", name="Save and sign in").click()
    at(page, team.base, "/")
    other = new_page()
    other.goto(f"{team.base}/sign-in")
    fill_in(other, ann.name)
    expect(other.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    fill_in(other, ann.name, "another long one")
    at(other, team.base, "/")


def test_the_first_link_makes_the_owner(new_page, tmp_path):
    server = Server(tmp_path, "--team")
    link = re.search(r"http\S+", server.process.stdout.readline())[0]
    page = new_page()
    page.goto(server.base)
    expect(page.get_by_text("Open the link it printed when it started")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("the first account on this server")).to_be_visible()
    page.get_by_label("Name").fill("Owner")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    at(page, server.base, "/")
    page.get_by_role("button", name="Signed in as Owner").click()
    page.get_by_role("menuitem", name="People").click()
    expect(page.get_by_text("Administrator", exact=True)).to_be_visible()
    page.context.close()
    assert server.stop() == 0


def test_names_are_words_wherever_they_stand(new_page, team):
    """Of an account, a project and a token: never elements of a page."""
    ann = team.person(f"{XSS[:-1]} id=1>", is_admin=True)
    project = ann.project(XSS)
    ann.ask("post", "/api/account/tokens", {"name": XSS, "scope": "read", "days": 1})
    page = ann.enter(new_page())
    there = f"/projects/{project['id']}"
    shown = {
        "/": XSS, there: XSS, f"{there}/settings": XSS, f"{there}/trash": XSS,
        f"{there}/images/{project['image']['id']}": XSS, "/account": XSS, "/people": ann.name, "/trash": ann.name,
        "/api/docs": ann.name,
    }  # fmt: skip
    for path, text in shown.items():
        page.goto(team.base + path, wait_until="networkidle")
        expect(page.get_by_text(text, exact=True).first).to_be_visible()
        assert page.locator("img[src=x]").count() == 0, path
        assert page.evaluate("window.hit") is None, path


def test_a_server_for_one_person_knows_nothing_of_it(new_page, server, problems):
    problems.allow(r"status of 404")
    page = new_page()
    page.goto(f"{server.base}/sign-in")
    at(page, server.base, "/")
    assert page.get_by_role("button", name="Signed in as").count() == 0
    for path in ("/account", "/people", "/join#secret"):
        page.goto(server.base + path)
        expect(page.get_by_text("This server has no accounts.")).to_be_visible()
