"""Two projects of a team: one with a member of each role, one of somebody else; each with one of everything."""

import io
import re
from dataclasses import dataclass
from secrets import token_hex
from uuid import uuid4

import numpy as np
from flask import Flask
from sqlalchemy import select

from server.domain.policy import OWNER, ROLES
from server.domain.runs import Window
from server.features.proposals.schema import ProposalSettings
from server.features.proposals.service import prepared
from server.features.transfer.imports.jobs import Choices
from server.inference.automask_types import AutomaticMask
from server.storage.rows import members
from server.storage.rows.webhooks import deliveries, hooks
from server.storage.tables import DEFAULT_PROJECT, Base, Consensus, Training
from tests.web.team import person, program, visitor

_OTHERS = {  # arguments that are of no project
    "digits": "0" * 12, "file": "decoder.onnx", "filename": "none", "format_name": "coco",
    "identity_id": "none", "path": "none", "segmenter": "none", "sheet": "people", "sign_in_id": "none",
    "token": "none", "token_id": "none", "upload_id": "none", "version": "none",
}  # fmt: skip


@dataclass(frozen=True)
class Things:
    """Ids. Of a project, and of one of everything in it."""

    project_id: str
    image_id: str
    annotation_id: str
    label_id: str
    job_id: str
    account_id: str
    selected: str
    removed_image_id: str
    link_id: str
    comment_id: str
    run_id: str
    share_id: str
    webhook_id: str
    delivery_id: str
    proposal_id: str

    def address(self, rule: str) -> str:
        """Of a route, about these. Raises AttributeError: then say here what a new argument stands for."""
        return re.sub(
            r"<(?:[^<>]+:)?(\w+)>",
            lambda argument: _OTHERS.get(argument[1]) or getattr(self, argument[1]),
            rule,
        )


def fill(app: Flask, project_id: str, account_id: str, picture, make_annotation) -> Things:
    """One of everything. `picture(seed)`: the bytes of one."""
    services = app.extensions["samphire"]
    add = services.uploads.add
    image, _ = add(OWNER, io.BytesIO(picture(1)), "a.png", project_id)
    removed, _ = add(OWNER, io.BytesIO(picture(2)), "b.png", project_id)
    services.project_images.remove(OWNER, project_id, removed.id)
    body = make_annotation() | {"id": str(uuid4())}
    annotation, _ = services.annotations.create(OWNER, image.id, body, project_id)
    job, _ = services.imports.jobs.create(OWNER, project_id, "a.zip", None, Choices())
    selected = services.exports.select(project_id, [image.id])
    services.invitations.create(OWNER, project_id=project_id, role="viewer")
    link = services.open_links.list(project_id)[0].id
    share = services.links.create(OWNER, project_id, {"kind": "view", "days": 1})
    comment, _ = services.comments.add(OWNER, project_id, image.id, {"text": "Is this a dog?"})
    label = annotation.label_id
    run = token_hex(8)
    with services.db.write() as session:
        made = {"run": run, "method": "majority", "made": [], "replaced": []}
        session.add(Consensus(project_id=project_id, image_id=image.id, **made))
        names = {
            "what": "tokens",
            "segmenter": "own",
            "title": "Own",
            "base": "none",
            "base_weights": "0" * 64,
        }
        session.add(Training(id=run, project_id=project_id, **names))
    hook = services.webhooks.add(OWNER, project_id, {"url": "https://hooks.example/"})
    with services.db.write() as session:
        delivery = deliveries.add(session, hooks.find(session, project_id, hook.id), "ping")
        delivery.state = "delivered"
    ids = (annotation.id, label, job.id, account_id, selected, removed.id, link, comment.id, run, share.id)
    proposal_id = propose(app, project_id, image.id)
    ids = (*ids, hook.id, delivery.id, proposal_id)
    return Things(project_id, image.id, *ids)


def propose(app: Flask, project_id: str, image_id: str) -> str:
    """Have a mask proposed; its id."""
    services = app.extensions["samphire"]
    found = AutomaticMask.of(
        Window(np.ones((4, 6), bool), 3, 2), (40, 30), 0.9, 0.96, (5.0, 4.0), (0, 0, 40, 30)
    )
    [made] = prepared([found])
    spec = services.segmenters.find()
    services.proposals.store(OWNER, project_id, image_id, spec, ProposalSettings(), [made])
    return made[0]


def rows_of(app, project_id):
    """All that the database has of a project, but for who is told to have asked when."""
    found = {}
    with app.extensions["samphire"].db.read() as session:
        for name, table in Base.metadata.tables.items():
            key = "id" if name == "projects" else "project_id"
            query = select(table)
            if name != "images":
                if key not in table.c:
                    continue
                query = query.where(table.c[key] == project_id)
            found[name] = sorted(map(repr, session.execute(query).all()))
    return found


class Team:
    """`ours`: where everybody with a role is; `general`: the default project, where they are too; `theirs`: only of the
    stranger, who is in no other."""

    def __init__(self, app: Flask, make_picture, make_annotation) -> None:
        services = app.extensions["samphire"]
        self.app = app
        self.people = {"admin": person(app, "admin")}
        self.people |= {role: person(app, role) for role in ROLES}
        self.people["stranger"] = person(app, "stranger")
        self.people["guest"] = visitor(app)
        for scope in ("read", "write", "manage"):
            self.people[f"owner's token to {scope}"] = program(app, self.people["owner"], scope)
        self.people["admin's token to read"] = program(app, self.people["admin"], "read")

        def filled(project_id: str, account: str) -> Things:
            member = self.people[account].account
            return fill(app, project_id, member, lambda seed: make_picture(seed=seed), make_annotation)

        ours, theirs = (services.projects.create(OWNER, {"name": name}).id for name in ("ours", "theirs"))
        with services.db.write() as session:
            for role in ROLES:
                for project_id in (ours, DEFAULT_PROJECT):
                    members.put(session, project_id, self.people[role].account, role)
            members.put(session, theirs, self.people["stranger"].account, "owner")
        self.ours, self.general = filled(ours, "viewer"), filled(DEFAULT_PROJECT, "viewer")
        self.theirs = filled(theirs, "stranger")
