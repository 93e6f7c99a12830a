"""Links that nobody has followed yet: listed, and taken back."""

from sqlalchemy.orm import Session

from ...domain.policy import Actor, allows, at_least
from ...domain.times import timestamp
from ...errors import NotFound
from ...storage.engine import Database
from ...storage.rows import accounts as rows
from ...storage.rows import members
from ...storage.rows import projects as project_rows
from ...storage.tables import Account, Invitation, now
from .links_schema import OpenLink
from .secrets import public_id


class OpenLinks:
    """`project_id`: those into one project; None: all of the server. Who may ask for which is the policy's to say."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def list(self, project_id: str | None = None) -> list[OpenLink]:
        """The newest first."""
        with self._db.read() as session:
            return [_described(session, each) for each in _open(session, project_id)]

    def find(self, link_id: str, project_id: str | None = None) -> OpenLink:
        """Raises NotFound."""
        with self._db.read() as session:
            return _described(session, _found(session, link_id, project_id))

    def revoke(self, link_id: str, project_id: str | None = None) -> None:
        """It stops working. Raises NotFound."""
        with self._db.write(reserved=True) as session:
            session.delete(_found(session, link_id, project_id))


def still_counts(session: Session, invitation: Invitation) -> bool:
    """Whether who made a link may still give what it gives. The links somebody made end with their right to; one that
    was made in that very moment is found out here."""
    inviter_id = _inviter_id(invitation)
    if not inviter_id:
        return True
    account = rows.find(session, inviter_id)
    if account is None or account.disabled_at is not None:
        return False
    if account.is_admin:
        return True
    given, project_id = invitation.role, invitation.project_id
    if project_id is None or given is None or invitation.account_id is not None or invitation.is_admin:
        return False
    own = members.role_in(session, account.id, project_id)
    return allows(Actor("account", account.id), "member.change", own) and at_least(own, given)


def _open(session: Session, project_id: str | None) -> list[Invitation]:
    listed = rows.invitations(session, now(), project_id)
    return [each for each in listed if still_counts(session, each)]


def _found(session: Session, link_id: str, project_id: str | None) -> Invitation:
    listed = rows.invitations(session, now(), project_id)
    found = next((each for each in listed if public_id(each.secret_hash) == link_id), None)
    if found is None:
        raise NotFound("There is no such link.", hint="It may have been followed, or taken back already.")
    return found


def _described(session: Session, invitation: Invitation) -> OpenLink:
    account = _account(session, invitation.account_id)
    inviter = _account(session, _inviter_id(invitation))
    project_id = invitation.project_id
    project = None if project_id is None else project_rows.find(session, project_id)
    return OpenLink(
        public_id(invitation.secret_hash),
        "new" if invitation.account_id is None else "password",
        None if account is None else account.name,
        invitation.is_admin,
        project_id,
        None if project is None else project.name,
        invitation.role,
        None if inviter is None else inviter.name,
        timestamp(invitation.created_at),
        timestamp(invitation.expires_at),
    )


def _inviter_id(invitation: Invitation) -> str:
    """Of an account; "" where the server made the link, or a command."""
    return invitation.invited_by.partition(":")[2]


def _account(session: Session, account_id: str | None) -> Account | None:
    return None if not account_id else rows.find(session, account_id)
