"""The grid of thousands of images: as high as all of them, few of them in the page, the right ones where one looks."""

import re

import pytest
import requests
from playwright.sync_api import expect
from sqlalchemy import update

from server.config import Settings
from server.lab.bench.scale.seeding import PROJECT, Seeded, seed
from server.storage.engine import Database
from server.storage.tables import ProjectImage
from tests.browser.reading import reads
from tests.browser.test_keyboard_touch import PHONE
from tests.web.live.running import Server, running

IMAGES = 2000
MOST_TILES = 120
IN_SIGHT = """() => [...document.querySelectorAll(".tile")].filter((tile) => {
  const { top, bottom } = tile.getBoundingClientRect();
  return bottom > 150 && top < innerHeight;
}).map((tile) => [Number(tile.dataset.index), tile.querySelector(".tile-name .sr-only")?.textContent ?? ""])"""
TILES = "document.querySelectorAll('.tile').length"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A server with a project of 2000 images, all of one picture's files."""
    folder = tmp_path_factory.mktemp("grid")
    database = Database.open(Settings(data=str(folder)).database_url)
    seed(database, folder / "blobs", Seeded(IMAGES, objects=4000))
    with database.write() as session:  # what reviews give, nobody can put back
        reviewed = ProjectImage.state.in_(("returned", "accepted"))
        session.execute(update(ProjectImage).where(reviewed).values(state="new"))
    database.close()
    with running(folder) as server:
        yield server


@pytest.fixture
def grid(new_page, many):
    page = new_page()
    page.goto(f"{many.base}/projects/{PROJECT}")
    page.locator(".tile img").first.wait_for()
    return page


def names(server: Server, query: str = "") -> list[str]:
    """Of all that the API lists, in its order."""
    found, cursor = [], ""
    while cursor is not None:
        url = f"{server.base}/api/projects/{PROJECT}/images?limit=500{query}&cursor={cursor}"
        answer = requests.get(url, timeout=30).json()
        found += [image["name"] for image in answer["images"]]
        cursor = answer["next"]
    return found


def in_sight(page) -> list[tuple[int, str]]:
    return [tuple(each) for each in page.evaluate(IN_SIGHT)]


def all_named(page) -> bool:
    return all(name for _, name in in_sight(page))


def test_scrolling_shows_the_right_ones_and_keeps_the_page_small(grid, many, eventually):
    wanted = names(many)
    assert len(wanted) == IMAGES
    height = grid.evaluate("document.documentElement.scrollHeight")
    assert height > 30_000
    for part in (0, 0.5, 1, 0.25):
        grid.evaluate("(y) => scrollTo(0, y)", part * height)
        grid.wait_for_timeout(100)
        eventually(lambda: in_sight(grid) and all_named(grid))
        seen = in_sight(grid)
        assert [wanted[index] for index, _ in seen] == [name for _, name in seen]
        assert grid.evaluate(TILES) < MOST_TILES
        assert abs(grid.evaluate("document.documentElement.scrollHeight") - height) < 10
    grid.evaluate("scrollTo(0, 1e9)")
    eventually(lambda: any(index == IMAGES - 1 for index, _ in in_sight(grid)))


def test_keys_move_pick_and_open(grid, eventually):
    grid.keyboard.press("ArrowRight")  # into the grid
    focused = "Number(document.activeElement.closest('.tile')?.dataset.index ?? -1)"
    assert grid.evaluate(focused) == 0
    grid.keyboard.press("ArrowRight")
    grid.keyboard.press("Space")
    grid.keyboard.press("Shift+ArrowDown")
    columns = grid.evaluate(focused) - 1
    assert columns > 2
    eventually(lambda: grid.locator(".bulk-count").inner_text() == f"{columns + 1} selected")
    grid.keyboard.press("End")
    eventually(lambda: grid.evaluate(focused) == IMAGES - 1)
    grid.keyboard.press("Home")
    assert grid.evaluate(focused) == 0
    grid.keyboard.press("Control+a")
    eventually(lambda: grid.locator(".bulk-count").inner_text() == f"{IMAGES} selected")
    grid.get_by_role("button", name="Clear selection").focus()
    grid.keyboard.press("Enter")
    assert grid.locator(".bulk").is_hidden()
    assert grid.evaluate(focused) == 0
    grid.keyboard.press("Space")
    grid.keyboard.press("Escape")
    assert grid.locator(".bulk").is_hidden()
    grid.keyboard.press("Enter")
    grid.wait_for_url(re.compile(r"/images/"))


