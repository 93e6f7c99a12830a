"""Who works on a project: adding, inviting, changing roles, leaving, and what pages show to each role."""

from playwright.sync_api import expect

from tests.browser.annotating import PATIENCE_S
from tests.browser.projects import a_disc
from tests.browser.team import PASSWORD


def sure(page, action: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()


def members(person, project: dict) -> dict[str, str]:
    listed = person.ask("get", f"/api/projects/{project['id']}/members")["members"]
    return {each["name"]: each["role"] for each in listed}


def add(person, project: dict, other, role: str) -> None:
    person.ask("post", f"/api/projects/{project['id']}/members", {"account": other.name, "role": role})


def test_members_are_added_changed_and_removed(new_page, team, problems, eventually):
    ann, bob = team.person(), team.person()
    project = ann.project()
    problems.allow(r"status of 40[49]")
    page = ann.enter(new_page(), f"/projects/{project['id']}/settings#members")
    part = page.get_by_role("region", name="Members")
    part.get_by_label("Name of their account").fill("nobody at all")
    part.get_by_label("Role", exact=True).select_option("viewer")
    part.get_by_role("button", name="Add", exact=True).click()
    expect(part.get_by_role("alert").filter(has_text="Nobody has this name here.")).to_be_visible()
    part.get_by_label("Name of their account").fill(bob.name)
    page.keyboard.press("Enter")
    expect(part.get_by_label(f"Role of {bob.name}")).to_have_value("viewer")
    part.get_by_label(f"Role of {bob.name}").select_option("reviewer")
    eventually(lambda: members(ann, project)[bob.name] == "reviewer")
    part.get_by_label(f"Role of {ann.name}").select_option("viewer")
    sure(page, "Change role")
    expect(page.get_by_text("A project needs an owner, and this is the last.")).to_be_visible()
    expect(part.get_by_label(f"Role of {ann.name}")).to_have_value("owner")
    part.get_by_role("button", name=f"Remove {bob.name}").click()
    sure(page, "Remove")
    expect(part.get_by_role("listitem")).to_have_count(1)
    assert members(ann, project) == {ann.name: "owner"}


def test_a_manager_gives_no_role_above_their_own(new_page, team):
    ann, bob = team.person(), team.person()
    project = ann.project()
    add(ann, project, bob, "manager")
    page = bob.enter(new_page(), f"/projects/{project['id']}/settings")
    part = page.get_by_role("region", name="Members")
    expect(part.get_by_role("listitem").filter(has_text=ann.name)).to_contain_text("Owner")
    assert part.get_by_label(f"Role of {ann.name}").count() == 0
    assert part.get_by_label("Role", exact=True).locator("option").all_inner_texts() == [
        "Viewer", "Annotator", "Reviewer", "Manager",
    ]  # fmt: skip
    part.get_by_text("What each role can do").click()
    expect(part.get_by_text("Can also delete the project and name other owners.")).to_be_visible()


def test_a_link_leads_into_the_project(new_page, team):
    ann, bob = team.person(), team.person()
    project = ann.project("Linked views")
    page = ann.enter(new_page(), f"/projects/{project['id']}/settings")
    part = page.get_by_role("region", name="Members")

    def link() -> str:
        part.get_by_role("button", name="Link with this role").click()
        shown = part.get_by_role("group", name="Link for a new member: Annotator").get_by_role("textbox")
        expect(shown).to_be_focused()
        return shown.input_value()

    with_account = bob.enter(new_page())
    with_account.goto(link())
    expect(with_account.get_by_text("You're invited to the project Linked views.")).to_be_visible()
    with_account.get_by_role("button", name=f"Join as {bob.name}").click()
    with_account.wait_for_url(f"**/projects/{project['id']}", timeout=1000 * PATIENCE_S)
    page.reload()

    carl = team.person()
    signing_in = new_page()
    signing_in.goto(link())
    signing_in.get_by_role("button", name="I have an account").click()
    signing_in.get_by_label("Name").fill(carl.name)
    signing_in.get_by_label("Password").fill(PASSWORD)
    signing_in.get_by_role("button", name="Sign in and join").click()
    signing_in.wait_for_url(f"**/projects/{project['id']}", timeout=1000 * PATIENCE_S)
    page.reload()

    new = new_page()
    new.goto(link())
    new.get_by_label("Name").fill("New member")
    new.get_by_label("Password", exact=True).fill(PASSWORD)
    new.get_by_role("button", name="Create account").click()
    expect(new.get_by_role("link", name="Linked views")).to_be_visible()
    assert members(ann, project) == {
        ann.name: "owner", bob.name: "annotator", carl.name: "annotator", "New member": "annotator",
    }  # fmt: skip
    page.reload()
    assert part.get_by_role("list", name="Open links").count() == 0  # all were followed
    link()
    part.get_by_role("button", name="Revoke Annotator in Linked views").click()
    expect(part.get_by_role("group", name="Link for a new member: Annotator")).to_be_hidden()
    assert ann.ask("get", f"/api/projects/{project['id']}/invitations")["links"] == []


def test_everybody_may_leave(new_page, team, problems):
    ann, bob = team.person(), team.person()
    project = ann.project("Left views")
    add(ann, project, bob, "viewer")
    page = bob.enter(new_page(), f"/projects/{project['id']}/settings")
    page.get_by_role("button", name="Leave this project").click()
    sure(page, "Leave")
    page.wait_for_url(f"{team.base}/", timeout=1000 * PATIENCE_S)
    problems.allow(r"status of 404")
    assert page.goto(f"{team.base}/projects/{project['id']}").status == 404


def test_a_server_for_one_person_has_no_members(new_page, server, project):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}/settings")
    expect(page.get_by_role("region", name="General")).to_be_visible()
    assert page.get_by_role("region", name="Members").count() == 0


