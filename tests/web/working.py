"""A project of a team with images to share, for tests of working together."""

import io
from dataclasses import dataclass, field

from flask import Flask

from server.domain.policy import OWNER, Role
from server.storage.rows import members
from tests.web.team import person


@dataclass
class Project:
    """`clients`: browsers of its members, by name."""

    app: Flask
    id: str
    images: list[str]
    clients: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        return self.clients[name]

    @property
    def services(self):
        return self.app.extensions["samphire"]

    @property
    def path(self) -> str:
        return f"/api/projects/{self.id}"

    def join(self, name: str, role: Role):
        client = person(self.app, name)
        with self.services.db.write() as session:
            members.put(session, self.id, client.account, role)
        self.clients[name] = client
        return client

    def listed(self, client, **query):
        page = client.get(f"{self.path}/images", query_string=query).json
        return [each["id"] for each in page["images"]]

    def events(self, kind: str) -> list[dict]:
        told = self.services.events.since(OWNER, self.id, 0)["events"]
        return [each for each in told if each["event"] == kind]


def make_project(app: Flask, make_picture, images: int = 6, **roles: Role) -> Project:
    services = app.extensions["samphire"]
    admin = person(app, "admin")
    project_id = services.projects.create(OWNER, {"name": "Streets"}).id
    add = services.uploads.add
    ids = [
        add(OWNER, io.BytesIO(make_picture(seed=n)), f"{n:03}.png", project_id)[0].id for n in range(images)
    ]
    labels = {"version": 1, "labels": [{"name": "dog", "color": "#1f77b4"}]}
    assert admin.put(f"/api/projects/{project_id}/labels", json=labels).status_code == 200
    made = Project(app, project_id, ids)
    for name, role in roles.items():
        made.join(name, role)
    return made
