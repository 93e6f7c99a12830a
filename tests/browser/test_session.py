"""Work goes on and is kept when a sign-in ends or a role does, while a page is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.projects import a_disc
from tests.browser.team import PASSWORD


@pytest.fixture
def work(new_page, team):
    """(owner, annotator, page of the annotator on an image with an object, address of the image)."""
    ann, bob = team.person(), team.person()
    project = ann.project()
    ann.ask("post", f"/api/projects/{project['id']}/members", {"account": bob.name, "role": "annotator"})
    at = f"/projects/{project['id']}/images/{project['image']['id']}"
    ann.ask("post", f"/api{at}/annotations", a_disc(f"kept-{project['id']}"))
    annotate = Annotating(bob.enter(new_page(), f"{at}?decoder=wasm"), team.base).arrived()
    expect(annotate.page.locator(".object-row")).to_contain_text("disc")
    return ann, bob, annotate, at, project


def labels(person, at: str) -> list[str]:
    return [each["label"] for each in person.ask("get", f"/api{at}/annotations")["annotations"]]


def test_a_sign_in_that_ends_loses_nothing(work, team, problems, eventually):
    ann, bob, annotate, at, _ = work
    page = annotate.page
    problems.allow(r"status of 401")
    problems.allow(r"WebSocket")
    bob.sign_out_everywhere()
    expect(
        page.get_by_text("You're signed out.")
    ).to_be_visible()  # the socket told it, before anything was saved
    page.locator(".object-row").first.click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Signed out: 1 change not saved")).to_be_visible()
    assert labels(ann, at) == ["disc"]
    page.reload(wait_until="domcontentloaded")  # nobody is signed in: it asks
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill(bob.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    eventually(lambda: labels(ann, at) == [])


def test_signing_in_again_in_place_goes_on_saving(work, problems, eventually):
    ann, bob, annotate, at, _ = work
    page = annotate.page
    problems.allow(r"status of 401")
    problems.allow(r"WebSocket")
    bob.sign_out_everywhere()
    page.locator(".object-row").first.click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Signed out: 1 change not saved")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_label("Name")).to_have_value(bob.name)
    expect(dialog.get_by_label("Password")).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    eventually(lambda: labels(ann, at) == [])
    expect(dialog).to_be_hidden()
    expect(page.locator(".toast").filter(has_text="You're signed out")).to_be_hidden()
    annotate.until("() => samphire.status().online")
    ann.ask("post", f"/api{at}/annotations", a_disc(f"news-{at[-8:]}"))
    expect(page.locator(".object-row")).to_contain_text("disc")  # told by the socket, which knows bob again


def test_another_person_in_the_same_browser_saves_nothing_of_ones_own(work, team, new_page, problems):
    ann, _, annotate, at, _ = work
    page = annotate.page
    problems.allow(r"status of 401")
    problems.allow(r"WebSocket")
    other = page.context.new_page()
    ann.enter(other, at)  # the owner sits down at the annotator's browser
    page.locator(".object-row").first.click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Signed out: 1 change not saved")).to_be_visible()
    other.reload(wait_until="domcontentloaded")
    expect(other.locator(".object-row")).to_contain_text("disc")  # nor is it laid over what she sees
    other.wait_for_timeout(500)
    assert labels(ann, at) == ["disc"]


def test_a_lower_role_is_said_and_what_is_unsaved_stays(work, problems, eventually):
    ann, bob, annotate, at, project = work
    page = annotate.page
    problems.allow(r"status of 403")
    member = f"/api/projects/{project['id']}/members/{bob.id}"
    ann.ask("patch", member, {"role": "viewer"})
    page.locator(".object-row").first.click()
    page.keyboard.press("Delete")
    said = page.locator(".toast").filter(has_text="You can't change this project any more.")
    expect(said).to_contain_text("Only people with the role annotator or a higher one")
    expect(page.get_by_role("button", name="1 change not saved. Retry")).to_be_visible()
    assert labels(ann, at) == ["disc"]
    ann.ask("patch", member, {"role": "annotator"})
    said.get_by_role("button", name="Try again").click()
    eventually(lambda: labels(ann, at) == [])
    expect(said).to_be_hidden()


def test_a_role_that_ends_is_not_taken_for_a_deletion(work, problems, eventually):
    ann, bob, annotate, at, project = work
    page = annotate.page
    problems.allow(r"status of 404")
    ann.ask("delete", f"/api/projects/{project['id']}/members/{bob.id}")
    page.locator(".object-row").first.click()
    page.keyboard.press("Delete")
    said = page.locator(".toast").filter(has_text="You can't change this project any more.")
    expect(said).to_contain_text("There is no such project.")
    expect(page.get_by_role("button", name="1 change not saved. Retry")).to_be_visible()
    ann.ask("post", f"/api/projects/{project['id']}/members", {"account": bob.name, "role": "annotator"})
    page.get_by_role("button", name="1 change not saved. Retry").click()
    eventually(lambda: labels(ann, at) == [])


def test_other_pages_ask_in_place_too(new_page, team, problems):
    ann = team.person()
    project = ann.project()
    page = ann.enter(new_page())
    page.goto(f"{team.base}/projects/{project['id']}/settings", wait_until="networkidle")
    problems.allow(r"status of 401")
    problems.allow(r"WebSocket")
    ann.sign_out_everywhere()
    page.get_by_label("Description").fill("Written while signed out")
    expect(page.get_by_text("Not saved.")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="General").get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Description")).to_have_value("Written while signed out")


def test_a_new_password_in_another_tab_changes_nothing_here(work, team, problems):
    ann, _, annotate, at, _ = work
    page = annotate.page
    problems.allow(r"status of 401")
    other = page.context.new_page()
    other.goto(f"{team.base}/account")
    other.get_by_label("Current password").fill(PASSWORD)
    other.get_by_label("New password").fill("yet another long one")
    other.get_by_role("button", name="Change password").click()
    expect(other.get_by_text("The password was changed.")).to_be_visible()
    ann.ask("post", f"/api{at}/annotations", a_disc(f"more-{at[-8:]}") | {"label": "told"})
    expect(
        page.locator(".object-row").filter(has_text="told")
    ).to_be_visible()  # by the socket, with the new cookie
    assert page.locator(".toast").filter(has_text="You're signed out").count() == 0
