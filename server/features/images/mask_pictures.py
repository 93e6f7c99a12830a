"""The objects of an image as a small transparent picture, for the grid of a project; drawn when asked for, and kept."""

import io

from PIL import Image as Pillow
from sqlalchemy.orm import Session

from ...domain.mask_pictures import Shape, small_masks
from ...domain.policy import Actor
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...storage.engine import Database
from ...storage.rows import annotations as rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import sight_of
from ...storage.tables import Project
from ..pictures.pixels import THUMBNAIL_SIDE_PX

_KEPT_BYTES = 32_000_000


class MaskPictures:
    def __init__(self, db: Database, pools: Pools) -> None:
        self._db, self._pools = db, pools
        self._kept: ByteCache[bytes] = ByteCache(_KEPT_BYTES, len)

    def png(self, actor: Actor, project_id: str, image_id: str) -> tuple[bytes, str]:
        """What the actor sees, as large as the thumbnail, with a tag that changes with the objects and the labels.

        Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            place, image = found_place(session, project_id, image_id)
            project = found_project(session, project_id)
            layer = sight_of(session, actor, project).layer(place)
            tag = tag_of(session, project, image_id, layer)
            kept = self._kept.get((project_id, image_id, layer, tag))
            if kept is not None:
                return kept, tag
            shapes = shapes_of(session, project_id, image_id, layer)
            size = (image.width, image.height)
        made = self._pools.compute(_drawn, shapes, *size)
        self._kept.put((project_id, image_id, layer, tag), made)
        return made, tag


def shapes_of(session: Session, project_id: str, image_id: str, layer: str | None) -> list[Shape]:
    """Objects of an image, the lowest first."""
    listed = rows.of_image(session, project_id, image_id, layer)
    listed.sort(key=lambda each: each.z)
    return [
        (each.rle_counts, each.color, (each.bbox[0], each.bbox[1], each.bbox[2], each.bbox[3]))
        for each in listed
    ]


def tag_of(session: Session, project: Project, image_id: str, layer: str | None) -> str:
    """What changes with an image's objects and the labels."""
    count, versions, latest = rows.standing(session, project.id, image_id, layer)
    return f"{count}-{versions}-{latest.timestamp() if latest else 0:.6f}-{project.labels_version}"


def _drawn(shapes: list[Shape], width: int, height: int) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(small_masks(shapes, width, height, THUMBNAIL_SIDE_PX)).save(out, "PNG")
    return out.getvalue()
