"""Everything on images becomes masks: as objects of one label, or as proposals for whoever opens them."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from ...contract import to_json
from ...errors import Conflict
from ...inference.automask import automatic_masks
from ...inference.automask_types import AutomaskSettings, AutomaticMask, Stopped
from ...inference.catalog import SegmenterSpec
from ...runtime.long_runs import LongRun
from ...runtime.pools import Pools
from ...runtime.queue.handlers import Running
from ...storage.rows import annotations, images
from ...storage.rows import labels as label_rows
from ...storage.rows.automatic import automatic as rows
from ...storage.rows.listing.filter import OPEN_STATES
from ...storage.rows.proposals import masks, sets
from ...storage.tables import Annotation, Image, MaskRun, ProjectImage, ProposalSet, now
from ...storage.unit_of_work import UnitOfWork
from ..prediction.scenes import Scenes
from ..proposals.schema import MOST, ProposalSettings
from ..proposals.service import values_of

SETTINGS: tuple[str, ...] = ProposalSettings.__struct_fields__


class Automatic:
    def __init__(self, pools: Pools, scenes: Scenes) -> None:
        self._pools, self._scenes = pools, scenes

    def left(self, session: Session, run: MaskRun) -> list[str]:
        """Images that the run has not done, in order: those without objects, or without proposals of the segmenter."""
        if run.settings["label"] is None:
            return rows.images_without_proposals(session, run)
        return rows.images_without_objects(session, run)

    def make(
        self, running: Running, run: MaskRun, spec: SegmenterSpec, image: Image
    ) -> tuple[SegmenterSpec, list[dict[str, Any]]] | None:
        """The segmenter, and the values of each mask. None when nobody wants them any more. Raises what
        `Scenes.open_automatic` does."""
        decoder, whole = self._scenes.open_automatic(image, spec)
        settings = AutomaskSettings(**{name: run.settings[name] for name in SETTINGS})
        size = (image.width, image.height)

        def find(long: LongRun) -> list[dict[str, Any]]:
            view = self._scenes.views(decoder, image, spec, whole, long)
            found = automatic_masks(
                decoder, view, size, settings, each=long.each, stopped=lambda: running.cancelled, most=MOST
            )
            return described(found)

        try:
            return spec, self._pools.decode_long(find)
        except Stopped:
            return None

    def may_change(self, place: ProjectImage) -> bool:
        return place.state in OPEN_STATES and not place.gold

    def put_in(
        self,
        work: UnitOfWork,
        run: MaskRun,
        place: ProjectImage,
        found: tuple[SegmenterSpec, list[dict[str, Any]]],
    ) -> list[dict[str, Any]]:
        """What becomes of `MaskRunImage.made`; nothing where somebody was faster. Raises Conflict."""
        spec, values = found
        if run.settings["label"] is None:
            return _propose(work, run, place, spec, values)
        return _add(work, run, place, spec, values)


def described(found: Sequence[AutomaticMask]) -> list[dict[str, Any]]:
    """The most certain first, at most so many as are proposed."""
    certain = sorted(found, key=lambda mask: -mask.predicted_iou)[:MOST]
    return [values_of(each) for each in certain if each.area]


def _add(
    work: UnitOfWork, run: MaskRun, place: ProjectImage, spec: SegmenterSpec, found: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    session, moment = work.session, now()
    label = label_rows.get(session, run.project_id, run.settings["label"])
    if label is None:
        raise Conflict("The label of these masks was removed.", hint="Start anew with another label.")
    if annotations.of_image(session, run.project_id, place.image_id, None):
        return []
    image = images.find(session, place.image_id)
    whole = None if image is None else [0, 0, image.width, image.height]
    made: list[dict[str, Any]] = []
    author = work.actor.account
    for z, each in enumerate(sorted(found, key=lambda mask: -mask["area"])):  # small ones lie above
        x, y = each["point"]
        point: dict[str, Any] = {"kind": "point", "x": x, "y": y, "label": 1}
        if each["crop_box"] != whole:
            point["crop_box"] = each["crop_box"]
        mask = {name: value for name, value in each.items() if name not in ("point", "crop_box")}
        annotation = Annotation(
            **mask,
            id=str(uuid.uuid4()),
            project_id=run.project_id,
            image_id=place.image_id,
            label_id=label.id,
            label_class=label,
            attributes={},
            z=z,
            job_version=1,
            prompts=[point],
            segmenter=spec.id,
            weights=spec.weights,
            created_by=author,
            updated_by=author,
            created_at=moment + timedelta(microseconds=z),
            updated_at=moment + timedelta(microseconds=z),
        )
        session.add(annotation)
        made.append({"id": annotation.id, "version": 1})
    return made


def _propose(
    work: UnitOfWork, run: MaskRun, place: ProjectImage, spec: SegmenterSpec, found: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    there = sets.shown(work.session, run.project_id, place.image_id, None)
    if there is not None and (not there.ahead or there.weights == spec.weights):
        return []
    made = ProposalSet(
        id=uuid.uuid4().hex,
        project_id=run.project_id,
        image_id=place.image_id,
        layer=None,
        ahead=True,
        segmenter=spec.id,
        weights=spec.weights,
        settings=to_json(ProposalSettings(**{name: run.settings[name] for name in SETTINGS})),
        complete=True,
        created_by=None,
    )
    sets.put(work.session, made, keep_ahead=False)
    masks.add(work.session, made.id, [(uuid.uuid4().hex, each) for each in found])
    return [{"set": made.id, "masks": len(found)}]
