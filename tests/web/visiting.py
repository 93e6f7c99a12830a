"""Links into projects, and browsers that follow them."""

import io
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from server.storage.tables import Link
from tests.web.team import person, visitor
from tests.web.test_openapi import SCHEMAS, check

COOKIE = "samphire-80-visit"  # of http://localhost
KINDS = ("view", "try", "annotate", "review")


def make_link(client: FlaskClient, project: str, kind: str = "view", **more) -> dict:
    """By somebody who manages the project; `token` is the secret."""
    made = client.post(f"/api/projects/{project}/links", json={"kind": kind, "days": 7} | more)
    assert made.status_code == 201, made.json
    start, _, token = made.json["path"].rpartition("/")
    assert start == "/s"
    assert len(token) >= 43  # 256 bits
    return made.json | {"token": token}


def follow(client: FlaskClient, token: str, **more):
    """The answer to opening a link in a browser."""
    return client.post("/api/links/open", json={"token": token} | more)


def visiting(app: Flask, link: dict, name: str = "Ana", **more) -> FlaskClient:
    """A browser that has followed a link; `.visitor` is the visitor's id, "" before the name tells that it is saved."""
    client = visitor(app)
    signs = {"name": name} if link["kind"] in ("annotate", "review") else {}
    answer = follow(client, link["token"], **signs, **more)
    assert answer.status_code == 200, answer.json
    client.visitor = client.get("/api/account").json["visit"]["id"]
    return client


def listed(client: FlaskClient, project: str) -> list:
    """The links of a project."""
    answer = client.get(f"/api/projects/{project}/links")
    assert answer.status_code == 200, answer.json
    check(SCHEMAS["LinkList"], answer.json, "")
    return answer.json["links"]


def change(app: Flask, link: dict, **values) -> None:
    """The row of a link."""
    with app.extensions["samphire"].db.write() as session:
        row = session.get(Link, link["id"])
        for name, value in values.items():
            setattr(row, name, value)


@dataclass
class Place:
    """Olga's project with two images, `one` and `other`, each with an object and a comment."""

    project: str
    owner: FlaskClient
    one: str
    other: str

    def of(self, image: str, rest: str = "") -> str:
        return f"/api/projects/{self.project}/images/{image}{rest}"


def filled(app: Flask, make_picture, make_annotation) -> Place:
    olga = person(app, "Olga")
    project = olga.post("/api/projects", json={"name": "Dogs", "settings": {"review": True}}).json["id"]
    made = Place(project, olga, "", "")
    made.one, made.other = (
        olga.post(
            f"/api/projects/{project}/images", data={"file": (io.BytesIO(make_picture(seed=n)), f"{n}.png")}
        ).json["id"]
        for n in (1, 2)
    )
    for number, image in enumerate((made.one, made.other), start=1):
        assert olga.post(made.of(image, "/annotations"), json=make_annotation(number)).status_code == 201
        assert olga.post(made.of(image, "/comments"), json={"text": f"Note {number}"}).status_code == 201
    return made


def visit(app, place, kind, image=None, name="Ana", **more):
    return visiting(app, make_link(place.owner, place.project, kind, image=image, **more), name)
