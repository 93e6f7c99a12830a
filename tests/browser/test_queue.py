"""Working through the images of a project: on and back, what stays as it was, states, and the browser's own back."""

import re

import numpy as np
import pytest
import requests
from playwright.sync_api import expect

from tests.browser.test_outbox import OFFLINE
from tests.web.live.running import picture

COUNT = 4


@pytest.fixture(scope="module")
def queue(server) -> list[dict]:
    """Four pictures of a project of their own, in the order of their names."""
    project = requests.post(f"{server.base}/api/projects", json={"name": "Queue"}).json()
    images = []
    for number in range(COUNT):
        file = {"file": (f"{number}.png", picture(640 + 16 * number, 480, 70 + number))}
        images.append(requests.post(f"{server.base}/api/projects/{project['id']}/images", files=file).json())
    return images


@pytest.fixture
def at(annotating, queue):
    """The annotate page of one of them: at(1, "?state=new")."""

    def start(number: int, query: str = ""):
        annotate = annotating()
        annotate.page.goto(address(annotate, queue[number]) + query)
        annotate.arrived()
        return annotate

    return start


def address(annotate, image: dict) -> str:
    return f"{annotate.base}/projects/{image['project_id']}/images/{image['id']}"


def arrived_at(annotate, image: dict) -> None:
    annotate.until("(id) => samphire.status().image.id === id", image["id"])
    annotate.arrived()


def place(annotate) -> str:
    annotate.until("() => document.querySelector('.queue-place').textContent !== ''")
    return annotate.page.inner_text(".queue-place")


def server_state(annotate, image: dict) -> str:
    path = f"/api/projects/{image['project_id']}/images/{image['id']}"
    return requests.get(annotate.base + path).json()["state"]


def states(server, project: str) -> list[str]:
    """Of the images' embeddings, in the order of their names."""
    path = f"{server.base}/api/projects/{project}/images"
    return [image["embedding"]["state"] for image in requests.get(path).json()["images"]]


ASKED = """(name) => samphire.status().image?.name === name &&
  ["queued", "encoding", "downloading", "loading-decoder", "ready"].includes(samphire.status().work.phase)"""


def upload(server, project: str, name: str, seed: int) -> dict:
    file = {"file": (name, picture(640, 480, seed))}
    return requests.post(f"{server.base}/api/projects/{project}/images", files=file).json()


def overtakes(annotating, server, seed: int) -> bool:
    """Whether the last of several images, quickly gone to, is encoded before those that were passed by, but for one
    that was begun already. Somebody else keeps the encoder busy meanwhile."""
    new = {"json": {"name": "In a hurry"}}
    mine, other = (requests.post(f"{server.base}/api/projects", **new).json()["id"] for _ in range(2))
    for number in range(8):
        image = upload(server, other, f"{number}.png", seed + number)
        requests.post(f"{server.base}/api/images/{image['id']}/embedding")
    first, *_ = [upload(server, mine, f"{number}.png", seed + 10 + number) for number in range(7)]
    annotate = annotating()
    annotate.page.goto(address(annotate, first), wait_until="domcontentloaded")
    annotate.until("() => document.querySelector('.queue-place')?.textContent === '1 / 7'")
    for number in range(1, 6):
        annotate.key("d")
        annotate.until(ASKED, f"{number}.png")
    while (now := states(server, mine))[5] not in ("running", "ready"):
        annotate.page.wait_for_timeout(20)
    annotate.arrived()
    return now[1:5].count("ready") < 2


def test_the_image_on_screen_is_encoded_before_those_passed_by(annotating, server):
    """Of those some may be encoded already, where the machine has done that before the keys were pressed."""
    assert any(overtakes(annotating, server, seed) for seed in (700, 800, 900))


def test_on_and_back_keep_tool_and_query(at, queue):
    annotate = at(1, "?sort=name")
    assert place(annotate) == "2 / 4"
    annotate.key("b")
    annotate.key("d")
    arrived_at(annotate, queue[2])
    assert place(annotate) == "3 / 4"
    assert annotate.page.url == address(annotate, queue[2]) + "?sort=name"
    assert annotate.page.get_attribute(".rail [aria-label='Box']", "aria-pressed") == "true"
    annotate.key("a")
    arrived_at(annotate, queue[1])
    annotate.page.go_back()
    arrived_at(annotate, queue[2])
    assert annotate.page.url.startswith(address(annotate, queue[2]))


def test_of_two_steps_back_the_last_counts(at, queue):
    annotate = at(0)
    for number in (1, 2):
        annotate.key("d")
        arrived_at(annotate, queue[number])
    late = re.compile(rf"/api/projects/[^/]+/images/{queue[1]['id']}$")
    held = []
    annotate.page.route(late, lambda route: held.append(route))
    annotate.ask("history.back()")
    annotate.until("(path) => location.pathname.endsWith(path)", queue[1]["id"])
    annotate.ask("history.back()")
    arrived_at(annotate, queue[0])
    assert len(held) == 1
    with annotate.page.expect_response(late):
        held[0].continue_()
    annotate.page.wait_for_timeout(300)
    assert annotate.status()["image"]["id"] == queue[0]["id"]
    assert annotate.page.url == address(annotate, queue[0])


