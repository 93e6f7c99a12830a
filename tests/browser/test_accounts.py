"""The page of one's account, and that of all accounts."""

import requests
from playwright.sync_api import expect

from tests.browser.annotating import PATIENCE_S
from tests.browser.team import PASSWORD


def sure(page, action: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()


def test_a_new_name_is_everywhere_at_once(new_page, team, problems):
    ann, other = team.person(), team.person()
    page = ann.enter(new_page(), "/account")
    problems.allow(r"status of 409")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill(other.name)
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert").filter(has_text="Someone else has this name")).to_be_visible()
    name.fill("Renamed here")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("button", name="Signed in as Renamed here")).to_be_visible()


def test_another_password_signs_other_browsers_out(new_page, team, problems):
    ann = team.person()
    page = ann.enter(new_page(), "/account")
    other = new_page()
    other.goto(f"{team.base}/sign-in?next=/account")
    other.get_by_label("Name").fill(ann.name)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("listitem").filter(has_text="Chrome on Linux")).to_be_visible()
    problems.allow(r"status of 40[01]")
    other.get_by_label("Current password").fill("wrong password")
    other.get_by_label("New password").fill("yet another one")
    other.get_by_role("button", name="Change password").click()
    expect(other.get_by_role("alert").filter(has_text="The current password is not this one")).to_be_visible()
    other.keyboard.type(PASSWORD)
    other.get_by_role("button", name="Change password").click()
    expect(other.get_by_text("The password was changed.")).to_be_visible()
    expect(other.get_by_role("list", name="Signed-in browsers").get_by_role("listitem")).to_have_count(1)
    page.reload()
    page.wait_for_url("**/sign-in?next=*", timeout=1000 * PATIENCE_S)


def test_browsers_are_signed_out_one_by_one_and_all(new_page, team):
    ann = team.person()
    page = new_page()
    page.goto(f"{team.base}/sign-in?next=/account")
    page.get_by_label("Name").fill(ann.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    rows = page.get_by_role("list", name="Signed-in browsers").get_by_role("listitem")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Sign out python-requests").click()
    expect(rows).to_have_count(1)
    assert ann.browser.get(f"{team.base}/api/projects").status_code == 401
    page.get_by_role("button", name="Sign out everywhere").click()
    sure(page, "Sign out everywhere")
    page.wait_for_url("**/sign-in", timeout=1000 * PATIENCE_S)


def test_an_api_token_is_shown_once_works_and_is_revoked(new_page, team):
    ann = team.person()
    page = ann.enter(new_page(permissions=["clipboard-read", "clipboard-write"]), "/account")
    page.get_by_label("What it is for").fill("my script")
    page.get_by_label("What it may do").select_option(label="Write: also annotate, add and remove images")
    page.get_by_label("How long it works").select_option(label="30 days")
    page.get_by_role("button", name="Create token").click()
    shown = page.get_by_role("group", name="Token for my script")
    secret = shown.get_by_role("textbox").input_value()
    shown.get_by_role("button", name="Copy").click()
    expect(shown.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret

    def asked() -> int:
        bearer = {"Authorization": f"Bearer {secret}"}
        return requests.get(f"{team.base}/api/projects", headers=bearer, timeout=30).status_code

    assert asked() == 200
    page.reload()
    expect(page.get_by_role("list", name="API tokens")).to_contain_text("my script")
    assert secret not in page.content()
    page.get_by_role("button", name="Revoke my script").click()
    sure(page, "Revoke")
    expect(page.get_by_text("You have no API tokens.")).to_be_visible()
    assert asked() == 401


def test_an_administrator_invites_resets_and_disables(new_page, team, problems):
    ann, bob = team.person(is_admin=True), team.person()
    page = ann.enter(new_page(), "/people")
    problems.allow(r"status of 40[149]")
    page.get_by_role("button", name="Invite someone").click()
    link = page.get_by_role("group", name="Link for a new account").get_by_role("textbox").input_value()
    assert link.startswith(f"{team.base}/join#")
    page.reload()  # it is not shown again, and can be taken back
    assert link.partition("#")[2] not in page.content()
    mine = (
        page.get_by_role("list", name="Open links").get_by_role("listitem").filter(has_text=f"by {ann.name}")
    )
    expect(mine).to_contain_text("New account")
    mine.get_by_role("button", name="Revoke New account").click()
    expect(mine).to_have_count(0)
    other = new_page()
    other.goto(link)
    expect(other.get_by_role("alert")).to_contain_text("does not work any more")
    row = page.get_by_role("list", name="Accounts").get_by_role("listitem").filter(has_text=bob.name)

    def act(title: str) -> None:
        row.get_by_role("button").click()
        page.get_by_role("menuitem", name=title, exact=True).click()

    act("Link for a new password")
    shown = page.get_by_role("group", name=f"Link for a new password of {bob.name}")
    assert f"{team.base}/join#" in shown.get_by_role("textbox").input_value()
    act("Disable")
    sure(page, "Disable")
    expect(row).to_contain_text("Disabled")
    assert bob.browser.get(f"{team.base}/api/projects").status_code == 401
    act("Enable")
    expect(row).not_to_contain_text("Disabled")
    act("Make administrator")
    sure(page, "Make administrator")
    expect(row).to_contain_text("Administrator")


def test_people_is_for_administrators(new_page, team, problems):
    problems.allow(r"status of 403")
    page = team.person().enter(new_page(), "/people")
    expect(page.get_by_text("Only an administrator of this server may do this.")).to_be_visible()
    page.goto(team.base)
    page.get_by_role("button", name="Signed in as").click()
    assert page.get_by_role("menuitem").all_inner_texts() == ["Inbox", "Account", "Sign out"]


def test_all_of_it_works_with_the_keyboard(new_page, team):
    ann, bob = team.person(is_admin=True), team.person()
    page = ann.enter(new_page())
    page.goto(f"{team.base}/people", wait_until="networkidle")
    page.get_by_role("button", name=f"Actions for {bob.name}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Link for a new password")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Disable")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text=bob.name)).to_contain_text("Disabled")
    page.get_by_role("button", name=f"Signed in as {ann.name}").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=f"Signed in as {ann.name}")).to_be_focused()
