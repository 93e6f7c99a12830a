"""Seventy labels: searched, in groups, chosen by keys out of sight, and matched when files call them otherwise."""

import json

from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.pictures import still_life
from tests.browser.reading import reads
from tests.browser.team import rectangle
from tests.browser.test_outbox import OFFLINE

GROUPS = ("animal", "vehicle", "food", "furniture", "tool")


def seventy(server) -> Desk:
    desk = Desk(server.base)
    desk.label(
        *({"name": f"{GROUPS[i // 15]} {i:02}", "group": GROUPS[i // 15]} for i in range(70)), {"name": "sky"}
    )
    return desk


def test_seventy_labels_are_searched_and_grouped(annotating, server):
    desk = seventy(server)
    annotate = desk.open(annotating(), desk.picture(340))
    page = annotate.page
    panel = page.locator(".panel.labels")
    annotate.until("() => document.querySelectorAll('.label-row').length === 71")
    assert panel.locator(".label-group").all_inner_texts()[0].split() == ["animal", "15"]
    panel.get_by_role("button", name="animal 15", exact=True).click()
    expect(panel.locator(".label-row")).to_have_count(56)
    page.get_by_label("Filter labels").fill("food 31")
    assert panel.locator(".label-row .name").all_inner_texts() == ["food 31"]
    page.get_by_label("Filter labels").press("Enter")
    active = panel.locator(".label-row[data-active]")
    reads(active.locator(".name"), "food 31")
    page.locator("#stage").focus()
    annotate.key("`")  # the one before, whose group was closed
    annotate.until(
        "() => document.querySelector('.label-row[data-active] .name')?.textContent === 'animal 00'"
    )
    annotate.until(
        """() => {
          const [row, list] = [".label-row[data-active]", ".panel.labels .rows"].map((each) =>
            document.querySelector(each).getBoundingClientRect());
          return row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
        }"""
    )


def test_what_somebody_does_to_the_labels_is_seen_at_once(annotating, server):
    """Objects keep their label when it is called otherwise, also one that is made under its old name."""
    desk = Desk(server.base)
    desk.label({"name": "dog", "color": "#1f77b4"}, {"name": "cat", "color": "#d62728"})
    picture = still_life(341)
    annotate = desk.open(annotating(), desk.picture(341))
    annotate.click(*picture.objects[0].centre)
    annotate.accept()
    annotate.saved()
    kept = (
        "() => samphire.annotations().map(({ label, color, version }) => [label, color, version].join(' '))"
    )
    listed = desk.ask("get", "/labels")
    listed["labels"][0] |= {"name": "hound", "color": "#0f5a5a"}
    desk.ask("put", "/labels", listed)
    annotate.until(f"() => ({kept})().join() === 'hound #0f5a5a 1'")
    reads(annotate.page.locator(".label-row[data-active] .name"), "hound")
    late = {"label_id": listed["labels"][0]["id"], "label": "dog", "rle": annotate.annotations()[0]["rle"]}
    assert desk.ask("post", f"/images/{desk.images[0]['id']}/annotations", late)["label"] == "hound"
    annotate.until("() => samphire.annotations().length === 2")
    listed = desk.ask("get", "/labels")
    hound, cat = listed["labels"]
    desk.ask("put", "/labels", {**listed, "labels": [{**cat, "replaces": [hound["id"]]}]})
    annotate.until(f"() => ({kept})().join() === 'cat #d62728 2,cat #d62728 2'")


def test_the_name_of_another_label_asks_before_it_merges(annotating, server):
    desk = Desk(server.base)
    desk.label({"name": "dog"}, {"name": "cat"})
    image = desk.picture(343)
    desk.draw(image, [("dog", (20, 20, 60, 40)), ("cat", (120, 20, 60, 40))])
    desk.draw(desk.picture(344), [("cat", (120, 20, 60, 40))])
    annotate = desk.open(annotating(), image)
    page = annotate.page
    names = "() => samphire.annotations().map(({ label }) => label).join()"

    def call_cat_dog(answer: str) -> None:
        page.get_by_role("button", name="Rename cat").click()
        page.get_by_label("Label", exact=True).fill("dog")
        page.keyboard.press("Enter")
        question = page.get_by_role("dialog", name="Merge cat into dog?")
        reads(
            question.locator("p"), "2 objects, counting all images, get the label dog. This can't be undone."
        )
        question.get_by_role("button", name=answer).click()
        question.wait_for(state="hidden")

    call_cat_dog("Cancel")
    assert annotate.ask(names) == "dog,cat"
    expect(page.locator(".label-row")).to_have_count(2)
    call_cat_dog("Merge")
    annotate.until(f"() => ({names})() === 'dog,dog'")
    expect(page.locator(".label-row")).to_have_count(1)


def test_a_label_that_other_images_use_stays_and_says_why(annotating, server, problems, eventually):
    desk = Desk(server.base)
    desk.label({"name": "dog", "key": "1"}, {"name": "cat", "key": "2"}, {"name": "cow", "key": "3"})
    image = desk.picture(345)
    desk.draw(desk.picture(346), [("cat", (20, 20, 60, 40)), ("cat", (120, 20, 60, 40))])
    annotate = desk.open(annotating(), image)
    page = annotate.page
    rows = page.locator(".label-row")
    problem = page.locator(".panel-problem")
    rows.nth(1).hover()
    page.get_by_role("button", name="Remove cat").click()
    expect(problem).to_contain_text("cat stays: 2 objects have it, counting all images and the trash.")
    expect(rows).to_have_count(3)
    problem.get_by_role("button", name="Dismiss").click()
    expect(problem).to_be_hidden()
    rows.nth(0).hover()
    page.get_by_role("button", name="Remove dog").click()
    expect(rows).to_have_count(2)
    keys = "() => [...document.querySelectorAll('.label-row')].map((row) => row.innerText.split('\\n')[0]).join()"
    annotate.until(f"() => ({keys})() === '1,2'")

    problems.allow(OFFLINE)
    page.context.set_offline(True)
    rows.nth(1).get_by_role("button", name="Rename cow").click()
    page.get_by_label("Label", exact=True).fill("ox")
    page.keyboard.press("Enter")
    expect(problem).to_have_text("Label changes are kept in this page and sync when the server returns. ")
    assert problem.get_attribute("data-state") == "kept"
    page.context.set_offline(False)
    annotate.until("() => document.querySelector('.panel-problem').hidden")
    eventually(lambda: [label["name"] for label in desk.ask("get", "/labels")["labels"]] == ["cat", "ox"])


def test_the_chosen_label_and_the_prompt_outlive_a_reload(annotating, server):
    desk = Desk(server.base)
    desk.label({"name": "dog"}, {"name": "cat"})
    annotate = desk.open(annotating(), desk.picture(342))
    annotate.key("2")
    annotate.click(*still_life(342).objects[0].centre)
    annotate.page.reload(wait_until="domcontentloaded")
    annotate.arrived()
    reads(annotate.page.locator(".label-row[data-active] .name"), "cat")
    annotate.until("() => document.querySelector('.candidates')")
    assert annotate.accept()["label"] == "cat"


def test_labels_of_a_file_are_matched_to_the_projects(new_page, server):
    desk = seventy(server)
    image = desk.picture(341)
    rle = rectangle(image, (10, 10, 70, 50))
    data = {
        "images": [{"id": 1, "file_name": image["name"], "width": image["width"], "height": image["height"]}],
        "categories": [{"id": 1, "name": "Sky"}, {"id": 2, "name": "hound"}],
        "annotations": [
            {"id": n, "image_id": 1, "category_id": n, "segmentation": rle, "area": 1, "bbox": [0, 0, 1, 1]}
            for n in (1, 2)
        ],
    }
    page = new_page()
    page.goto(f"{server.base}/projects/{desk.id}")
    page.get_by_role("button", name="Add images").click()
    page.get_by_role("menuitem", name="Annotations").click()
    file = {"name": "a.json", "mimeType": "application/json", "buffer": json.dumps(data).encode()}
    page.locator("#import-file").set_input_files([file])
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("button", name="Match labels").click()
    dialog = page.get_by_role("dialog", name="Match labels")
    reads(dialog.get_by_label("Sky").locator("option:checked"), "sky")
    reads(dialog.get_by_label("hound").locator("option:checked"), "New label")
    for row in dialog.locator("input[type=search]").all():
        row.evaluate("(field) => field.hidden = false")  # there are too few labels to offer it
        row.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label("hound").select_option(label="animal 03")
    dialog.get_by_role("button", name="Import").click()
    page.get_by_text("2 objects were added.", exact=True).wait_for()
    assert sorted(each["label"] for each in desk.objects(image)) == ["animal 03", "sky"]
