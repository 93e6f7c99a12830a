"""Signing in with a provider, on the pages: at the door, by a link, and tied to an account one has."""

import pytest
from playwright.sync_api import expect

from tests.browser.annotating import PATIENCE_S
from tests.browser.team import PASSWORD, Team
from tests.web.live.running import running
from tests.web.oidc.provider import CLIENT, SECRET, provider


@pytest.fixture(scope="module")
def idp():
    with provider() as made:
        yield made


@pytest.fixture(scope="module")
def provided(tmp_path_factory, idp):
    folder = tmp_path_factory.mktemp("provided")
    (folder / "secret").write_text(SECRET)
    flags = (
        "--oidc-issuer",
        idp.issuer,
        "--oidc-client-id",
        CLIENT,
        "--oidc-secret-file",
        str(folder / "secret"),
    )
    with running(folder / "data", "--team", "--oidc-name", "Example <b>", *flags) as server:
        yield Team(server.base, folder / "data")


@pytest.fixture
def as_sue(new_page, idp, provided):
    """Opens a page whose browser is Sue's at the provider, who signs in there at once."""

    def start(subject: str):
        page = new_page()

        def signed_in(address: str) -> dict[str, str]:
            return {
                "location": f"{provided.base}/sign-in/oidc/return?{idp.sign_in(address, subject, name='Sue')}"
            }

        def at_the_provider(route):
            route.fulfill(status=302, headers=signed_in(route.request.url))

        def on_the_way(route):  # redirects are followed without asking here
            left = route.fetch(max_redirects=0)
            route.fulfill(response=left, headers=left.headers | signed_in(left.headers["location"]))

        page.context.route(f"{idp.issuer}/authorize**", at_the_provider)
        page.context.route(f"{provided.base}/sign-in/oidc?**", on_the_way)
        return page

    return start


def test_a_link_is_followed_with_the_provider_and_the_door_opens_with_it_then(as_sue, provided, new_page):
    link = provided.ask("post", "/api/invitations", {"is_admin": False})["path"]
    page = as_sue("linked")
    page.goto(provided.base + link)
    page.get_by_role("button", name="Continue with Example <b>").click()
    page.wait_for_url(f"{provided.base}/", timeout=1000 * PATIENCE_S)
    expect(page.get_by_role("button", name="Signed in as Sue")).to_be_visible()
    again = as_sue("linked")
    again.goto(f"{provided.base}/account")
    again.get_by_role("link", name="Sign in with Example <b>").click()
    again.wait_for_url(f"{provided.base}/account", timeout=1000 * PATIENCE_S)  # where one wanted to go
    expect(again.get_by_role("button", name="Signed in as Sue")).to_be_visible()


def test_an_account_is_connected_and_disconnected(as_sue, provided, problems):
    ann = provided.person()
    page = ann.enter(as_sue("connected"), "/account")
    part = page.get_by_role("region", name="Sign in with Example <b>")
    part.get_by_role("button", name="Connect Example <b>").click()
    expect(part.get_by_role("listitem")).to_contain_text("Sue")
    part.get_by_role("button", name="Remove Sue").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(part.get_by_role("listitem")).to_have_count(0)
    page.context.clear_cookies()
    problems.allow(r"status of 403")
    page.goto(f"{provided.base}/sign-in")
    page.get_by_role("link", name="Sign in with Example <b>").click()
    expect(page.get_by_text("You have no account here yet.")).to_be_visible()
    page.goto(f"{provided.base}/sign-in")  # the password opens still
    page.get_by_label("Name").fill(ann.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{provided.base}/", timeout=1000 * PATIENCE_S)


def test_without_a_provider_nothing_offers_one(new_page, team):
    page = new_page()
    page.goto(f"{team.base}/sign-in")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.get_by_role("link", name="Sign in with").count() == 0
    team.person().enter(page, "/account")
    expect(page.get_by_role("region", name="API tokens")).to_be_visible()
    assert page.get_by_role("region", name="Sign in with").count() == 0
