"""Which objects of a project a segmenter learns from. Every function takes the session of the caller's transaction.

Those that people drew, changed, imported or took, and what a job made once a person is done with its image. Not on
images that are skipped, returned or marked for attention; no boxes without a mask; nothing that one annotator made
unseen by the others, before it is a common object; nothing smaller than `least_area`, a part of its image.
"""

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from ...tables import Annotation, Image, ProjectImage
from ..automatic.boxes import is_box
from ..automatic.runs import same_image

_IN_DOUBT = ("skipped", "returned", "attention")
_SEEN = ("done", "accepted")  # by a person, whoever made the objects


def count(session: Session, project_id: str, label_id: str | None, least_area: float) -> tuple[int, int]:
    """Images with such objects, and these."""
    query = select(func.count(Annotation.image_id.distinct()), func.count())
    found = session.execute(
        query.join(ProjectImage, same_image()).where(*_counting(project_id, label_id, least_area))
    ).one()
    return found[0], found[1]


def images(
    session: Session, project_id: str, label_id: str | None, least_area: float
) -> list[tuple[str, str | None]]:
    """Ids and splits of images with such objects, by name."""
    query = (
        select(ProjectImage.image_id, ProjectImage.split)
        .join(Annotation, same_image())
        .where(*_counting(project_id, label_id, least_area))
        .group_by(ProjectImage.sort_name, ProjectImage.image_id, ProjectImage.split)
        .order_by(ProjectImage.sort_name, ProjectImage.image_id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def on_image(
    session: Session, project_id: str, image_id: str, label_id: str | None, least_area: float
) -> list[Annotation]:
    """The lowest first."""
    query = (
        select(Annotation)
        .join(ProjectImage, same_image())
        .where(*_counting(project_id, label_id, least_area), Annotation.image_id == image_id)
        .order_by(Annotation.z, Annotation.created_at, Annotation.id)
    )
    return list(session.scalars(query))


def _counting(project_id: str, label_id: str | None, least_area: float) -> list[ColumnElement[bool]]:
    unchanged = func.coalesce(Annotation.job_version, 0) == Annotation.version
    size = select(Image.width * Image.height).where(Image.id == Annotation.image_id).scalar_subquery()
    return [
        ProjectImage.project_id == project_id,
        ProjectImage.removed_at.is_(None),
        ProjectImage.state.not_in(_IN_DOUBT),
        Annotation.layer.is_(None),
        Annotation.area >= least_area * size,
        ~is_box(),
        or_(ProjectImage.state.in_(_SEEN), ~unchanged),
        *([] if label_id is None else [Annotation.label_id == label_id]),
    ]
