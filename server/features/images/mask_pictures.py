"""The objects of an image as a small transparent picture, for the grid of a project; drawn when asked for, and kept."""

import io

from PIL import Image as Pillow
from sqlalchemy.orm import Session

from ...domain.mask_pictures import Shape, small_masks
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...storage.engine import Database
from ...storage.rows import annotations as rows
from ...storage.rows.finding import found_place, found_project
from ..pictures.pixels import THUMBNAIL_SIDE_PX

_KEPT_BYTES = 32_000_000


class MaskPictures:
    def __init__(self, db: Database, pools: Pools) -> None:
        self._db, self._pools = db, pools
        self._kept: ByteCache[bytes] = ByteCache(_KEPT_BYTES, len)

    def png(self, project_id: str, image_id: str) -> tuple[bytes, str]:
        """As large as the thumbnail, with a tag that changes with the objects of the image and the labels.

        Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
            tag = _tag(session, project_id, image_id)
            kept = self._kept.get((project_id, image_id, tag))
            if kept is not None:
                return kept, tag
            listed = rows.of_images(session, project_id, [image_id]).get(image_id, [])
            shapes: list[Shape] = [
                (each.rle_counts, each.color, (each.bbox[0], each.bbox[1], each.bbox[2], each.bbox[3]))
                for each in listed
            ]
            size = (image.width, image.height)
        made = self._pools.compute(_drawn, shapes, *size)
        self._kept.put((project_id, image_id, tag), made)
        return made, tag


def _tag(session: Session, project_id: str, image_id: str) -> str:
    count, versions, latest = rows.standing(session, project_id, image_id)
    labels = found_project(session, project_id).labels_version
    return f"{count}-{versions}-{latest.timestamp() if latest else 0:.6f}-{labels}"


def _drawn(shapes: list[Shape], width: int, height: int) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(small_masks(shapes, width, height, THUMBNAIL_SIDE_PX)).save(out, "PNG")
    return out.getvalue()
