"""People of a team's server, made over HTTP: each with an account, a browser that is signed in, and a program."""

from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Page

from server.domain.masks import encode_rle
from server.storage.data_lock import holders_of
from tests.browser.outlines import rectangles
from tests.browser.pictures import one_object

PASSWORD = "correct horse battery"


class Team:
    """The server at `base`, whose data is in `folder`; its first account is nobody's that tests are about."""

    def __init__(self, base: str, folder: Path) -> None:
        self.base, self._folder = base, folder
        self._made = 0
        self.person("Root")

    def ask(self, method: str, path: str, body: dict | None = None) -> Any:
        """As this machine's own commands do."""
        bearer = {"Authorization": f"Bearer {holders_of(self._folder)[0].secret}"}
        return _json(requests.request(method, self.base + path, json=body, headers=bearer, timeout=60))

    def person(self, name: str = "", *, is_admin: bool = False) -> "Person":
        self._made += 1
        called = name or f"Person {self._made}"
        made = self.ask("post", "/api/accounts", {"name": called, "password": PASSWORD, "is_admin": is_admin})
        return Person(self.base, called, made["id"])


class Person:
    def __init__(self, base: str, name: str, account: str) -> None:
        self.base, self.name, self.id = base, name, account
        self.browser = requests.Session()
        self.browser.headers["Origin"] = base
        self.ask("post", "/api/account/sign-in", {"name": name, "password": PASSWORD})

    def ask(self, method: str, path: str, body: dict | None = None, **options: Any) -> Any:
        return _json(self.browser.request(method, self.base + path, json=body, timeout=60, **options))

    def enter(self, page: Page, path: str = "") -> Page:
        """The page's browser is signed in from here on."""
        page.context.add_cookies([{"name": each.name, "value": each.value or "", "url": self.base}
                                  for each in self.browser.cookies])  # fmt: skip
        if path:
            page.goto(self.base + path, wait_until="domcontentloaded")
        return page

    def project(self, name: str = "Views", seed: int = 900) -> dict:
        """Theirs, with an image; `image` is that."""
        made = self.ask("post", "/api/projects", {"name": name})
        picture = one_object(120, 80, seed)
        files = {"file": (picture.name, picture.data)}
        return made | {"image": self.ask("post", f"/api/projects/{made['id']}/images", files=files)}

    def share(self, project: str, kind: str, image: str | None = None, **fields: object) -> dict:
        """A link to a project, or to one image of it; `path` is its address."""
        body = {"kind": kind, "days": 7, "image": image} | fields
        return self.ask("post", f"/api/projects/{project}/links", body)

    def revoke(self, project: str, link: dict) -> None:
        self.ask("delete", f"/api/projects/{project}/links/{link['id']}")

    def sign_out_everywhere(self) -> None:
        self.ask("post", "/api/account/sign-out", {"everywhere": True})


class Shop:
    """A project with images and people of it."""

    def __init__(self, team: Team, images: int = 4, **settings: object) -> None:
        self.team = team
        self.max = team.person()
        self.id = self.max.ask("post", "/api/projects", {"name": "Street scenes", "settings": settings})["id"]
        self.path = f"/projects/{self.id}"
        labels = [{"name": "car", "color": "#e69f00"}, {"name": "person", "color": "#56b4e9"}]
        self.max.ask("put", f"/api{self.path}/labels", {"version": 1, "labels": labels})
        self.images = [self._image(n) for n in range(images)]

    def _image(self, n: int) -> dict:
        picture = one_object(160, 120, 7000 + n)
        files = {"file": (f"street {n + 1}.png", picture.data)}
        return self.max.ask("post", f"/api{self.path}/images", files=files)

    def join(self, role: str) -> Person:
        person = self.team.person()
        self.max.ask("post", f"/api{self.path}/members", {"account": person.id, "role": role})
        return person

    def draw(self, person: Person, n: int, box: tuple[int, int, int, int], **fields: object) -> dict:
        """A rectangle (x, y, width, height) that the person makes on an image."""
        image = self.images[n]
        body = {"label": "car", "color": "#e69f00", "rle": rectangle(image, box)} | fields
        return person.ask("post", f"/api{self.path}/images/{image['id']}/annotations", body)

    def share(self, kind: str, image: int | None = 0, **fields: object) -> dict:
        """A link to one of the images, or to the project."""
        return self.max.share(self.id, kind, None if image is None else self.images[image]["id"], **fields)

    def revoke(self, link: dict) -> None:
        self.max.revoke(self.id, link)

    def state(self, n: int) -> str:
        return self.max.ask("get", f"/api{self.path}/images/{self.images[n]['id']}")["state"]

    def whose(self, n: int) -> list[str]:
        image = self.max.ask("get", f"/api{self.path}/images/{self.images[n]['id']}")
        return [each["account"] for each in image["assigned"]]


def rectangle(image: dict, box: tuple[int, int, int, int]) -> dict:
    """The mask of a rectangle (x, y, width, height)."""
    return encode_rle(rectangles((image["height"], image["width"]), box))


def _json(answer: requests.Response) -> Any:
    assert answer.ok, answer.text
    return answer.json() if answer.content else None
