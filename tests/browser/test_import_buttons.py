"""An import under way is cancelled from its row, and what was sent for it is discarded."""

import io
import zipfile

from playwright.sync_api import expect

from tests.browser.projects import api
from tests.web.live.running import picture


def archive(count):
    """So many different images that the import takes a while."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for seed in range(count):
            file.writestr(f"{seed:03}.png", picture(120, 90, seed))
    return {"name": "many.zip", "mimeType": "application/zip", "buffer": data.getvalue()}


def test_an_import_is_cancelled_and_discarded(new_page, server, project, eventually):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.locator(".tile").nth(3).wait_for()
    page.get_by_role("button", name="Add images").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Images or archives").click()
    chooser.value.set_files(archive(300))
    row = page.locator(".upload", has_text="many.zip")
    row.get_by_role("button", name="Cancel", exact=True).click()
    discard = row.get_by_role("button", name="Discard")
    discard.wait_for()
    [job] = api(server, f"/{project['id']}/imports")["imports"]
    assert (job["state"], job["bytes"] > 0) == ("stopped", True)
    discard.click()
    row.wait_for(state="detached")
    eventually(lambda: api(server, f"/{project['id']}/imports")["imports"] == [])
    page.reload()
    page.locator(".tile").first.wait_for()
    expect(row).to_have_count(0)
