"""One image in detail: whose object is whose, and a picture of where two people differ. Worked out when asked for."""

import io
from collections.abc import Sequence
from itertools import chain

from PIL import Image as Pillow

from ...domain.agreement.comparing import COMMON, Pair, People, compare
from ...domain.agreement.differences import differences
from ...domain.agreement.instances import Instance
from ...domain.agreement.tallies import tally
from ...errors import BadRequest, Conflict
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...storage.engine import Database
from ...storage.rows.agreement import figures as rows
from ...storage.rows.agreement.figures import Finished
from ...storage.rows.finding import found_place
from ..pictures.pixels import THUMBNAIL_SIDE_PX
from . import schema
from .reading import drawn, stamp
from .report import TRUTH, described, named

LARGE_SIDE_PX = 1600
_KEPT_BYTES = 32_000_000


class Comparisons:
    def __init__(self, db: Database, pools: Pools) -> None:
        self._db, self._pools = db, pools
        self._kept: ByteCache[bytes] = ByteCache(_KEPT_BYTES, len)

    def of_image(self, project_id: str, image_id: str, truth: bool) -> schema.ImageComparison:
        """As it is now. `truth`: also with the common objects, where the image is gold.

        Raises ProjectNotFound, ImageNotFound, Conflict where there is nothing to compare."""
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
            finished = _comparable(rows.finished(session, project_id, image_id), truth)
            people = drawn(session, project_id, finished)
            size = (image.width, image.height)
        pairs = self._pools.compute(_described, people, *size)
        return schema.ImageComparison(finished.accounts, pairs)

    def picture(
        self, project_id: str, image_id: str, first: str, second: str, large: bool, truth: bool
    ) -> tuple[bytes, str]:
        """A PNG of where two of those who are done differ, as large as the thumbnail or larger, and a tag that changes
        with it. Raises as `of_image`; BadRequest for who is not done with it."""
        chosen = [COMMON if each == TRUTH else each for each in (first, second)]
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
            finished = _comparable(rows.finished(session, project_id, image_id), truth)
            known = [*finished.accounts, *([COMMON] if finished.gold else [])]
            if not all(each in known for each in chosen) or first == second:
                raise BadRequest(
                    '"first" and "second" must be two people who are done with this image.',
                    hint=f'Or one of them and "{TRUTH}" on a gold image.',
                )
            layers = rows.layers(session, project_id, [image_id]).get(image_id, {})
            tag = f"{stamp(finished, layers)[:32]}-{LARGE_SIDE_PX if large else THUMBNAIL_SIDE_PX}"
            key = (project_id, image_id, *chosen, tag)
            kept = self._kept.get(key)
            if kept is not None:
                return kept, tag
            people = drawn(session, project_id, finished)
            size = (image.width, image.height)
        longest = LARGE_SIDE_PX if large else THUMBNAIL_SIDE_PX
        made = self._pools.compute(_picture, [people[each] for each in chosen], *size, longest)
        self._kept.put(key, made)
        return made, tag


def _comparable(found: Sequence[Finished], truth: bool) -> Finished:
    if not found or (not truth and len(found[0].accounts) < 2):
        raise Conflict(
            "There is nothing to compare on this image yet.",
            hint="Two people have to be done with it, or one where it is gold.",
        )
    return found[0] if truth else found[0]._replace(gold=False)


def _described(people: People, width: int, height: int) -> list[schema.PairOnImage]:
    pairs = [_pair(people, pair) for pair in compare(people, width, height)]
    return sorted(pairs, key=lambda each: each.figures.agreement)


def _pair(people: People, pair: Pair) -> schema.PairOnImage:
    of = tally(people, pair)
    matches = [
        schema.MatchedPair(
            each.first.id, each.second.id, each.iou, each.boundary_iou, each.first.label == each.second.label
        )
        for each in sorted(pair.matches, key=lambda each: each.iou)
    ]
    matched = set(chain.from_iterable((each.first, each.second) for each in matches))
    alone = [[each.id for each in people[who] if each.id not in matched] for who in (pair.first, pair.second)]
    return schema.PairOnImage(
        named(pair.first), pair.second, described(of, of.alpha), matches, alone[0], alone[1]
    )


def _picture(two: Sequence[Sequence[Instance]], width: int, height: int, longest: int) -> bytes:
    first, second = two
    [pair] = compare({"1": first, "2": second}, width, height, boundaries=False)
    out = io.BytesIO()
    picture = differences(first, second, pair.matches, width, height, longest)
    Pillow.fromarray(picture).save(out, "PNG")
    return out.getvalue()