def test_a_viewer_looks_and_changes_nothing(new_page, team):
    ann, bob = team.person(), team.person()
    project = ann.project()
    add(ann, project, bob, "viewer")
    at = f"/projects/{project['id']}/images/{project['image']['id']}"
    ann.ask("post", f"/api{at}/annotations", a_disc(f"seen-{project['id']}"))
    page = bob.enter(new_page())
    refused = []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    page.goto(team.base + at, wait_until="networkidle")
    expect(page.get_by_role("banner").get_by_text("View only")).to_be_visible()
    expect(page.get_by_text("You have view-only access.")).to_be_visible()
    row = page.locator(".object-row")
    expect(row).to_contain_text("disc")
    assert page.get_by_role("group", name="Tools").get_by_role("button").count() == 1
    for name in ("Done", "Undo", "Export", "Box", "Delete disc", "Change label of disc", "Lock disc"):
        assert page.get_by_role("button", name=name).count() == 0, name
    expect(page.get_by_label("New label")).to_be_hidden()
    row.click()
    row.dblclick()
    for key in ("Delete", "F2", "Enter", "p", "b", "1", "Shift+D", "Control+z", "m"):
        page.keyboard.press(key)
    page.mouse.click(400, 400)
    row.click()
    page.keyboard.press("h")  # hiding is looking
    expect(row).to_have_attribute("data-hidden", "")
    page.wait_for_timeout(300)
    [kept] = ann.ask("get", f"/api{at}/annotations")["annotations"]
    assert (kept["label"], kept["version"]) == ("disc", 1)
    assert refused == []


def test_pages_offer_what_the_role_allows(new_page, team):
    ann, bob = team.person(), team.person()
    project = ann.project("Looked at")
    add(ann, project, bob, "viewer")
    page = bob.enter(new_page())
    page.goto(team.base, wait_until="networkidle")
    expect(page.get_by_role("link", name="Looked at")).to_be_visible()
    expect(page.locator("#drop-zone")).to_be_hidden()
    page.get_by_role("button", name="More actions for Looked at").click()
    assert page.get_by_role("menuitem").all_inner_texts() == ["Settings and labels"]
    page.goto(f"{team.base}/projects/{project['id']}", wait_until="networkidle")
    expect(page.get_by_role("list", name="Images").get_by_role("listitem")).to_have_count(1)
    for name in ("Add images", "Export annotations", "Continue"):
        assert page.get_by_role("button", name=name).count() == 0, name
    page.goto(f"{team.base}/projects/{project['id']}/settings", wait_until="networkidle")
    expect(page.get_by_text("You can look, but not change.")).to_be_visible()
    expect(page.get_by_role("region", name="General").get_by_label("Name")).to_be_disabled()
    expect(page.get_by_role("button", name="Leave this project")).to_be_enabled()
    page.goto(f"{team.base}/projects/{project['id']}/trash", wait_until="networkidle")
    expect(page.get_by_text("The trash is empty")).to_be_visible()
