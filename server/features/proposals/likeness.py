"""Compares the objects of images with what was proposed there, so that images can be sorted by it.

What is to be done is read from the rows, so it does not matter how objects and proposals came.
"""

import logging
from collections.abc import Sequence

from ...domain.agreement.instances import Instance, overlaps
from ...errors import TooComplex
from ...runtime.pools import Pools
from ...runtime.watcher import Watcher
from ...storage.engine import Database
from ...storage.rows import images
from ...storage.rows.proposals import masks, nearest, sets
from ...storage.rows.proposals.masks import Stored
from ...storage.rows.proposals.nearest import Drawn, Place

log = logging.getLogger(__name__)

_AT_ONCE = 50  # images
_LEAST = 0.1  # IoU: less is 0


class Likeness(Watcher):
    """Looks whether there is anything to compare."""

    def __init__(self, db: Database, pools: Pools, alone: bool = True) -> None:
        """`alone`: whether nobody else writes to the database."""
        self._db, self._pools, self._alone = db, pools, alone
        self._seen: dict[str, str] = {}  # projects, as they were when nothing was left
        self._writes = -1  # of the database, when that was asked

    def look(self) -> None:
        """Compare what there is to compare. While nobody writes anything, nothing is asked either."""
        writes = self._db.writes
        if self._alone and writes == self._writes:
            return
        for project_id, state in self._pools.compute(self._states).items():
            if self._seen.get(project_id) == state:
                continue
            while True:
                left = self._pools.compute(self._left, project_id)
                for place in left:
                    self._compare(place)
                if len(left) < _AT_ONCE:
                    break
            self._seen[project_id] = state
        self._writes = writes

    def _states(self) -> dict[str, str]:
        with self._db.read() as session:
            return nearest.states(session)

    def _left(self, project_id: str) -> list[Place]:
        """Of a large project this takes a while, in which others are answered."""
        with self._db.read() as session:
            return nearest.left(session, project_id, _AT_ONCE)

    def _compare(self, place: Place) -> None:
        with self._db.read() as session:
            image = images.find(session, place.image_id)
            shown = sets.shown(session, place.project_id, place.image_id, place.layer)
            if image is None or shown is None:
                return
            proposed, drawn = masks.of_set(session, shown.id), nearest.drawn(session, place)
        found = self._pools.compute(likeness, drawn, proposed, image.width, image.height)
        with self._db.write() as session:
            nearest.put(session, place.project_id, shown.id, found)


def likeness(
    drawn: Sequence[Drawn], proposed: Sequence[Stored], width: int, height: int
) -> list[tuple[str, int, float | None]]:
    """Id, version and IoU with the most alike proposal of each; None where nothing was proposed. Pure computation."""
    best: list[float | None] = [0.0 if proposed else None] * len(drawn)
    ours = [_instance(each.id, each.rle_counts, each.bbox, each.area) for each in drawn]
    theirs = [
        _instance(each.id, each.values["rle_counts"], each.values["bbox"], each.values["area"])
        for each in proposed
    ]
    try:
        for pair in overlaps(ours, theirs, width, height, _LEAST):
            best[pair.first] = max(best[pair.first] or 0.0, pair.iou)
    except TooComplex:
        best = [None] * len(drawn)
    return [(each.id, each.version, iou) for each, iou in zip(drawn, best, strict=True)]


def _instance(instance_id: str, counts: str, bbox: Sequence[int], area: int) -> Instance:
    x, y, width, height = bbox
    return Instance(instance_id, "", counts, (x, y, width, height), area)
