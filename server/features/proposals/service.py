"""Proposals of images: store, list, drop and restore them.

A proposal is taken by creating an object with its id, so that nothing needs to be said twice: as long as there is such
an object, the proposal is not listed, and if that is undone, it is again. Where annotators do not see each other's
work, each has a set of their own: of what was made ahead for all a copy, from the first change on.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from ...contract import parse, to_json
from ...domain.policy import MACHINE, Actor
from ...domain.times import timestamp
from ...errors import BadRequest, NotFound
from ...inference.automask_types import AutomaticMask
from ...inference.catalog import SegmenterSpec
from ...storage.engine import Database
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import is_independent, sight_of
from ...storage.rows.proposals import masks, sets
from ...storage.rows.proposals.masks import Stored
from ...storage.tables import Image, ProposalSet, now
from ..annotations.mask_schema import RLE
from . import schema
from .schema import MOST, ProposalChange, ProposalSettings


class Proposals:
    """One per process."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of_image(
        self, actor: Actor, project_id: str, image_id: str, running: bool = False
    ) -> schema.ProposalList:
        """Those that the actor may take. Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            place, image = found_place(session, project_id, image_id)
            layer = sight_of(session, actor, found_project(session, project_id)).layer(place)
            shown = sets.shown(session, project_id, image_id, layer)
            if shown is None:
                return schema.ProposalList([], None, None, None, False, False, None, None, running)
            taken = masks.ids_of_objects(session, project_id, image_id, layer)
            listed = [
                described(each.id, each.values, image)
                for each in _as_in(session, shown, layer)
                if not each.dropped and each.id not in taken
            ]
        own = shown.layer == layer
        return schema.ProposalList(
            listed,
            shown.segmenter,
            shown.weights,
            schema.ProposalSettings(**shown.settings),
            shown.complete,
            shown.ahead or not own,
            timestamp(shown.created_at),
            shown.created_by if own else None,
            running,
        )

    def place(self, actor: Actor, project_id: str, image_id: str) -> tuple[Image, str | None]:
        """The image, and the layer that the actor works in there. Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            place, image = found_place(session, project_id, image_id)
            return image, sight_of(session, actor, found_project(session, project_id)).layer(place)

    def change(self, actor: Actor, project_id: str, image_id: str, data: Any) -> None:
        """Drop some, or have dropped ones back. Raises ProjectNotFound, ImageNotFound, BadRequest."""
        asked = parse(ProposalChange, data, BadRequest)
        with self._db.write() as session:
            own = self._own(session, actor, project_id, image_id)
            if own is not None:
                masks.drop(session, own.id, asked.drop, now(), actor.author)
                masks.drop(session, own.id, asked.restore, None, None)

    def drop(self, actor: Actor, project_id: str, image_id: str, proposal_id: str | None = None) -> None:
        """One, or all. Raises ProjectNotFound, ImageNotFound; NotFound when there is no such proposal."""
        with self._db.write() as session:
            own = self._own(session, actor, project_id, image_id)
            ids = [] if own is None else [each.id for each in masks.of_set(session, own.id)]
            if proposal_id is not None and proposal_id not in ids:
                raise NotFound("There is no such proposal.")
            if own is not None:
                which = ids if proposal_id is None else [proposal_id]
                masks.drop(session, own.id, which, now(), actor.author)

    def store(
        self,
        actor: Actor,
        project_id: str,
        image_id: str,
        spec: SegmenterSpec,
        settings: ProposalSettings,
        found: Sequence[tuple[str, dict[str, Any]]],
        complete: bool = True,
        replaces: bool = True,
    ) -> None:
        """In the place of those there are; or, unless it `replaces` any, where there are none.

        `found`: ids and values, as `prepared` gives them; at most MOST are kept, the most certain. What the machine
        stores was made ahead. Raises ProjectNotFound, ImageNotFound.
        """
        kept = sorted(found, key=lambda each: -each[1]["predicted_iou"])[:MOST]
        with self._db.write() as session:
            place, _ = found_place(session, project_id, image_id)
            project = found_project(session, project_id)
            layer = sight_of(session, actor, project).layer(place)
            if not replaces and sets.shown(session, project_id, image_id, layer) is not None:
                return
            ahead = actor.kind == MACHINE.kind
            made = ProposalSet(
                id=token_hex(16),
                project_id=project_id,
                image_id=image_id,
                layer=layer,
                ahead=ahead,
                segmenter=spec.id,
                weights=spec.weights,
                settings=to_json(settings),
                complete=complete,
                created_by=actor.author,
            )
            sets.put(session, made, keep_ahead=not ahead and is_independent(project, place))
            masks.add(session, made.id, kept)

    def _own(self, session: Session, actor: Actor, project_id: str, image_id: str) -> ProposalSet | None:
        """The set that the actor's changes are made in, a copy of the common one where theirs are nobody else's."""
        place, _ = found_place(session, project_id, image_id)
        layer = sight_of(session, actor, found_project(session, project_id)).layer(place)
        shown = sets.shown(session, project_id, image_id, layer)
        if shown is None or shown.layer == layer:
            return shown
        same = ("project_id", "image_id", "segmenter", "weights", "settings", "complete", "created_at")
        values = {name: getattr(shown, name) for name in same}
        copy = ProposalSet(id=token_hex(16), layer=layer, ahead=True, **values)
        session.add(copy)
        session.flush()
        masks.add(session, copy.id, [(each.id, each.values) for each in _as_in(session, shown, layer)])
        return copy


def prepared(found: Iterable[AutomaticMask]) -> list[tuple[str, dict[str, Any]]]:
    """New ids and the values for the table; empty masks are left out."""
    return [(token_hex(16), values_of(each)) for each in found if each.area]


def values_of(mask: AutomaticMask) -> dict[str, Any]:
    """What is stored of a mask."""
    return {
        "rle_counts": mask.rle_counts,
        "bbox": list(mask.bbox),
        "area": mask.area,
        "predicted_iou": round(float(mask.predicted_iou), 6),
        "stability_score": round(float(mask.stability_score), 6),
        "point": [round(float(side), 2) for side in mask.point],
        "crop_box": [int(side) for side in mask.crop_box],
    }


def described(proposal_id: str, values: dict[str, Any], image: Image) -> schema.Proposal:
    rest = {name: value for name, value in values.items() if name != "rle_counts"}
    return schema.Proposal(id=proposal_id, rle=RLE([image.height, image.width], values["rle_counts"]), **rest)


def _as_in(session: Session, shown: ProposalSet, layer: str | None) -> list[Stored]:
    """As they are to who works in the layer: what others did with the common ones is none of theirs."""
    listed = masks.of_set(session, shown.id)
    if shown.layer == layer:
        return listed
    return [Stored(_id_in(layer, each.id), each.values, False) for each in listed]


def _id_in(layer: str | None, proposal_id: str) -> str:
    """Objects of different layers have different ids."""
    return sha256(f"{layer}/{proposal_id}".encode()).hexdigest()[:32]
