"""Rows of share links and of their visitors. Every function takes the session of the caller's transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from ....domain.outside.ids import some_of
from ....domain.policy import ROLES, Role
from ....domain.visits import Visit
from ...tables import Account, Annotation, Link, Member, Project, ProjectImage, Visitor
from .reach import places

_MAKERS: tuple[Role, ...] = ROLES[ROLES.index("manager") :]


class Known(NamedTuple):
    """A visitor, and the link they followed."""

    visitor: Visitor
    link: Link


def find(session: Session, project_id: str, link_id: str) -> Link | None:
    found = session.get(Link, link_id)
    return found if found is not None and found.project_id == project_id else None


def of_project(session: Session, project_id: str, most: int) -> list[Link]:
    """The newest first."""
    query = select(Link).where(Link.project_id == project_id).order_by(Link.created_at.desc(), Link.id)
    return list(session.scalars(query.limit(most)))


def working(session: Session, project_id: str, moment: datetime) -> set[str]:
    """Ids of those that lead somewhere, used up or not."""
    query = select(Link.id).where(Link.project_id == project_id, works(moment))
    return set(session.scalars(query))


def by_secret(session: Session, secret_hash: str, moment: datetime) -> tuple[Link, bool] | None:
    """And whether it leads somewhere, used up or not."""
    found = session.execute(select(Link, works(moment)).where(Link.secret_hash == secret_hash)).first()
    return None if found is None else (found[0], bool(found[1]))


def use(session: Session, link_id: str, moment: datetime) -> bool:
    """Count a visit; False where none can begin any more."""
    has_uses = or_(Link.max_uses.is_(None), Link.uses < Link.max_uses)
    query = update(Link).where(Link.id == link_id, works(moment), has_uses)
    query = query.values(uses=Link.uses + 1, used_at=moment).returning(Link.id)
    return session.scalar(query.execution_options(synchronize_session=False)) is not None


def by_visit(session: Session, secret_hash: str, moment: datetime) -> Known | None:
    """Of a visit that has not ended, nor has its link."""
    query = select(Visitor, Link).join(Link, Link.id == Visitor.link_id)
    query = query.where(Visitor.secret_hash == secret_hash, Visitor.expires_at > moment, works(moment))
    found = session.execute(query).first()
    return None if found is None else Known(found[0], found[1])


def end_visit(session: Session, secret_hash: str) -> str | None:
    """The visitor's id; None: there is no such visit."""
    gone = update(Visitor).where(Visitor.secret_hash == secret_hash).values(secret_hash=None)
    return session.scalar(gone.returning(Visitor.id).execution_options(synchronize_session=False))


def drop_nameless(session: Session, moment: datetime) -> None:
    """Forget visits that are over and of which nothing was kept."""
    session.execute(delete(Visitor).where(Visitor.expires_at <= moment, Visitor.name == ""))


def drop_ended(session: Session, project_id: str, before: datetime) -> None:
    """Forget links that ended before this moment."""
    over = or_(Link.expires_at < before, Link.revoked_at < before)
    session.execute(delete(Link).where(Link.project_id == project_id, over))


def names(session: Session, visitor_ids: Collection[str]) -> dict[str, str]:
    """By id, of those whose names are kept."""
    found: dict[str, str] = {}
    for some in some_of(list(visitor_ids)):
        query = select(Visitor.id, Visitor.name).where(Visitor.id.in_(some), Visitor.name != "")
        found |= {row[0]: called(row[1]) for row in session.execute(query)}
    return found


def called(name: str) -> str:
    """As a visitor is called among people with accounts."""
    return f"{name} (visitor)" if name else ""


def reached(session: Session, visit: Visit, image_ids: Collection[str]) -> set[str]:
    """Those of a thousand images at most that the visit is of."""
    query = select(ProjectImage.image_id).where(
        places(visit), ProjectImage.image_id.in_(image_ids), ProjectImage.removed_at.is_(None)
    )
    return set(session.scalars(query))


def has_annotation(session: Session, visit: Visit, annotation_id: str) -> bool:
    """Whether an annotation is on an image that the visit is of, and among what is seen there."""
    found = session.get(Annotation, (annotation_id, visit.project_id))
    if found is None or (found.layer is not None and visit.role != "reviewer"):
        return False
    return bool(reached(session, visit, [found.image_id]))


def works(moment: datetime) -> ColumnElement[bool]:
    """Of a query of links: those that lead somewhere. Where annotators do not see each other's work no link makes an
    annotator, and a link ends with its maker's right to make it."""
    image = exists().where(
        ProjectImage.project_id == Link.project_id,
        ProjectImage.image_id == Link.image_id,
        ProjectImage.removed_at.is_(None),
        or_(Link.kind != "annotate", ~ProjectImage.gold),
    )
    several = func.coalesce(Project.settings["annotators_per_image"].as_integer(), 1) > 1
    project = exists().where(
        Project.id == Link.project_id,
        Project.deleted_at.is_(None),
        or_(Link.kind != "annotate", ~several),
    )
    manages = exists().where(
        Member.project_id == Link.project_id, Member.account_id == Account.id, Member.role.in_(_MAKERS)
    )
    maker = exists().where(
        Account.id == Link.made_by, Account.disabled_at.is_(None), or_(Account.is_admin, manages)
    )
    return and_(
        Link.revoked_at.is_(None),
        Link.expires_at > moment,
        or_(Link.image_id.is_(None), image),
        project,
        or_(Link.made_by.is_(None), maker),
    )
