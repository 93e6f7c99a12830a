"""Preview cards of share links: what chats show beside an address, and what they do not tell."""

import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image as Pillow

from server.features.accounts.limits import Limit
from server.features.links import cards
from server.storage.tables import now
from tests.web.team import visitor
from tests.web.test_pages import HTML
from tests.web.visiting import KINDS, change, filled, listed, make_link, visiting

HOSTILE = (
    '"><script>alert(1)</script><meta property="og:image" content="http://evil.example/x">\' & {{ 7*7 }}'
)


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def place(app, make_picture, make_annotation):
    return filled(app, make_picture, make_annotation)


@pytest.fixture
def stranger(app):
    return visitor(app)


class _Metas(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.scripts = {}, 0

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.scripts += tag == "script" and "src" not in told and "type" not in told
        if tag == "meta" and (name := told.get("property") or told.get("name")):
            assert name not in self.found, name
            self.found[name] = told["content"]


def metas(page):
    parser = _Metas()
    parser.feed(page.text)
    assert not parser.scripts
    return parser.found


def card_of(client, link):
    return client.get(f"{link['path']}/card.jpg")


def pixels(answer):
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "image/jpeg"
    picture = Pillow.open(io.BytesIO(answer.data))
    assert picture.size == (1200, 630)
    assert not picture.getexif()
    return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of_image", [True, False])
def test_a_link_has_a_card(place, stranger, kind, of_image):
    link = make_link(place.owner, place.project, kind, name="For all", image=place.one if of_image else None)
    page = stranger.get(link["path"], headers=HTML)
    told = metas(page)
    assert told["og:title"] == "For all"
    assert told["og:description"] in page.text.partition("<body>")[2]
    assert told["og:image"] == f"http://localhost{link['path']}/card.jpg"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["twitter:card"] == "summary_large_image"
    assert told["robots"] == "noindex"
    answer = stranger.get(told["og:image"])
    pixels(answer)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_card_shows_the_objects_there_are(place, stranger, make_annotation):
    link = make_link(place.owner, place.project, image=place.one)
    first = card_of(stranger, link)
    shown = pixels(first)
    again = stranger.get(f"{link['path']}/card.jpg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    place.owner.delete("/api/annotations/annotation-1?version=1")
    without = pixels(card_of(stranger, link))
    assert np.abs(shown - without).max() > 60
    place.owner.post(place.of(place.one, "/annotations"), json=make_annotation(7))
    assert np.abs(pixels(card_of(stranger, link)) - without).max() > 60


def test_a_card_of_a_project_shows_an_image_with_objects(place, stranger):
    link, other = (make_link(place.owner, place.project, image=image) for image in (None, place.other))
    place.owner.delete("/api/annotations/annotation-1?version=1")
    assert (pixels(card_of(stranger, link)) == pixels(card_of(stranger, other))).all()
    place.owner.delete("/api/annotations/annotation-2?version=1")
    assert (pixels(card_of(stranger, link)) != pixels(card_of(stranger, other))).any()  # the first again


def test_looking_at_a_card_uses_nothing_up(app, place, stranger):
    link = make_link(place.owner, place.project, "annotate", max_uses=1)
    for _ in range(3):
        for answer in (stranger.get(link["path"], headers=HTML), card_of(stranger, link)):
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
    assert listed(place.owner, place.project)[0]["uses"] == 0
    assert visiting(app, link).visitor


def test_a_link_with_a_password_tells_nothing_before_it(app, place, stranger, check_error):
    link = make_link(place.owner, place.project, name="Secret plans", password="a password", image=place.one)
    page = stranger.get(link["path"], headers=HTML)
    assert page.status_code == 200
    assert not [name for name in metas(page) if name.startswith(("og:", "twitter:"))]
    for name in ("Secret plans", "Dogs"):
        assert name not in page.text
    assert "<title>Share link – Samphire</title>" in page.text
    inside = visiting(app, link, password="a password").get(link["path"], headers=HTML)
    assert '<h1 id="visit-title">Secret plans</h1>' in inside.text
    check_error(card_of(stranger, link), 404, "link_not_found")


@pytest.mark.parametrize("end", ["revoked", "expired", "used up", "never", "deleted", "removed"])
def test_what_does_not_work_shows_nothing(app, place, stranger, end, check_error):
    link = make_link(place.owner, place.project, "try", name="Secret plans", max_uses=1, image=place.one)
    pixels(card_of(stranger, link))  # drawn and kept
    unknown = stranger.get(f"/s/{'x' * 43}", headers=HTML)
    path = link["path"]
    if end == "revoked":
        place.owner.delete(f"/api/projects/{place.project}/links/{link['id']}")
    elif end == "expired":
        change(app, link, expires_at=now())
    elif end == "used up":
        visiting(app, link)
    elif end == "deleted":
        place.owner.delete(f"/api/projects/{place.project}")
    elif end == "removed":
        place.owner.delete(place.of(place.one))
    else:
        path = f"/s/{'y' * 43}"
    page, card = stranger.get(path, headers=HTML), stranger.get(f"{path}/card.jpg")
    assert (page.status_code, page.text) == (404, unknown.text)
    assert "og:" not in page.text
    check_error(card, 404, "link_not_found")
    assert card.data == stranger.get(f"/s/{'x' * 43}/card.jpg").data


def test_hostile_names_are_text(place, stranger):
    project = f"/api/projects/{place.project}"
    assert place.owner.patch(project, json={"name": HOSTILE[:60]}).status_code == 200
    for name in (HOSTILE[:100], ""):
        link = make_link(place.owner, place.project, name=name)
        told = metas(stranger.get(link["path"], headers=HTML))
        assert told["og:title"] == (name or HOSTILE[:60])
        assert told["og:image"].startswith("http://localhost/s/")


def test_a_project_without_images_has_a_card_without_one(place, stranger, check_error):
    empty = place.owner.post("/api/projects", json={"name": "Empty"}).json["id"]
    link = make_link(place.owner, empty)
    told = metas(stranger.get(link["path"], headers=HTML))
    assert told["twitter:card"] == "summary"
    assert "og:image" not in told
    check_error(card_of(stranger, link), 404, "image_not_found")


def test_gold_images_are_on_no_card_for_annotators(place, stranger):
    place.owner.post(f"/api/projects/{place.project}/images/bulk", json={"ids": [place.one], "gold": True})
    link, other = (
        make_link(place.owner, place.project, kind, image=image)
        for kind, image in (("annotate", None), ("view", place.other))
    )
    assert (pixels(card_of(stranger, link)) == pixels(card_of(stranger, other))).all()


def test_a_card_is_drawn_once(place, stranger, monkeypatch):
    drawn = []
    monkeypatch.setattr(cards, "drawn", lambda *args: drawn.append(args) or b"a card")
    links = [make_link(place.owner, place.project, kind, image=place.one) for kind in ("view", "try")]
    for link in links * 3:
        assert card_of(stranger, link).data == b"a card"
    assert len(drawn) == 1


def test_a_card_is_drawn_again_only_so_often(app, place, stranger, make_annotation, check_error):
    link = make_link(place.owner, place.project, image=place.one)
    app.extensions["samphire"].cards._drawn = Limit(2, 60.0)
    for number in (5, 6):
        assert card_of(stranger, link).status_code == 200
        place.owner.post(place.of(place.one, "/annotations"), json=make_annotation(number))
    check_error(card_of(stranger, link), 429, "too_many_requests")


def test_guessing_cards_is_guessing(place, stranger):
    link = make_link(place.owner, place.project)
    for number in range(60):
        assert stranger.get(f"/s/{number:043}/card.jpg").status_code == 404
    assert card_of(stranger, link).status_code == 429
    assert stranger.get(link["path"], headers=HTML).status_code == 429


def test_a_lost_copy_is_made_again(app, place, stranger):
    link = make_link(place.owner, place.project, image=place.one)
    services = app.extensions["samphire"]
    image = services.images.get(place.one)
    if image.display_key != image.original_key:
        services.blobs.delete(image.display_key)
    pixels(card_of(stranger, link))


def test_the_card_of_any_shape_shows_the_whole_image():
    for width, height in ((1200, 630), (60, 40), (40, 6000), (9000, 10), (1, 1), (6001, 3999)):
        picture = Pillow.new("RGB", (max(1, width // 2), max(1, height // 2)), "#c04020")
        counts = "0"  # nothing
        made = cards.drawn(picture, [(counts, "#00ff00", (0, 0, 0, 0))], width, height)
        card = np.asarray(Pillow.open(io.BytesIO(made))).astype(int)
        assert card.shape == (630, 1200, 3)
        scale = min(1200 / width, 630 / height)
        bright = (card[..., 0] > 150).sum()
        assert bright == pytest.approx(max(1, width * scale) * max(1, height * scale), rel=0.6, abs=3000)
        assert re.search(rb"^\xff\xd8", made)
