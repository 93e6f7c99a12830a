"""Images on which everything is still to be found. Every function takes the session of the caller's transaction."""

from sqlalchemy import ColumnElement, exists, true
from sqlalchemy.orm import Session

from ...tables import Annotation, MaskRun, ProjectImage, ProposalSet
from ..listing.filter import OPEN_STATES
from .runs import left, same_image


def images_without_objects(session: Session, run: MaskRun) -> list[str]:
    """Those that the run has not done, by name, without a common object and not finished."""
    return left(session, run, _is_open() & ~exists().where(same_image(), Annotation.layer.is_(None)))


def images_without_proposals(session: Session, run: MaskRun) -> list[str]:
    """The same without proposals for all. What was proposed ahead by other weights than the run's does not count: the
    segmenter has been changed, or trained, since, as long as nobody has worked on the image."""
    weights = run.settings.get("weights")
    stays = ~ProposalSet.ahead | (ProposalSet.weights == weights) | (ProjectImage.state != "new")
    proposed = exists().where(
        stays if weights else true(),
        ProposalSet.project_id == ProjectImage.project_id,
        ProposalSet.image_id == ProjectImage.image_id,
        ProposalSet.layer.is_(None),
    )
    return left(session, run, _is_open() & ~proposed)


def _is_open() -> ColumnElement[bool]:
    return ProjectImage.state.in_(OPEN_STATES)
