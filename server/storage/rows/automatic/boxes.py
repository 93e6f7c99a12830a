"""Annotations that are nothing but a box. Every function takes the session of the caller's transaction."""

from sqlalchemy import BigInteger, ColumnElement, cast, exists, func, select
from sqlalchemy.orm import Session

from ...tables import Annotation, MaskRun, ProjectImage
from .runs import left, may_change, same_image

_LEAST_SIDE = 2  # pixels: what is smaller may as well be a mask


def is_box() -> ColumnElement[bool]:
    """Of a query of annotations: those that are common objects and nothing but a box. Importers draw a box without a
    mask as a rectangle, and no segmenter and no prompt made it."""
    width, height = (cast(Annotation.bbox[side].as_integer(), BigInteger) for side in (2, 3))
    return (
        Annotation.layer.is_(None)
        & Annotation.segmenter.is_(None)
        & (func.json_array_length(Annotation.prompts) == 0)
        & (Annotation.area == width * height)
        & (width >= _LEAST_SIDE)
        & (height >= _LEAST_SIDE)
    )


def count_boxes(session: Session, project_id: str) -> tuple[int, int]:
    """How many objects of a project are boxes that can become masks, and on how many images."""
    query = (
        select(func.count(), func.count(Annotation.image_id.distinct()))
        .join(ProjectImage, same_image())
        .where(Annotation.project_id == project_id, is_box(), *may_change())
    )
    boxes, boxed_images = session.execute(query).one()
    return boxes, boxed_images


def boxes_on(session: Session, project_id: str, image_id: str) -> list[Annotation]:
    """The lowest first."""
    query = select(Annotation).where(
        Annotation.project_id == project_id, Annotation.image_id == image_id, is_box()
    )
    return list(session.scalars(query.order_by(Annotation.z, Annotation.created_at, Annotation.id)))


def images_with_boxes(session: Session, run: MaskRun) -> list[str]:
    """Those that the run has not done, by name."""
    boxed = exists().where(same_image(), is_box())
    return left(session, run, boxed)
