"""The trash: removed images and deleted projects are found again, restored, or deleted for good."""

import json
import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.projects import api


def remove(server, project, count):
    ids = [image["id"] for image in project["images"][:count]]
    api(server, f"/{project['id']}/images/bulk", {"ids": ids, "remove": True})


def names(page):
    return page.locator(".trash-name").all_inner_texts()


def test_removed_images_are_restored_from_the_trash(new_page, server, project, eventually):
    remove(server, project, 3)
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.get_by_role("link", name="Trash").click()
    page.wait_for_url(f"{server.base}/projects/{project['id']}/trash")
    eventually(lambda: len(names(page)) == 3)
    row = page.locator(".trash-row", has_text="view 900.png")
    assert re.search(r"1 object · deleted .+, kept until .+", row.inner_text())
    assert row.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    row.get_by_role("button", name="Restore view 900.png").click()
    page.locator(".toast", has_text="1 image was restored.").wait_for()
    eventually(lambda: sorted(names(page)) == ["view 901.png", "view 902.png"])
    page.get_by_label("Select view 901.png").check()
    page.get_by_role("group", name="Trash").get_by_text("1 selected").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Restore all").click()
    page.get_by_role("heading", name="The trash is empty").wait_for()
    page.locator(".toast", has_text="2 images").get_by_role("button", name="Show images").click()
    eventually(lambda: page.locator(".tile").count() == 4)
    page.go_back()
    page.get_by_role("heading", name="The trash is empty").wait_for()


def test_removed_images_are_deleted_for_good_by_the_keyboard(new_page, server, project, eventually):
    remove(server, project, 2)
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{server.base}/projects/{project['id']}/trash")
    eventually(lambda: len(names(page)) == 2)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 360
    page.get_by_label("Select view 900.png").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Delete permanently").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete 1 image permanently?")
    dialog.wait_for()
    page.keyboard.press("Enter")  # cancelling has the focus
    dialog.wait_for(state="detached")
    assert len(names(page)) == 2
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Delete permanently").press("Enter")
    eventually(lambda: names(page) == ["view 901.png"])
    page.get_by_role("button", name="Empty trash").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete permanently").click()
    page.get_by_role("heading", name="The trash is empty").wait_for()
    assert api(server, f"/{project['id']}/trash")["total"] == 0


def test_a_deleted_project_is_restored_from_the_trash(new_page, server, project, eventually):
    name = f"Views {project['id']}"
    url = f"{server.base}/api/projects/{project['id']}"
    requests.patch(url, json={"name": name}, timeout=30)
    requests.delete(url, timeout=30)
    page = new_page()
    page.goto(server.base)
    page.get_by_role("link", name="Trash").click()
    page.wait_for_url(f"{server.base}/trash")
    row = page.locator(".trash-row", has_text=name)
    row.get_by_text("4 images · 1 object · deleted").wait_for()
    page.get_by_role("heading", name="Storage").wait_for()
    page.get_by_text("free on the server's disk.").wait_for()
    row.get_by_role("button", name=f"Restore {name}").click()
    row.wait_for(state="detached")
    page.locator(".toast", has_text=f"{name} was restored.").get_by_role("button", name="Open").click()
    eventually(lambda: page.locator(".tile").count() == 4)
    requests.delete(url, timeout=30)
    page.goto(f"{server.base}/trash")
    page.get_by_role("button", name=f"Delete {name} permanently").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete permanently").click()
    row.wait_for(state="detached")
    assert requests.post(f"{url}/restore", timeout=30).status_code == 404


@pytest.fixture
def many(server, project):
    """Has the server tell of more than there is."""

    def tell(page):
        def listed(route):
            answer = route.fetch()
            projects = answer.json()["projects"]
            route.fulfill(response=answer, body=json.dumps({"projects": [_large(each) for each in projects]}))

        page.route("**/api/projects?which=active", listed)

    return tell


def _large(project):
    return project | {"annotation_count": 1200}


def test_large_deletions_ask_for_the_name(new_page, server, project, many):
    name = f"Views {project['id']}"
    requests.patch(f"{server.base}/api/projects/{project['id']}", json={"name": name}, timeout=30)
    page = new_page()
    many(page)
    page.goto(server.base)
    page.get_by_role("button", name=f"More actions for {name}").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog", name=f"Delete {name}?")
    perform = dialog.get_by_role("button", name="Delete")
    dialog.get_by_text("1200 objects").wait_for()
    expect(perform).to_be_disabled()
    page.keyboard.type("Views")
    page.keyboard.press("Enter")
    expect(perform).to_be_disabled()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    page.get_by_role("button", name=f"More actions for {name}").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.locator(".toast", has_text=f"{name} was deleted.").wait_for()
    page.unroute_all(behavior="ignoreErrors")


def test_removing_many_images_asks_for_the_name(new_page, server, project):
    page = new_page()

    def listed(route):
        answer = route.fetch()
        data = answer.json()
        data["images"] = [
            data["images"][number % 4] | {"id": f"{number}", "name": f"{number}"} for number in range(120)
        ]
        data["counts"]["new"] = 120
        route.fulfill(response=answer, body=json.dumps(data))

    page.route("**/images?*", listed)
    page.route("**/thumbnail*", lambda route: route.fulfill(status=204))
    page.goto(f"{server.base}/projects/{project['id']}")
    page.locator(".tile").first.wait_for()
    page.keyboard.press("Control+a")
    page.get_by_role("group", name="Selected images").get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove 120 images?")
    dialog.get_by_label(f"Type {project['name']} to confirm").fill(project["name"])
    dialog.get_by_role("button", name="Remove").click()
    page.locator(".toast", has_text="120 images were removed.").wait_for()
    page.unroute_all(behavior="ignoreErrors")
