"""A reviewer sees how alike people segmented, where two differ, and starts an image from their consensus."""

import re
from uuid import uuid4

import numpy as np
import pytest
from playwright.sync_api import expect

from server.domain.masks import encode_rle
from tests.browser.pictures import still_life
from tests.browser.team import Person, Team

CAR, BUS = {"name": "car", "color": "#e69f00"}, {"name": "bus", "color": "#56b4e9"}
ELLIPSES = ((230, 210, 120, 90), (610, 190, 84, 104), (560, 440, 150, 72))


class Studio:
    """A project of which several people annotate each image, unseen by each other."""

    def __init__(self, team: Team, images: int, people: int) -> None:
        self.max, self.rita = team.person(), team.person()
        settings = {"annotators_per_image": people}
        self.id = self.max.ask("post", "/api/projects", {"name": "Still lives", "settings": settings})["id"]
        self.path = f"/projects/{self.id}"
        self.max.ask("put", f"/api{self.path}/labels", {"version": 1, "labels": [CAR, BUS]})
        self.join(self.rita, "reviewer")
        self.people = [team.person() for _ in range(people)]
        for each in self.people:
            self.join(each, "annotator")
        self.images = [self._image(n) for n in range(images)]

    def _image(self, n: int) -> str:
        files = {"file": (f"still life {n + 1}.png", still_life(8600 + n).data)}
        return self.max.ask("post", f"/api{self.path}/images", files=files)["id"]

    def join(self, person: Person, role: str) -> None:
        self.max.ask("post", f"/api{self.path}/members", {"account": person.id, "role": role})

    def draw(self, person: Person, n: int, x: int, y: int, rx: int, ry: int, label: dict = CAR) -> None:
        ys, xs = np.mgrid[:600, :900] + 0.5
        mask = ((xs - x) / rx) ** 2 + ((ys - y) / ry) ** 2 <= 1
        made = {"id": str(uuid4()), "label": label["name"], "color": label["color"], "rle": encode_rle(mask)}
        person.ask("post", f"/api{self.path}/images/{self.images[n]}/annotations", made)

    def finish(self, person: Person, n: int) -> None:
        person.ask("patch", f"/api{self.path}/images/{self.images[n]}", {"state": "done"})

    def common(self, n: int) -> list[dict]:
        return self.rita.ask("get", f"/api{self.path}/images/{self.images[n]}/annotations")["annotations"]


@pytest.fixture
def studio(team) -> Studio:
    """Everybody has the same on the first image; on the second, one has an object less and one another label."""
    made = Studio(team, images=2, people=3)
    for number, person in enumerate(made.people):
        for n in range(2):
            for x, y, rx, ry in ELLIPSES[: 2 if n and number == 2 else 3]:
                other = n and number == 1 and x == 230
                made.draw(person, n, x + 12 * number * n, y, rx, ry, BUS if other else CAR)
            made.finish(person, n)
    return made


def test_a_reviewer_compares_people_and_starts_from_their_consensus(studio, new_page, eventually):
    page = studio.rita.enter(new_page(), studio.path)
    page.get_by_role("link", name="Agreement").click()
    summary = page.locator(".agreement-summary")
    expect(summary).to_contain_text("Images2")
    people = page.get_by_role("table", name="People", exact=True)
    expect(people.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("table", name="Pairs of people").get_by_role("row")).to_have_count(4)
    expect(
        page.get_by_role("table", name="Labels").get_by_role("row", name=re.compile("^bus"))
    ).to_contain_text("car")

    cards = page.locator(".agreement-image")
    expect(cards).to_have_count(2)
    titles = [each.get_attribute("title") for each in cards.locator(".agreement-open").all()]
    assert titles == ["still life 2.png", "still life 1.png"]
    drawn = "image => image.complete && image.naturalWidth === 256"
    for n in range(2):
        picture = cards.nth(n).locator(".agreement-differences")
        eventually(lambda picture=picture: picture.evaluate(drawn))
    page.get_by_label("Label", exact=True).select_option("bus")
    expect(cards).to_have_count(1)
    page.get_by_label("Label", exact=True).select_option("All labels")
    expect(cards).to_have_count(2)

    cards.first.get_by_role("button", name="Start still life 2.png from consensus").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Method").select_option(label="STAPLE: careful people count more")
    dialog.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("3 common objects were made.")).to_be_visible()
    assert sorted(each["label"] for each in studio.common(1)) == ["car", "car", "car"]
    page.get_by_role("button", name="Start 1 image from consensus").click()
    dialog.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Common objects were made on 1 image.")).to_be_visible()
    assert len(studio.common(0)) == 3
    page.get_by_role("button", name="Undo").click()
    eventually(lambda: studio.common(0) == [])

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    assert download.value.suggested_filename == "agreement-people.csv"
    cards.filter(has_text="still life 2.png").get_by_role("link").click()
    page.wait_for_url(f"**/images/{studio.images[1]}*")


def test_where_nobody_is_done_the_page_says_what_it_is_for(team, new_page):
    studio = Studio(team, images=1, people=2)
    page = studio.rita.enter(new_page(), f"{studio.path}/agreement")
    expect(page.get_by_role("heading", name="Nothing to compare yet")).to_be_visible()
    expect(page.locator(".agreement-content")).to_be_hidden()
