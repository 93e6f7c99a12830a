"""Rows of what accounts are in projects. Every function takes the session of the caller's transaction."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, delete, func, select, union
from sqlalchemy.orm import Session

from ...domain.policy import REVIEWERS, ROLES, Actor, Role
from ..tables import Account, Annotation, Event, Invitation, Member, Project, ProjectImage, Visitor
from . import accounts


def find(session: Session, project_id: str, account_id: str) -> Member | None:
    return session.get(Member, (project_id, account_id))


def of_project(session: Session, project_id: str) -> list[tuple[Member, Account]]:
    """By name."""
    query = (
        select(Member, Account)
        .join(Account, Account.id == Member.account_id)
        .where(Member.project_id == project_id)
        .order_by(Account.name_key, Account.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def put(session: Session, project_id: str, account_id: str, role: Role) -> None:
    """Have the account in the project, with this role."""
    known = find(session, project_id, account_id)
    if known is None:
        session.add(Member(project_id=project_id, account_id=account_id, role=role))
    else:
        known.role = role


def remove(session: Session, member: Member) -> None:
    session.delete(member)


def drop_invitations_into(session: Session, project_id: str, account_id: str) -> None:
    """Those into the project that the account made."""
    made = Invitation.invited_by == str(Actor("account", account_id))
    session.execute(delete(Invitation).where(Invitation.project_id == project_id, made))


def owners(session: Session, project_id: str) -> int:
    """How many there are who can sign in."""
    query = select(func.count()).select_from(Member).join(Account, Account.id == Member.account_id)
    query = query.where(
        Member.project_id == project_id, Member.role == ROLES[-1], Account.disabled_at.is_(None)
    )
    return session.scalar(query) or 0


def names(
    session: Session, project_id: str, told: ColumnElement[bool], seen: ColumnElement[bool]
) -> dict[str, str]:
    """By account or visitor: of members, of who made objects or changed them, and of who did something that is still
    told of. `told`, `seen`: which events, and which annotations."""
    acted = (
        select(func.substr(Event.actor, len(kind) + 1)).where(
            Event.project_id == project_id,
            Event.seq >= select(Project.replay_from).where(Project.id == project_id).scalar_subquery(),
            Event.actor.startswith(kind),
            told,
        )
        for kind in ("account:", "visitor:")
    )
    members = select(Member.account_id).where(Member.project_id == project_id)
    authors = (  # person by person: there are few beside objects
        select(who.id).where(
            select(Annotation.id).where(Annotation.project_id == project_id, column == who.id, seen).exists()
        )
        for who in (Account, Visitor)
        for column in (Annotation.created_by, Annotation.updated_by)
    )
    known = list(session.scalars(union(members, *acted, *authors)))
    return accounts.names(session, known)


def annotators(session: Session, project_id: str) -> set[str]:
    """Accounts that are just that in a project."""
    return set(session.scalars(annotators_of(project_id)))


def annotators_of(project_id: str) -> Select[str]:
    """As a query. Administrators have every project, whatever they are in it."""
    return (
        select(Member.account_id)
        .join(Account, Account.id == Member.account_id)
        .where(Member.project_id == project_id, Member.role == "annotator", ~Account.is_admin)
    )


def role_in(session: Session, account_id: str, project_id: str) -> Role | None:
    member = find(session, project_id, account_id)
    return None if member is None else member.role


def role_on_image(session: Session, account_id: str, image_id: str) -> Role | None:
    """The highest in a project that has the image, not removed from it."""
    query = (
        select(Member.role)
        .join(ProjectImage, ProjectImage.project_id == Member.project_id)
        .where(
            Member.account_id == account_id,
            ProjectImage.image_id == image_id,
            ProjectImage.removed_at.is_(None),
        )
    )
    roles = set(session.scalars(query))
    return next((role for role in reversed(ROLES) if role in roles), None)


def images_of(session: Session, account_id: str, image_ids: Collection[str]) -> set[str]:
    """Those of the images that a project of the account has, and did not remove."""
    query = (
        select(ProjectImage.image_id)
        .join(Member, Member.project_id == ProjectImage.project_id)
        .where(
            Member.account_id == account_id,
            ProjectImage.image_id.in_(image_ids),
            ProjectImage.removed_at.is_(None),
        )
    )
    return set(session.scalars(query))


def role_on_annotation(session: Session, account_id: str, annotation_id: str) -> tuple[str, Role] | None:
    """(project, role): of annotations with this id, the oldest in a project where the account is a member and that is
    not in a layer of somebody else, unless they may look into those."""
    query = (
        select(Member.project_id, Member.role)
        .join(Annotation, Annotation.project_id == Member.project_id)
        .where(
            Member.account_id == account_id,
            Annotation.id == annotation_id,
            Annotation.layer.is_(None) | (Annotation.layer == account_id) | Member.role.in_(REVIEWERS),
        )
        .order_by(Annotation.created_at, Annotation.project_id)
        .limit(1)
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1])


def roles_of(session: Session, account_id: str) -> dict[str, Role]:
    """By project."""
    query = select(Member.project_id, Member.role).where(Member.account_id == account_id)
    return {row[0]: row[1] for row in session.execute(query)}
