"""A project from its first picture to its export, by the pages alone."""

import io
import re
import zipfile

import requests
from playwright.sync_api import expect

from tests.browser.annotating import drop
from tests.browser.pictures import one_object
from tests.browser.projects import api, choose, files
from tests.browser.reading import reads, shows

# Toasts go after some seconds: what they told stays here.
LISTEN = """() => {
  window.told = [];
  const note = (changes) => changes.forEach(() => window.told.push(document.body.innerText));
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}"""
SENTENCE = re.compile(r"\S+ .*\.$")


def names(page) -> list[str]:
    return page.locator(".tile-name .sr-only").all_inner_texts()


def test_a_project_is_made_filled_and_opened(new_page, server, problems, eventually):
    problems.allow(r"status of 415")
    requests.post(f"{server.base}/api/sample", timeout=60)  # so that it is not the page of a newcomer
    page = new_page()
    page.goto(server.base)
    page.get_by_role("button", name="New project").click()
    page.get_by_label("Name", exact=True).fill("Harbour")
    page.get_by_label("Initial labels").fill("boat, buoy")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/projects/\w{12}$"))
    project_id = page.url.rsplit("/", 1)[-1]
    labels = api(server, f"/{project_id}/labels")["labels"]
    assert [(each["name"], each["key"]) for each in labels] == [("boat", "1"), ("buoy", "2")]
    assert len({each["color"] for each in labels}) == 2

    broken = {"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"}
    choose(page, "Choose files", [*files(910, 911, 912), broken])
    failed = page.locator(".upload[data-failed]")
    failed.wait_for()
    shows(failed, "broken.png")
    assert SENTENCE.match(failed.locator(".upload-words").inner_text())
    eventually(lambda: names(page) == ["view 910.png", "view 911.png", "view 912.png"])
    failed.get_by_role("button", name="Dismiss").click()
    failed.wait_for(state="detached")
    page.get_by_role("link", name=re.compile("view 911")).click()
    page.wait_for_url(re.compile(rf"/projects/{project_id}/images/\w+$"))


def test_a_folder_is_dropped(new_page, server, project, tmp_path, eventually):
    for place, seed in (("a", 930), ("a/b", 931)):
        folder = tmp_path / "harbour" / place
        folder.mkdir(parents=True)
        (folder / "view.png").write_bytes(one_object(120, 80, seed).data)
        (folder / "notes.txt").write_text("no picture")
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.locator(".tile").nth(3).wait_for()
    page.evaluate(LISTEN)
    drop(page, str(tmp_path / "harbour"))
    eventually(lambda: {"harbour/a/view.png", "harbour/a/b/view.png"} < set(names(page)))
    for text in ("Skipped 2 files that aren't images.", "2 images were added."):
        eventually(lambda text=text: any(text in told for told in page.evaluate("() => window.told")))


def test_projects_are_put_away_deleted_and_had_back(new_page, server, project, eventually):
    name = f"Views {project['id']}"
    requests.patch(f"{server.base}/api/projects/{project['id']}", json={"name": name}, timeout=30)
    page = new_page()
    page.goto(server.base)
    card = page.locator("#projects > .projects .project-card", has_text=name)
    card.get_by_text("4 images · 1 object · 0% done").wait_for()
    expect(card.locator(".mosaic img")).to_have_count(4)
    more = page.get_by_role("button", name=f"More actions for {name}")
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    more.click()
    page.get_by_role("menuitem", name="Delete").click()
    card.wait_for(state="detached")
    undo.click()
    card.wait_for()
    more.click()
    page.get_by_role("menuitem", name="Archive").click()
    card.wait_for(state="detached")
    page.locator(".archived summary").click()
    page.locator(".archived").get_by_text(name).click()
    page.get_by_text("This project is archived.").wait_for()
    page.get_by_role("button", name="Unarchive").click()
    eventually(lambda: api(server, f"/{project['id']}")["archived_at"] is None)


def test_archives_are_worked_through(new_page, server, project, eventually):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each in files(920, 921):
            archive.writestr(f"more/{each['name']}", each["buffer"])
        archive.writestr("more/damaged.png", b"\x89PNG no picture")
        archive.writestr("more/annotations.json", "{}")
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.get_by_role("button", name="Add images").click()
    chosen = [{"name": "more.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Images or archives").click()
    chooser.value.set_files(chosen)
    row = page.locator(".upload", has_text="more.zip")
    row.locator(".upload-detail", has_text="2 images were added").wait_for()
    shows(row, "1 file isn't an image. To import annotations, use")
    row.locator("summary").click()
    shows(row.locator(".problems"), "damaged.png")
    eventually(lambda: {"more/view 920.png", "more/view 921.png"} < set(names(page)))


def test_states_and_removal_for_many_and_undone(new_page, server, project, eventually):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}?search=view")
    page.locator(".tile").nth(3).wait_for()
    page.get_by_label("Select view 900.png").check()
    page.get_by_label("Select view 902.png").click(modifiers=["Shift"])
    bulk = page.get_by_role("group", name="Selected images")
    reads(bulk.locator(".bulk-count"), "3 selected")
    bulk.get_by_role("button", name="Done").click()
    counts = f"/{project['id']}/images"
    eventually(lambda: api(server, counts)["counts"]["done"] == 3)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    eventually(lambda: api(server, counts)["counts"] == project_counts(new=3, in_progress=1))

    bulk.get_by_role("button", name="Remove").press("Enter")
    eventually(lambda: names(page) == ["view 903.png"])
    assert bulk.is_hidden()
    eventually(lambda: "view 903.png" in page.evaluate("document.activeElement.textContent"))
    assert page.evaluate("document.activeElement.className") == "tile-link"
    page.locator(".toast").get_by_role("button", name="Undo").click()
    eventually(lambda: len(names(page)) == 4)
    page.get_by_role("group", name="State").get_by_role("button", name="In progress").click()
    eventually(lambda: names(page) == ["view 900.png"])
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile(rf"/images/{project['images'][0]['id']}\?search=view$"))


