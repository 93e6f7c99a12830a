"""What the pages of projects do when something is refused, fails, or changes meanwhile."""

import json
import re

import requests
from playwright.sync_api import expect

from tests.browser.projects import a_disc, api, choose, files
from tests.browser.reading import shows

BACK = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


def test_labels_in_use_stay_and_what_else_was_changed_is_saved(
    new_page, server, project, problems, eventually
):
    problems.allow(r"status of 409")
    labels = f"/{project['id']}/labels"
    image = project["images"][1]["id"]
    api(server, f"/{project['id']}/images/{image}/annotations", a_disc(f"ring-{image}", "ring"))
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}/settings#odd(hash)/1")
    page.get_by_label("New label").fill("boat")
    page.keyboard.press("Enter")
    page.locator("#labels > .saving", has_text="Saved").wait_for()
    page.evaluate("""() => {
      const row = (name) => document.querySelector(`.label-draft:has([aria-label="Name of label ${name}"])`);
      const name = row("boat").querySelector(".label-name");
      name.value = "ship";
      name.dispatchEvent(new Event("input", { bubbles: true }));
      for (const used of ["disc", "ring"]) row(used).querySelector("[role=menuitem][data-danger]").click();
    }""")
    asked = []
    for _ in range(2):
        dialog = page.get_by_role("dialog", name=re.compile("^Merge"))
        dialog.wait_for()
        shows(dialog, "1 object has the label")
        heading = dialog.locator("h2").inner_text()
        assert heading.split()[1] in dialog.locator("p").first.inner_text()
        asked.append(heading.split()[1])
        dialog.get_by_role("button", name="Cancel").click()
        page.wait_for_timeout(300)
    assert sorted(asked) == ["disc", "ring"]
    eventually(
        lambda: sorted(each["name"] for each in api(server, labels)["labels"]) == ["disc", "ring", "ship"]
    )
    page.locator("#labels > .saving", has_text="Saved").wait_for()
    expect(page.locator(".label-draft")).to_have_count(3)


def test_several_files_of_annotations_are_imported(new_page, server, project, eventually):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.locator(".tile").nth(3).wait_for()
    chosen = []
    for number in (1, 2):
        image = {"id": 1, "file_name": f"view 90{number}.png", "width": 120, "height": 80}
        shape = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[9, 9, 50, 9, 50, 50, 9, 50]]}
        data = {"images": [image], "annotations": [shape], "categories": [{"id": 1, "name": f"box {number}"}]}
        body = json.dumps(data).encode()
        chosen.append({"name": f"{number}.json", "mimeType": "application/json", "buffer": body})
    page.get_by_role("button", name="Add images").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Images or archives").click()
    chooser.value.set_files(chosen)
    dialog = page.get_by_role("dialog", name="Import annotations")
    dialog.get_by_label("Let me match labels").uncheck()
    dialog.get_by_role("button", name="Import").click()
    for number in (1, 2):
        row = page.locator(".upload", has_text=f"{number}.json")
        row.get_by_text("1 object was added.", exact=True).wait_for()
        assert row.get_by_role("status").text_content() == f"{number}.json: 1 object was added."
    images = api(server, f"/{project['id']}/images")["images"]
    assert [each["annotation_count"] for each in images] == [1, 1, 1, 0]


def test_all_that_failed_is_tried_again_at_once(new_page, server, problems):
    problems.allow(r"status of 500")
    page = new_page()
    page.goto(server.base)
    images = "**/api/projects/default/images"
    page.route(images, lambda route: route.fulfill(status=500, json={}))
    choose(page, "Choose files", files(960, 961, 962))
    page.get_by_text("3 files were not added.").wait_for()
    page.unroute(images)
    page.get_by_role("button", name="Retry all").click()
    page.get_by_text("3 images were added.").wait_for()
    expect(page.locator(".toast")).to_have_count(1)
    assert page.url == f"{server.base}/"


def test_a_project_whose_labels_are_refused_is_made_once(new_page, server, problems, eventually):
    problems.allow(r"status of 400")
    requests.post(f"{server.base}/api/sample", timeout=60)
    page = new_page()
    page.goto(server.base)

    def refused() -> None:
        page.get_by_role("button", name="New project").click()
        page.get_by_label("Name", exact=True).fill("Only once")
        page.get_by_label("Initial labels").fill("x" * 101)
        page.get_by_role("button", name="Create").click()
        page.locator("dialog .form-error").wait_for()

    def made() -> list[str]:
        return [each["name"] for each in api(server, "")["projects"] if each["name"].startswith("Only once")]

    refused()
    page.get_by_role("button", name="Cancel").click()
    eventually(lambda: made() == [])
    refused()
    page.get_by_label("Name", exact=True).fill("Only once more")
    page.get_by_label("Initial labels").fill("boat")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/projects/\w{12}$"))
    assert made() == ["Only once more"]


def test_the_first_page_is_as_new_on_the_way_back(new_page, server, project, eventually):
    name = f"Views {project['id']}"
    requests.patch(f"{server.base}/api/projects/{project['id']}", json={"name": name}, timeout=30)
    page = new_page()
    page.route("**/api/sample", lambda _: None)  # is never answered
    page.goto(server.base)
    page.get_by_role("button", name=f"More actions for {name}").wait_for()
    page.get_by_role("button", name="Try the sample").click()
    expect(page.get_by_role("button", name="Try the sample")).to_be_disabled()
    more = page.get_by_role("button", name=f"More actions for {name}")
    more.click()
    path = f"/{project['id']}/images/{project['images'][1]['id']}/annotations"
    api(server, path, a_disc(f"second-{project['id']}"))
    page.evaluate(BACK)
    page.get_by_text("4 images · 2 objects").first.wait_for()
    expect(page.get_by_role("button", name="Try the sample")).to_be_enabled()
    assert page.evaluate("document.activeElement.role") == "menuitem"  # the menu stays open
    page.get_by_role("menuitem", name="Archive").click()
    more.wait_for(state="hidden")
    eventually(
        lambda: page.evaluate("document.activeElement.matches('#projects :is(.project-card, .button)')")
    )


def test_a_file_is_made_while_others_work(new_page, server, project, problems):
    problems.allow(r"status of 500")
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}#export")
    dialog = page.get_by_role("dialog", name="Export annotations")
    dialog.get_by_text("Lossless").wait_for()
    path = f"/{project['id']}/images/{project['images'][1]['id']}/annotations"
    asked = []

    def working(route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            return route.fulfill(status=500, json={})
        api(server, path, a_disc(f"{len(asked)}-{project['id']}"))
        return route.continue_()

    page.route("**/prepare*", working)
    dialog.get_by_role("button", name="Download").click()
    dialog.get_by_text("The server returned 500.").wait_for()
    expect(dialog.get_by_text("Lossless")).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Try again").click()
    assert len(json.loads(download.value.path().read_bytes())["images"]) == 4
    assert "file=" not in asked[1]
    assert all("file=" in url for url in asked[2:])
    assert "file=" in download.value.url
