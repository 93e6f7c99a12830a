"""Preview cards of share links: the picture that chats show beside an address, drawn when it is asked for, and kept."""

import io
from functools import partial

from PIL import Image as Pillow
from PIL import ImageFilter

from ...domain.mask_pictures import Shape, size_within, small_masks
from ...domain.policy import Actor
from ...domain.visits import Visit
from ...errors import ImageNotFound, TooManyRequests
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...runtime.sharing import SingleFlight
from ...storage.engine import Database
from ...storage.rows import project_images, projects
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import sight_of
from ..accounts.limits import ALONE, Limits
from ..images.mask_pictures import shapes_of, tag_of
from ..pictures.files import ImageFiles

SIZE = (1200, 630)  # as Open Graph has it
_KEPT_BYTES = 32_000_000
_AMONG = 12  # first images of a project, of which one with objects is shown
_MOST_DRAWN, _SECONDS = 30, 15 * 60.0  # of one link
_QUALITY = 82
_BLURRED = (SIZE[0] // 20, SIZE[1] // 20)  # what fills the rest: a blur needs no more pixels
_DIMMED = 0.35


class Cards:
    def __init__(self, db: Database, pools: Pools, files: ImageFiles, limits: Limits = ALONE) -> None:
        self._db, self._pools, self._files = db, pools, files
        self._kept: ByteCache[bytes] = ByteCache(_KEPT_BYTES, len)
        self._drawing = SingleFlight()
        often = partial(
            TooManyRequests,
            "The card of this link was drawn too often.",
            hint="Wait some minutes, then try again.",
        )
        self._drawn = limits.of("cards", _MOST_DRAWN, _SECONDS, often)

    def image(self, visit: Visit) -> str | None:
        """Id of the image that a card shows: the link's, or one of the project's first, with objects where one has
        some; None: there is none. Raises ProjectNotFound."""
        if visit.sandbox:
            return None
        with self._db.read() as session:
            project = found_project(session, visit.project_id)
            sight = sight_of(session, Actor("visitor", visit=visit), project)
            first = projects.covers(session, sight, _AMONG)
            drawn_on = project_images.annotation_counts(session, sight, first)
        return next((each for each in first if each in drawn_on), first[0] if first else None)

    def jpeg(self, visit: Visit) -> tuple[bytes, str]:
        """A card, SIZE large, with a tag that changes with what it shows.

        Raises ProjectNotFound, ImageNotFound, TooManyRequests; ImageFileLost, InvalidImage."""
        image_id = self.image(visit)
        if image_id is None:
            raise ImageNotFound()
        with self._db.read() as session:
            _, image = found_place(session, visit.project_id, image_id)
            project = found_project(session, visit.project_id)
            tag = f"{image_id}-{image.display_key.rpartition('/')[2]}-{tag_of(session, project, image_id, None)}"
            kept = self._kept.get((project.id, tag))
            if kept is not None:
                return kept, tag
            shapes = shapes_of(session, project.id, image_id, None)

        def draw() -> bytes:
            self._drawn.begin(visit.link_id)  # one that fails took its time, too
            shown = self._files.small(image, SIZE)
            made = self._pools.compute(drawn, shown, shapes, image.width, image.height)
            self._kept.put((project.id, tag), made, project.id)
            return made

        return self._drawing.run((project.id, tag), draw), tag


def drawn(picture: Pillow.Image, shapes: list[Shape], width: int, height: int) -> bytes:
    """A JPEG of SIZE with the whole of a width x height image, of which `picture` is a copy of any size, and its
    objects, before a dark blur of itself."""
    scale = min(SIZE[0] / width, SIZE[1] / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    within = size_within(width, height, max(size))
    small = picture.resize(within, Pillow.Resampling.LANCZOS).convert("RGBA")
    small.alpha_composite(Pillow.fromarray(small_masks(shapes, width, height, max(size))))
    shown = small.convert("RGB").resize(size, Pillow.Resampling.LANCZOS)
    blurred = picture.resize(_BLURRED, Pillow.Resampling.BOX).filter(ImageFilter.GaussianBlur(3))
    card = blurred.resize(SIZE, Pillow.Resampling.BICUBIC).point(lambda value: value * _DIMMED)
    card.paste(shown, ((SIZE[0] - size[0]) // 2, (SIZE[1] - size[1]) // 2))
    out = io.BytesIO()
    card.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
