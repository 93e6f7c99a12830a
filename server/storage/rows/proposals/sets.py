"""Rows of sets of proposals. Every function takes the session of the caller's transaction."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...tables import ProposalSet


def shown(session: Session, project_id: str, image_id: str, layer: str | None) -> ProposalSet | None:
    """The newest of an image in a layer, or of its common ones. An annotator who has none of their own yet begins with
    what was made ahead for all."""
    of_image = (ProposalSet.project_id == project_id) & (ProposalSet.image_id == image_id)
    newest = ProposalSet.created_at.desc(), ProposalSet.id
    own = ProposalSet.layer.is_(None) if layer is None else ProposalSet.layer == layer
    found = session.scalars(select(ProposalSet).where(of_image, own).order_by(*newest)).first()
    if found is not None or layer is None:
        return found
    ahead = ProposalSet.layer.is_(None) & ProposalSet.ahead
    return session.scalars(select(ProposalSet).where(of_image, ahead).order_by(*newest)).first()


def put(session: Session, made: ProposalSet, keep_ahead: bool) -> None:
    """In the place of those there are in the layer. `keep_ahead`: but for those that were made ahead for all."""
    replaced = delete(ProposalSet).where(
        ProposalSet.project_id == made.project_id,
        ProposalSet.image_id == made.image_id,
        ProposalSet.layer.is_(None) if made.layer is None else ProposalSet.layer == made.layer,
    )
    if keep_ahead:
        replaced = replaced.where(ProposalSet.ahead.is_(False))
    session.execute(replaced)
    session.add(made)
    session.flush()


def remove(session: Session, set_id: str) -> None:
    session.execute(delete(ProposalSet).where(ProposalSet.id == set_id))
