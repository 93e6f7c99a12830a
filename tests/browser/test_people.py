"""People of a team on one image: they see each other, wait for each other, and lose nothing of each other's."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from tests.browser.annotating import Annotating
from tests.browser.pictures import still_life
from tests.browser.team import Person, rectangle

ROLES = {"Ann Ash": "annotator", "Ben": "annotator", "Rita Roe": "reviewer"}


@pytest.fixture(scope="module")
def people(team) -> dict[str, Person]:
    return {name: team.person(name) for name in ROLES}


@pytest.fixture
def image(team, people) -> dict:
    """In a project with review, where they all are; with one object: a rectangle of 200 x 150 pixels at (100, 100)."""
    owner, picture = team.person(), still_life(91)
    project = owner.ask("post", "/api/projects", {"name": "Together", "settings": {"review": True}})["id"]
    for name, role in ROLES.items():
        owner.ask("post", f"/api/projects/{project}/members", {"account": people[name].id, "role": role})
    files = {"file": (picture.name, picture.data)}
    made = owner.ask("post", f"/api/projects/{project}/images", files=files)
    body = {
        "id": "the-only-object",
        "label": "car",
        "color": "#e69f00",
        "rle": rectangle(made, (100, 100, 200, 150)),
    }
    owner.ask("post", f"/api/projects/{project}/images/{made['id']}/annotations", body)
    return made


class Connection:
    """A page's, which can be cut."""

    def __init__(self, page) -> None:
        self._context, self._open, self._cut = page.context, [], False
        page.route_web_socket(re.compile("/socket.io/"), self._route)

    def _route(self, socket) -> None:
        if self._cut:
            socket.close()
        else:
            socket.connect_to_server()
            self._open.append(socket)

    def cut(self) -> None:
        self._cut = True
        self._context.set_offline(True)
        for socket in self._open:
            socket.close()
        self._open.clear()

    def restore(self) -> None:
        self._cut = False
        self._context.set_offline(False)


@pytest.fixture
def worker(annotating, team, people):
    """Somebody's page on the image."""

    def start(name: str, image: dict, decoder: str = "server") -> tuple[Annotating, Connection]:
        worker = annotating(base=team.base)
        connection = Connection(worker.page)
        path = f"/projects/{image['project_id']}/images/{image['id']}?decoder={decoder}"
        people[name].enter(worker.page, path)
        return worker.arrived(), connection

    return start


def paint(worker: Annotating, x0: float, y0: float, x1: float, y1: float) -> None:
    mouse = worker.page.mouse
    mouse.move(*worker.on_page(x0, y0))
    mouse.down()
    mouse.move(*worker.on_page(x1, y1), steps=5)
    mouse.up()


def mask_of(worker: Annotating) -> np.ndarray:
    [only] = worker.ask("samphire.annotations()")
    return decode_rle(only["rle"]).astype(bool)


def select(worker: Annotating) -> None:
    worker.key("v")
    worker.page.mouse.click(*worker.on_page(200, 175))
    worker.until("() => document.querySelector('.object-row[aria-selected=true]')")


