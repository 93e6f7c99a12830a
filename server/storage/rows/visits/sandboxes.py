"""Rows of sandboxes: projects of one visitor each. Every function takes the session of the caller's transaction."""

from datetime import datetime
from secrets import token_hex
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import case, exists, func, select, update
from sqlalchemy.orm import Session

from ...tables import Embedding, Image, LabelClass, Link, Project, ProjectImage, Visitor
from .. import labels
from .links import works

EMBEDDING_BYTES = 4_000_000  # of one that is still to be made
_MOST_LABELS = 100  # of the link's project


class Filled(NamedTuple):
    """How many images there are, and how large their files are at most, in bytes, embeddings included: the picture that
    browsers show is a file of its own where they cannot show the upload."""

    images: int
    bytes: int


def make(session: Session, link: Link) -> str:
    """The id of a new one with the segmenter and the first labels of the link's project, and nothing else of it."""
    origin = session.get_one(Project, link.project_id)
    sandbox = Project(id=token_hex(6), name=link.name or origin.name, sandbox=True)
    sandbox.settings = {"segmenter": origin.settings.get("segmenter")}
    session.add(sandbox)
    session.flush()
    copies = [
        LabelClass(
            id=str(uuid4()),
            project_id=sandbox.id,
            name=each.name,
            color=each.color,
            key=each.key,
            description=each.description,
            attributes=each.attributes,
        )
        for each in labels.of_project(session, origin.id)[:_MOST_LABELS]
    ]
    labels.add(session, sandbox.id, copies)
    return sandbox.id


def count(session: Session, link: Link | None = None) -> int:
    """Of those that are there, their visits over or not: a link's, or all."""
    query = select(func.count()).select_from(Project).where(Project.sandbox)
    if link is not None:
        query = query.join(Visitor, Visitor.sandbox_id == Project.id).where(Visitor.link_id == link.id)
    return session.scalar(query) or 0


def filled(session: Session, sandbox_id: str | None = None) -> Filled:
    """One, or all together."""
    shown = case((Image.display_key != Image.original_key, 3 * Image.width * Image.height), else_=0)
    embedded = select(func.sum(Embedding.bytes)).where(Embedding.image_id == Image.id).scalar_subquery()
    each = Image.bytes + shown + func.coalesce(embedded, EMBEDDING_BYTES)
    query = select(func.count(), func.coalesce(func.sum(each), 0)).select_from(ProjectImage)
    query = query.join(Image, Image.id == ProjectImage.image_id)
    query = query.join(Project, Project.id == ProjectImage.project_id).where(Project.sandbox)
    if sandbox_id is not None:
        query = query.where(Project.id == sandbox_id)
    return Filled(*session.execute(query).one())


def over(session: Session, moment: datetime, limit: int) -> list[Project]:
    """Those whose visits have ended."""
    visited = (
        exists()
        .where(
            Visitor.sandbox_id == Project.id, Visitor.secret_hash.is_not(None), Visitor.expires_at > moment
        )
        .where(Link.id == Visitor.link_id, works(moment))
    )
    return list(session.scalars(select(Project).where(Project.sandbox, ~visited).limit(limit)))


def end(session: Session, sandbox_id: str) -> None:
    """Its visit, for good: nothing that comes back leads there again."""
    session.execute(update(Visitor).where(Visitor.sandbox_id == sandbox_id).values(secret_hash=None))


def images(session: Session, sandbox_id: str) -> list[str]:
    return list(session.scalars(select(ProjectImage.image_id).where(ProjectImage.project_id == sandbox_id)))
