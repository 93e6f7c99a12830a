"""An image that lacks a required attribute is not done: the page says what is missing and goes there."""

import pytest
import requests

from tests.browser.projects import api


@pytest.fixture
def strict(server, project):
    """The label of the one object asks for a colour."""
    path = f"{server.base}/api/projects/{project['id']}"
    labels = requests.get(f"{path}/labels", timeout=30).json()
    labels["labels"][0]["attributes"] = [{"name": "colour", "type": "text", "required": True}]
    assert requests.put(f"{path}/labels", json=labels, timeout=30).ok
    return project


def test_the_editor_goes_to_what_is_missing(new_page, server, strict, problems, eventually):
    base = f"{server.base}/projects/{strict['id']}"
    page = new_page()
    page.goto(f"{base}/settings")
    page.get_by_label("Can be marked as done").select_option("Only images with all required attributes")
    eventually(lambda: api(server, f"/{strict['id']}")["settings"]["require_attributes"])

    image = strict["images"][0]["id"]
    page.goto(f"{base}/images/{image}")
    page.get_by_role("button", name="Missing").wait_for()  # objects and labels are there
    page.locator("#stage").focus()
    page.keyboard.press("Shift+D")
    page.get_by_text("Not done yet: disc is missing “colour”.").wait_for()
    eventually(lambda: page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true")
    assert page.url.endswith(image)
    page.keyboard.type("red")
    page.keyboard.press("Escape")
    path = f"/{strict['id']}/images/{image}"
    eventually(
        lambda: api(server, f"{path}/annotations")["annotations"][0]["attributes"].get("colour") == "red"
    )
    page.locator("#stage").focus()
    page.keyboard.press("Shift+D")
    eventually(lambda: api(server, path)["state"] == "done")


def test_done_waits_until_it_is_known_what_is_missing(new_page, server, strict, problems, eventually):
    """Pressed before the objects came, it is neither lost nor refused by the server, which would be told."""
    path = f"{server.base}/api/projects/{strict['id']}"
    requests.patch(path, json={"settings": {"require_attributes": True}}, timeout=30)
    first, second = (each["id"] for each in strict["images"][:2])
    page = new_page()
    held = []

    def press() -> None:
        page.locator("#stage").focus()
        page.keyboard.press("Shift+D")

    def open_and_press() -> None:
        page.route("**/annotations", lambda route: held.append(route))
        page.goto(f"{server.base}/projects/{strict['id']}/images/{first}", wait_until="domcontentloaded")
        page.locator(".queue-place", has_text="1 / ").wait_for()
        eventually(lambda: page.evaluate("true") and held)
        press()
        held.pop().continue_()
        page.unroute("**/annotations")

    open_and_press()
    page.get_by_text("Not done yet: disc is missing “colour”.").wait_for()
    assert page.url.endswith(first)
    made = requests.get(f"{path}/images/{first}/annotations", timeout=30).json()["annotations"][0]
    change = {"version": made["version"], "attributes": {"colour": "red"}}
    assert requests.patch(f"{server.base}/api/annotations/{made['id']}", json=change, timeout=30).ok
    open_and_press()
    page.wait_for_url(f"**/{second}")
    eventually(lambda: api(server, f"/{strict['id']}/images/{first}")["state"] == "done")


def test_the_list_says_which_image_lacks_what(new_page, server, strict, problems, eventually):
    problems.allow(r"status of 409")
    path = f"{server.base}/api/projects/{strict['id']}"
    requests.patch(path, json={"settings": {"require_attributes": True}}, timeout=30)
    page = new_page()
    page.goto(f"{server.base}/projects/{strict['id']}")
    eventually(lambda: page.locator(".tile").count() == 4)
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Done", exact=True).last.click()
    toast = page.locator(".toast", has_text="view 900.png: disc is missing “colour”.")
    toast.get_by_role("button", name="Open image").click()
    page.wait_for_url(f"{server.base}/projects/{strict['id']}/images/{strict['images'][0]['id']}")