def test_the_opened_thumbnail_keeps_history_and_an_open_menu_keeps_the_keys(at, queue):
    annotate = at(1)
    place(annotate)
    annotate.click(320, 240)
    steps = annotate.ask("history.length")
    annotate.page.locator(".filmstrip [aria-current=true]").click()
    annotate.page.wait_for_timeout(300)
    assert len(annotate.prompt()["points"]) == 1
    assert annotate.ask("history.length") == steps
    annotate.key("Control+z")
    assert annotate.prompt()["points"] == []

    annotate.page.click(".state-button")
    item = annotate.page.locator(".queue [role=menuitem]").first
    annotate.key("d", "a", "ArrowDown", "ArrowUp")
    assert item.evaluate("(item) => item === document.activeElement")
    assert annotate.status()["image"]["id"] == queue[1]["id"]
    annotate.key("Escape")
    expect(item).to_be_hidden()
    annotate.key("d")
    arrived_at(annotate, queue[2])


def test_the_zoom_stays(at, queue):
    annotate = at(0)
    view = "(() => { const [x, y] = samphire.onPage(0, 0), [a] = samphire.onPage(1, 0); return [x, y, a - x]; })()"
    annotate.key("d")
    arrived_at(annotate, queue[1])
    scale, x, y = annotate.fit()
    assert annotate.ask(view) == pytest.approx([x, y, scale], abs=1e-6), "fitted stays fitted"

    annotate.page.mouse.move(*annotate.on_page(200, 150))
    annotate.page.mouse.wheel(0, -900)
    before = annotate.ask(view)
    annotate.key("d")
    arrived_at(annotate, queue[2])
    after = annotate.ask(view)
    assert after[2] == pytest.approx(before[2]), "the same scale"
    stage = annotate.stage()
    cx, cy = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    shares = [
        ((cx - x) / scale / image["width"], (cy - y) / scale / image["height"])
        for (x, y, scale), image in ((before, queue[1]), (after, queue[2]))
    ]
    assert shares[0] == pytest.approx(shares[1]), "the same part of the picture"


def test_states_and_done_and_next(at, queue, eventually):
    annotate = at(0)
    place(annotate)
    annotate.page.click(".state-button")
    annotate.page.click(".queue [role=menuitem]:has-text('Needs attention')")
    annotate.until("() => document.querySelector('.state-name span').textContent === 'Needs attention'")
    annotate.key("Shift+D")
    arrived_at(annotate, queue[1])
    annotate.until("() => document.querySelector('.state-name span').textContent === 'New'")
    eventually(lambda: server_state(annotate, queue[0]) == "done")
    annotate.until("() => document.querySelector('.filmstrip button').dataset.state === 'done'")
    annotate.page.locator(".filmstrip button").first.click()
    arrived_at(annotate, queue[0])
    annotate.until("() => document.querySelector('.state-name span').textContent === 'Done'")


def test_the_filter_of_the_address_leaves_out_what_is_done(at, queue, server):
    path = f"{server.base}/api/projects/{queue[0]['project_id']}/images"
    requests.post(f"{path}/bulk", json={"ids": [queue[1]["id"]], "state": "done"})
    annotate = at(0, "?state=new")
    place(annotate)
    annotate.key("d")
    arrived_at(annotate, queue[2])
    link = annotate.page.get_attribute(".project-name", "href")
    assert link == f"/projects/{queue[0]['project_id']}?state=new"


def test_the_preview_of_the_next_image_needs_no_move(at, queue):
    annotate = at(2)
    place(annotate)
    annotate.page.mouse.move(*annotate.on_page(320, 240))
    annotate.until("() => shown.hover.peek() !== null")
    annotate.page.wait_for_timeout(1500)
    annotate.key("d")
    arrived_at(annotate, queue[3])
    annotate.until("() => shown.hover.peek() !== null")
    painted = annotate.painted()
    assert painted is not None
    assert np.any(painted)


def test_offline_all_of_the_page_is_about_the_same_image(at, queue, problems):
    problems.allow(OFFLINE)
    annotate = at(0)
    page = annotate.page
    assert place(annotate) == "1 / 4"
    page.context.set_offline(True)
    annotate.until("() => samphire.status().online === false")
    for number in (1, 2):
        annotate.key("d")
        annotate.until("(id) => samphire.status().image.id === id", queue[number]["id"])
        assert page.url == address(annotate, queue[number])
        assert page.title().startswith(f"{number}.png")
        assert place(annotate) == f"{number + 1} / 4"
        current = page.locator(".filmstrip [aria-current]")
        assert current.get_attribute("aria-label").startswith(f"{number}.png")
        assert annotate.annotations() == []
    page.context.set_offline(False)
    arrived_at(annotate, queue[2])
    assert place(annotate) == "3 / 4"
