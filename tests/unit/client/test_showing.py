"""What a notebook's cell gets to show."""

import html

import pytest

from server.client import Image, Link, NotSamphire
from server.client.resources import read

TIME = "2026-01-02T03:04:05Z"
LINK = {
    "id": "l", "kind": "try", "image": "i", "state": "works", "created_at": TIME, "expires_at": TIME,
    "url": "http://host/s/SECRET",
}  # fmt: skip
IMAGE = {
    "id": "i", "project_id": "p", "name": "a.png", "width": 5, "height": 4, "state": "new", "added_at": TIME,
    "updated_at": TIME,
}  # fmt: skip
PAGE = '<!doctype html><title>"É" &amp; <b></title><script>"</iframe>"</script>'


def test_a_link_is_shown_as_its_frame():
    cell = read(Link, LINK).show(width=800, height="70vh")
    assert cell._repr_html_().startswith('<iframe src="http://host/s/SECRET/embed" width="800" height="70vh"')
    assert "SECRET" not in repr(cell)
    hostile = read(Link, LINK | {"url": 'http://host/"><script>'}).show()
    assert "<script>" not in hostile.html


@pytest.mark.parametrize(
    "change", [{"url": ""}, {"image": None}, {"has_password": True}, {"max_uses": 3}, {"kind": "annotate"}]
)
def test_a_link_that_may_not_be_in_a_frame_is_not_shown(change):
    with pytest.raises(ValueError, match="new link"):
        read(Link, LINK | change).show()


def test_images_are_shown_as_a_page_held_apart(server, client):
    server.will(200, PAGE.encode(), Content_Type="text/html")
    image = read(Image, IMAGE)
    cell = client.images.show(image, read(Image, IMAGE | {"id": "j"}), objects=True)
    assert server.asked[0].path == "/api/projects/p/bundle?images=i%2Cj&objects=1"
    frame = cell.html
    assert frame.count("<") == 2
    assert html.unescape(frame.partition('srcdoc="')[2].partition('"')[0]) == PAGE
    assert "allow-same-origin" not in frame
    server.will(200, b"\xff")
    with pytest.raises(NotSamphire):
        client.images.show(image)
