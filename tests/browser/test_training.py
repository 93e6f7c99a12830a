"""Training on the project's page: estimate, watch, use the result, revert; and the errors when it can't start."""

import json

import pytest
import requests
from playwright.sync_api import expect

from server.domain.masks import encode_rle
from tests.browser.pictures import one_object
from tests.browser.projects import api
from tests.training import LACKING
from tests.web.live.running import Server

WAIT_MS = 120_000  # images are encoded first


@pytest.fixture(scope="module")
def training(tmp_path_factory, bundled):
    """A server whose trainings learn nothing, quickly; its folder is `training.data`."""
    folder = tmp_path_factory.mktemp("training")
    server = Server(folder, program=("-m", "tests.training"))
    server.data = folder  # type: ignore[attr-defined]
    yield server
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


def plan(server, **values):
    (server.data / "trainer.json").write_text(json.dumps(values))


def make_project(server, name: str, objects: int = 5) -> dict:
    made = api(server, "", {"name": name})
    for seed in range(objects):
        picture = one_object(120, 80, seed)
        url = f"{server.base}/api/projects/{made['id']}/images"
        image = requests.post(url, files={"file": (f"{seed}.png", picture.data)}, timeout=30).json()
        drawn = {"id": f"object-{seed}-{made['id']}", "label": "disc", "color": "#e69f00"}
        drawn["rle"] = encode_rle(picture.mask())
        api(server, f"/{made['id']}/images/{image['id']}/annotations", drawn)
    return made


def opened(page, server, project):
    page.goto(f"{server.base}/projects/{project['id']}")
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Training").click()
    expect(page.get_by_role("heading", name="Train a model on your objects")).to_be_visible()
    return page


def test_one_is_trained_used_and_left_again(new_page, training):
    project = make_project(training, "Discs and more")
    plan(training, seconds=0.4, steps=8)
    page = opened(new_page(), training, project)
    expect(page.locator(".training-estimate")).to_contain_text("5 images, 5 objects.")
    expect(page.locator(".training-estimate")).to_contain_text("About")
    expect(page.get_by_label("ID", exact=True)).to_have_value("discs_and_more_1")
    expect(page.get_by_role("radio", name="Encoder adapters")).to_be_disabled()
    expect(page.get_by_text("Needs a GPU; this server has none")).to_be_visible()
    page.get_by_role("radio", name="Choice of mask").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Mask tokens")).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.get_by_label("Name", exact=True).fill("Our discs")
    page.get_by_label("Label", exact=True).select_option("disc")
    page.get_by_label("ID", exact=True).press("Enter")
    shown = page.get_by_role("region", name="Our discs")
    expect(shown.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_be_hidden()
    curve = shown.get_by_role("img", name="mean IoU")
    expect(curve).to_be_visible(timeout=WAIT_MS)
    expect(shown.get_by_role("progressbar")).to_be_visible()
    expect(shown).to_contain_text("Mean IoU after one and three clicks rose by", timeout=WAIT_MS)
    expect(curve).to_have_accessible_name("After 80 steps: mean IoU 0.640, loss 0.125")
    first = shown.get_by_role("row", name="Mean IoU after 1 click")
    expect(first.get_by_role("cell")).to_have_text(["0.600", "0.650", "+0.050"])
    expect(shown.get_by_role("link", name="0.png")).to_be_visible()
    shown.get_by_role("button", name="Use in this project").click()
    expect(shown.locator(".training-used")).to_have_text("In use")
    assert api(training, f"/{project['id']}")["settings"]["segmenter"] == "discs_and_more_1"
    shown.get_by_role("button", name="Revert to MobileSAM").click()
    expect(shown.get_by_role("button", name="Use in this project")).to_be_visible()
    assert api(training, f"/{project['id']}")["settings"]["segmenter"] == "mobile_sam"
    with page.expect_popup() as popup:
        shown.get_by_role("link", name="Open the report").click()
    expect(popup.value.get_by_role("heading", name="How it went")).to_be_visible()
    rounds = page.get_by_role("region", name="Training runs")
    expect(rounds.get_by_role("row", name="Our discs")).to_contain_text("+0.050")
    expect(rounds.get_by_role("row", name="Our discs")).to_contain_text("Round 1")
    expect(page.get_by_label("ID", exact=True)).to_have_value("discs_and_more_2")
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Numbers").click()
    gains = page.get_by_role("region", name="Training rounds")
    expect(gains.get_by_role("listitem")).to_contain_text("Round 1: +0.050 mean IoU after 1 click")


def test_one_is_paused_resumed_finished_and_deleted(new_page, training):
    project = make_project(training, "Paused")
    plan(training, seconds=0.2, steps=1000, better=-0.01)
    page = opened(new_page(), training, project)
    page.get_by_role("button", name="Start training").click()
    shown = page.locator(".training-shown")
    expect(shown.get_by_role("img")).to_be_visible(timeout=WAIT_MS)
    shown.get_by_role("button", name="Pause").click()
    expect(shown).to_contain_text("Paused. The best result so far is kept.")
    page.reload()
    expect(shown.get_by_role("img")).to_be_visible()
    shown.get_by_role("button", name="Resume").click()
    expect(shown.get_by_role("progressbar")).to_be_visible()
    shown.get_by_role("button", name="Finish now").click()
    expect(shown).to_contain_text("Mean IoU did not improve on held-out images", timeout=WAIT_MS)
    expect(shown.get_by_role("button", name="Use in this project")).to_be_hidden()
    shown.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete MobileSAM, Paused?").get_by_role("button", name="Delete").click()
    expect(shown).to_be_hidden()
    expect(page.get_by_role("region", name="Training runs")).to_be_hidden()


def test_why_one_failed_and_why_none_can_start(new_page, training, tmp_path, bundled, monkeypatch, problems):
    project = make_project(training, "Failing")
    plan(training, error="This takes a GPU.")
    page = opened(new_page(), training, project)
    page.get_by_role("radio", name="Decoder").check()
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".training-shown")).to_contain_text(
        "This takes a GPU. Do something.", timeout=WAIT_MS
    )
    page.get_by_label("ID", exact=True).fill("mobile_sam")
    problems.allow("409")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("alert").filter(has_text="needs an id of its own")).to_be_visible()
    empty = make_project(training, "Empty", objects=1)
    opened(page, training, empty)
    expect(page.locator(".training-estimate")).to_contain_text("Needs at least 5 images with objects.")
    expect(page.get_by_role("button", name="Start training")).to_be_disabled()
    monkeypatch.setenv(LACKING, "no_such_package")
    without = Server(tmp_path, program=("-m", "tests.training"))
    opened(page, without, make_project(without, "Without"))
    expect(page.locator(".training-lacking")).to_contain_text('pip install "samphire[export]"')
    expect(page.get_by_role("button", name="Start training")).to_be_disabled()
    assert without.stop() == 0