def test_a_state_for_all_is_undone_for_all(grid, many, eventually):
    counts = f"{many.base}/api/projects/{PROJECT}/images?limit=1"
    before = requests.get(counts, timeout=30).json()["counts"]
    assert sum(count > 0 for count in before.values()) > 2
    grid.keyboard.press("Control+a")
    eventually(lambda: grid.locator(".bulk-count").inner_text() == f"{IMAGES} selected")
    grid.get_by_role("group", name="Selected images").get_by_role("button", name="Done").click()
    eventually(lambda: requests.get(counts, timeout=30).json()["counts"]["done"] == IMAGES)
    grid.locator(".toast").get_by_role("button", name="Undo").click()
    eventually(lambda: requests.get(counts, timeout=30).json()["counts"] == before)


def test_keys_elsewhere_stay_there(grid, eventually):
    """Arrows on a button are the button's; a filter that goes hands the focus on; no address breaks the page."""
    grid.get_by_role("button", name="Add images").focus()
    grid.keyboard.press("ArrowRight")
    assert grid.evaluate("document.activeElement.closest('.tile')") is None
    grid.goto(grid.url + "?score=0.33&search=img&label=car")
    score = grid.get_by_label("Score", exact=True)
    expect(score).to_have_value("0.33")
    for _ in range(2):
        score.select_option("0.9")
        score.select_option("0.33" if score.locator("option[value='0.33']").count() else "0.5")
    expect(score.locator("option")).to_have_count(6)
    chips = grid.locator(".chips .chip")
    expect(chips).to_have_count(3)
    focused = "document.activeElement.textContent"
    chips.nth(1).focus()
    grid.keyboard.press("Enter")
    assert "Score below" in grid.evaluate(focused)
    grid.keyboard.press("Enter")
    assert "Label: car" in grid.evaluate(focused)
    grid.keyboard.press("Enter")
    eventually(lambda: grid.evaluate(focused).startswith("All"))


def test_on_a_phone_the_grid_stays_where_it_is(new_page, many, eventually):
    """Whatever filters come and go, and however many."""
    page = new_page(**PHONE | {"viewport": {"width": 360, "height": 740}})
    page.goto(f"{many.base}/projects/{PROJECT}")
    page.locator(".tile img").first.wait_for()

    def top() -> float:
        """Of the grid, or of the words in its place: where the bar ends."""
        return page.locator(".filters").evaluate("(bar) => bar.getBoundingClientRect().bottom")

    before = top()
    below = page.locator(".tiles").evaluate("(grid) => grid.getBoundingClientRect().top") - before
    assert 0 <= below < 20
    expect(page.get_by_text("No filters")).to_be_visible()
    chips = page.locator(".chips .chip")
    steps = (
        lambda: page.locator("#main").get_by_label("Label", exact=True).select_option("car"),
        lambda: page.get_by_label("Score", exact=True).select_option("0.9"),
        lambda: page.locator(".state-filter", has_text="New").tap(),
    )
    for number, step in enumerate(steps, start=1):
        step()
        eventually(lambda number=number: chips.count() == number)
        assert top() == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chips.first.tap()
    eventually(lambda: chips.count() == 2)
    assert top() == before
    page.get_by_role("button", name="Clear all").tap()
    eventually(lambda: chips.count() == 0)
    assert top() == before


def test_filters_are_the_address_and_back_works(grid, many, eventually):
    grid.get_by_role("button", name="Skipped").click()
    state = names(many, "&state=skipped")
    eventually(lambda: in_sight(grid) and all_named(grid) and in_sight(grid)[0] == (0, state[0]))
    reads(grid.locator(".state-filter[aria-pressed=true] .count"), str(len(state)))
    grid.keyboard.press("/")
    grid.keyboard.type("img_77")
    found = names(many, "&state=skipped&search=img_77")
    eventually(lambda: [name for _, name in in_sight(grid)] == found)
    assert grid.url.endswith("?state=skipped&search=img_77")
    grid.get_by_role("button", name="Remove filter “State: Skipped”").click()
    found = names(many, "&search=img_77")
    eventually(lambda: [name for _, name in in_sight(grid)] == found)
    grid.go_back()
    eventually(lambda: grid.url.endswith("?state=skipped&search=img_77"))
    grid.goto(f"{many.base}/projects/{PROJECT}?sort=objects&order=desc&label=car")
    wanted = names(many, "&sort=objects&order=desc&label=car")
    eventually(lambda: in_sight(grid) and all_named(grid))
    assert [name for _, name in in_sight(grid)] == wanted[: len(in_sight(grid))]
    link = grid.locator(".tile-link").first.get_attribute("href")
    assert link
    assert link.endswith("?label=car&sort=objects&order=desc")