def test_three_people_on_one_image(people, image, worker, problems, eventually):
    ann, line = worker("Ann Ash", image)
    ben, _ = worker("Ben", image)
    rita, _ = worker("Rita Roe", image)
    for each, initials in ((ann, "BE RR"), (ben, "AA RR"), (rita, "AA BE")):
        each.until(
            "(text) => [...document.querySelectorAll('.people .avatar')].map((each) => each.innerText)"
            ".sort().join(' ') === text",
            initials,
        )

    # Where Ann points, Ben sees, in his own view.
    ann.page.mouse.move(*ann.on_page(310, 120))
    ben.until("() => document.querySelector('.other-name')?.innerText === 'Ann Ash'")
    where = (
        "() => { const { x, y } = document.querySelector('.other').getBoundingClientRect(); return [x, y]; }"
    )
    eventually(lambda: np.allclose(ben.ask(where), ben.on_page(310, 120), atol=1.5))
    ann.key("Shift+P")
    ben.until("() => document.querySelector('.look .other-name')?.innerText === 'Ann Ash'")
    rita.page.mouse.move(*rita.on_page(500, 400))
    for each in (ann, ben):
        each.until(
            "() => [...document.querySelectorAll('.other-name')].some((each) => each.innerText === 'Rita Roe')"
        )
    ann.leave()
    rita.leave()
    ben.until("() => !document.querySelector('.other')")

    # What Ann is editing, Ben is asked to leave alone.
    select(ann)
    ben.until("() => document.querySelector('.row-people [title=\"Ann Ash has this selected\"]')")
    ann.key("g")
    ann.page.mouse.move(*ann.on_page(200, 175))
    ben.until("() => document.querySelector('.row-people [title=\"Ann Ash is editing this\"]')")
    select(ben)
    ben.key("Delete")
    ben.until("() => document.body.innerText.includes('Ann Ash is editing car.')")
    assert len(ben.ask("samphire.annotations()")) == 1
    ann.key("v")
    ben.until("() => !document.querySelector('.row-people [data-editing]')")

    # Ann is away; both paint on the same object, and the answer is all of both.
    problems.allow(
        "ERR_INTERNET_DISCONNECTED|WebSocket|Failed to load resource: the server responded with a status of 409"
    )
    line.cut()
    ben.until("() => document.querySelectorAll('.people .avatar').length === 1")
    for each in (ann, ben):
        select(each)
        each.key("k")
    paint(ben, 320, 120, 340, 120)
    ben.until("() => samphire.annotations().every(({ saved }) => saved)")
    paint(ann, 320, 230, 340, 230)
    ann.until("() => document.querySelector('.saved').dataset.state === 'offline'")
    before = mask_of(ben) | mask_of(ann)
    assert (mask_of(ben) != mask_of(ann)).any()
    line.restore()
    ann.until("() => document.querySelector('.conflict:not([hidden])')")
    ann.page.get_by_role("button", name="Union").click()
    ann.saved()
    assert (mask_of(ann) == before).all()
    eventually(lambda: (mask_of(ben) == before).all())
    ben.until("() => document.querySelectorAll('.people .avatar').length === 2")

    # Rita has seen it all; what Ann submits, she returns, and Ann reads why.
    eventually(lambda: (mask_of(rita) == before).all())
    ann.key("Shift+D")
    rita.page.get_by_role("button", name="Return image and next").click()
    rita.page.get_by_label("Note").fill("The wheels, too.")
    rita.key("Control+Enter")
    told = ann.page.get_by_role("region", name="Review")
    expect(told).to_contain_text("Returned by Rita Roe")
    expect(told).to_contain_text("The wheels, too.")
    ann.key("Shift+D")
    rita.page.get_by_role("button", name="Accept image and next").click()
    address = f"/api/projects/{image['project_id']}/images/{image['id']}"
    eventually(lambda: people["Ann Ash"].ask("get", address)["state"] == "accepted")


def test_a_view_is_followed_until_one_moves_oneself(image, worker):
    ann, _ = worker("Ann Ash", image)
    ben, _ = worker("Ben", image)
    ben.until("() => document.querySelector('.people .avatar')")
    ben.page.locator(".people").click()
    ben.page.locator(".person").click()
    ben.until("() => document.querySelector('.followed:not([hidden])')?.innerText.includes('Ann Ash')")
    ben.page.keyboard.press("Escape")
    corner = "() => samphire.onPage(100, 100)"
    ann.page.mouse.move(*ann.on_page(100, 100))
    for _ in range(3):
        ann.page.mouse.wheel(0, -300)
    ben.until(
        "([x, y]) => Math.hypot(...samphire.onPage(100, 100).map((at, i) => at - [x, y][i])) < 2",
        ann.ask(corner),
    )
    ben.page.mouse.move(*ann.ask(corner))
    ben.page.mouse.wheel(0, 200)
    ben.until("() => document.querySelector('.followed').hidden")
    moved = ben.ask(corner)
    ann.page.mouse.wheel(0, -300)
    ann.page.wait_for_timeout(500)
    assert ben.ask(corner) == moved


def test_the_mask_of_what_another_points_at_is_shown_to_who_wants_it(image, worker, eventually):
    ann, _ = worker("Ann Ash", image)
    ben, _ = worker("Ben", image, "wasm")
    ben.until("() => document.querySelector('.people .avatar')")
    ellipse = still_life(91).objects[1]
    ann.page.mouse.move(*ann.on_page(*ellipse.centre))
    ben.until("() => document.querySelector('.other')")
    ben.page.wait_for_timeout(1500)
    assert ben.ask("document.querySelector('.preview').hidden")  # nobody has asked for it
    ben.ask("void (samphire.signals.view.previews.value = true)")
    x, y = ellipse.centre
    ann.page.mouse.move(*ann.on_page(x + 5, y))
    ben.until("() => !document.querySelector('.preview').hidden")
    box = ben.ask("document.querySelector('.preview').getBoundingClientRect().toJSON()")
    left, top = ben.on_page(x, y)
    assert box["left"] < left < box["right"]
    assert box["top"] < top < box["bottom"]
    filled = """() => {
      const sheet = document.querySelector('.preview');
      const { data } = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height);
      return data.filter((value, i) => i % 4 === 3 && value > 127).length;
    }"""
    assert abs(ben.ask(filled) / (np.pi * ellipse.rx * ellipse.ry) - 1) < 0.1
    assert len(ben.ask("samphire.annotations()")) == 1
    ben.ask("void (samphire.signals.view.previews.value = false)")
    assert ben.ask("document.querySelector('.preview').hidden")
