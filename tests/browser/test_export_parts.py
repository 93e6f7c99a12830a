"""The export dialog offers all images, the filtered, the selected and the done ones."""

import json

from tests.browser.projects import api


def which(dialog):
    return dialog.get_by_label("Images", exact=True).locator("option").all_inner_texts()


def downloaded(page, dialog):
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    return [image["file_name"] for image in json.loads(download.value.path().read_bytes())["images"]]


def test_a_part_is_exported(new_page, server, project, eventually):
    images = [image["id"] for image in project["images"]]
    api(server, f"/{project['id']}/images/bulk", {"ids": images[:1], "state": "done"})
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{server.base}/projects/{project['id']}?search=view")
    eventually(lambda: page.locator(".tile").count() == 4)
    page.get_by_label("Select view 901.png").check()
    page.get_by_label("Select view 902.png").check()
    close = page.get_by_role("button", name="Clear selection").bounding_box()
    assert close["x"] + close["width"] <= 352  # all of the bar is in sight
    page.get_by_role("button", name="Export annotations").click()
    dialog = page.get_by_role("dialog", name="Export annotations")
    choices = ["All images (4)", "Filtered (4)", "Selected (2)", "Done only (1)"]
    eventually(lambda: which(dialog) == choices)
    dialog.locator(
        ".export-summary", has_text="0 objects on 2 images"
    ).wait_for()  # what is selected is meant
    assert downloaded(page, dialog) == ["view 901.png", "view 902.png"]
    dialog.get_by_label("Images", exact=True).select_option("Done only (1)")
    dialog.locator(".export-summary", has_text="1 object on 1 image").wait_for()
    assert downloaded(page, dialog) == ["view 900.png"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear selection").click()
    page.get_by_placeholder("Search names").fill("903")
    eventually(lambda: page.locator(".tile").count() == 1)
    page.get_by_role("button", name="Export annotations").click()
    eventually(lambda: which(dialog) == ["All images (4)", "Filtered (1)", "Done only (1)"])
    dialog.locator(".export-summary", has_text="1 object on 4 images").wait_for()
    dialog.get_by_label("Images", exact=True).select_option("Filtered (1)")
    dialog.locator(".export-summary", has_text="0 objects on 1 image").wait_for()
    assert downloaded(page, dialog) == ["view 903.png"]