def project_counts(**counts: int) -> dict:
    states = ("new", "in_progress", "returned", "attention", "skipped", "done", "accepted")
    return dict.fromkeys(states, 0) | counts


def test_what_a_format_loses_is_told_before_the_download(new_page, server, project):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export annotations")
    dialog.get_by_text("Lossless").wait_for()
    dialog.get_by_label("Format").select_option(label="YOLO segmentation")
    lost = dialog.locator("details[data-kind=attributes]")
    lost.wait_for()
    lost.locator("summary").click()
    shows(lost, "view 900.png")
    shows(lost, "note")
    dialog.get_by_label("Include images").check()
    dialog.get_by_label("Training, validation and test split").select_option("80/10/10")
    dialog.locator(".export-summary", has_text="1 object on 4 images, as a zip file.").wait_for()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".png")]
    assert len(pictures) == 4


def test_annotations_are_imported_with_what_is_wrong_in_them(new_page, server, project):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    body = b'{"images": [{"id": 1, "file_name": "nowhere.png", "width": 5, "height": 5}], "annotations": '
    body += b'[{"id": 7, "image_id": 1, "category_id": 9, "bbox": [0, 0, 2, 2]}], "categories": []}'
    page.get_by_role("button", name="Add images").click()
    chosen = {"name": "wrong.json", "mimeType": "application/json", "buffer": body}
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Images or archives").click()
    chooser.value.set_files(chosen)  # it is neither, so one is asked
    dialog = page.get_by_role("dialog", name="Import annotations")
    dialog.get_by_label("Format").select_option(label="COCO JSON")
    dialog.get_by_role("button", name="Import").click()
    row = page.locator(".upload[data-failed]", has_text="wrong.json")
    row.wait_for()
    row.locator("summary").click()
    shows(row.locator(".problems"), "wrong.json")
    shows(row.locator(".problems"), "expected")


def test_settings_save_themselves(new_page, server, project, problems, eventually):
    problems.allow(r"status of 409")
    labels = f"/{project['id']}/labels"
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}/settings")
    page.get_by_label("New label").fill("boat")
    page.keyboard.press("Enter")
    row = page.locator(".label-draft", has=page.get_by_label("Name of label boat"))
    row.locator("summary").click()
    row.get_by_role("button", name="Attribute").click()
    row.get_by_label("Attribute name").fill("rig")
    row.get_by_label("Type").select_option(label="Choice")
    row.get_by_label("Choices, separated by commas").fill("sloop, ketch")
    row.get_by_label("Required").check()
    wanted = [{"name": "rig", "type": "choice", "required": True, "choices": ["sloop", "ketch"]}]
    eventually(lambda: [each["attributes"] for each in api(server, labels)["labels"]] == [[], wanted])
    page.locator("#labels > .saving", has_text="Saved").wait_for()

    page.get_by_role("button", name="More actions for disc").click()
    page.get_by_role("menuitem", name="Remove").click()  # an object has it
    merge = page.get_by_role("dialog", name="Merge disc")
    shows(merge, "1 object")
    expect(merge.get_by_role("button", name="Merge")).to_be_disabled()  # which label is the person's to say
    merge.get_by_label("Change its objects to").select_option(label="boat")
    shows(merge, "1 object, counting all images, gets the label boat. This can't be undone.")
    merge.get_by_role("button", name="Merge").click()
    eventually(lambda: [each["name"] for each in api(server, labels)["labels"]] == ["boat"])
    image = f"/{project['id']}/images/{project['images'][0]['id']}/annotations"
    eventually(lambda: [each["label"] for each in api(server, image)["annotations"]] == ["boat"])

    row.get_by_label("Attribute name").fill("")  # to type another one
    page.wait_for_timeout(900)
    page.locator("#labels > .saving", has_text="Saved").wait_for()
    assert api(server, labels)["labels"][0]["attributes"] == wanted

    present = api(server, labels)
    present["labels"][0]["name"] = "ship"
    requests.put(f"{server.base}/api/projects{labels}", json=present, timeout=30)  # somebody else
    page.get_by_label("Name of label boat").fill("vessel")
    page.get_by_text("The labels were changed elsewhere").wait_for()
    page.get_by_label("Name of label ship").wait_for()
    eventually(lambda: page.locator("#labels > .saving").inner_text() == "")  # it was not saved

    page.get_by_label("Guidelines, as Markdown").fill("Only **whole** ones.")
    page.locator(".guidelines strong", has_text="whole").wait_for()
    page.get_by_label("Name", exact=True).fill("Harbours")
    eventually(lambda: api(server, f"/{project['id']}")["name"] == "Harbours")
    eventually(lambda: page.locator("#project-name").inner_text() == "Harbours")
