"""Servers that do their jobs themselves share them."""

import requests
from sqlalchemy import select

from server.storage.engine import Database
from server.storage.tables import JobRow
from tests.machines.conftest import until
from tests.machines.pages import add_image, open_page


def test_images_are_encoded_once_by_either_and_whoever_looks_at_one_hears_of_it(several, pair, database):
    a, b = pair
    images = [add_image(several, a, seed) for seed in range(300, 304)]
    pages = [open_page(several, b, "Ben", image) for image in images]
    for image in images:
        url = f"{b.base}/api/images/{image['id']}/embedding"
        answer = requests.post(url, headers=several.headers("Ben"), timeout=30)
        assert answer.ok, answer.text
    db = Database(database)

    def attempts():
        with db.read() as session:
            jobs = session.scalars(select(JobRow).where(JobRow.kind == "encode")).all()
        ids = {image["id"] for image in images}
        return [each.attempts for each in jobs if each.args["image"] in ids and each.state == "done"]

    until(lambda: len(attempts()) == len(images), 90)
    assert set(attempts()) == {1}
    for page, image in zip(pages, images, strict=True):
        page.until("embedding:ready", lambda data, image=image: data["image"] == image["id"])
        page.close()
    db.close()
