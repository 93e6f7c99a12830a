"""Boxes become masks: each is the prompt to the segmenter, whose mask takes its place."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from ...domain.frames import LOW_RES_SIDE
from ...domain.masks import full_size_mask
from ...domain.prompts import decoder_inputs
from ...domain.runs import Window, tight, write_window
from ...domain.selection import candidates_iou, default_token, rate
from ...domain.types import Box, Prompt
from ...inference.catalog import SegmenterSpec
from ...runtime.pools import Pools
from ...runtime.queue.handlers import Running
from ...storage.engine import Database
from ...storage.rows import annotations
from ...storage.rows.automatic import boxes as box_rows
from ...storage.tables import Image, MaskRun, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork
from ..prediction.scenes import Scene, Scenes
from .schema import Doubt

UNSTABLE = (
    0.8  # half of coco128-seg's masks with an IoU below 0.6 are less stable, and a twelfth of the others
)
OUTSIDE = 0.05  # so much of a mask may lie beside its box
FULL = 0.95  # so much of the box is rarely an object


class Boxed(NamedTuple):
    """An annotation that is a box, as it was when it was read."""

    id: str
    version: int
    box: Box


class Found(NamedTuple):
    """What the segmenter made of it: values of the annotation's columns, none where it found nothing."""

    boxed: Boxed
    values: dict[str, Any]
    doubts: list[Doubt]


class Boxes:
    def __init__(self, db: Database, pools: Pools, scenes: Scenes) -> None:
        self._db, self._pools, self._scenes = db, pools, scenes

    def left(self, session: Session, run: MaskRun) -> list[str]:
        """Images that the run has not done, in order."""
        return box_rows.images_with_boxes(session, run)

    def make(
        self, running: Running, run: MaskRun, spec: SegmenterSpec, image: Image
    ) -> Sequence[Found] | None:
        """None when nobody wants it any more. Raises what `Scenes.open` does."""
        with self._db.read() as session:
            boxed = [
                Boxed(each.id, each.version, _box(each.bbox))
                for each in box_rows.boxes_on(session, run.project_id, image.id)
            ]
        scene = self._scenes.open(image, spec)
        found = []
        for each in boxed:
            if running.cancelled:
                return None
            found.append(self._pools.decode(segment, scene, each, spec))
        return found

    def may_change(self, place: ProjectImage) -> bool:
        return place.state != "accepted" and not place.gold

    def put_in(
        self, work: UnitOfWork, run: MaskRun, place: ProjectImage, found: Sequence[Found]
    ) -> list[dict[str, Any]]:
        """What becomes of `MaskRunImage.made`. Whatever was changed meanwhile stays as it is."""
        made: list[dict[str, Any]] = []
        for boxed, values, doubts in found:
            annotation = annotations.find(work.session, boxed.id, run.project_id)
            if annotation is None or annotation.version != boxed.version:
                continue
            if values:
                for name, value in values.items():
                    setattr(annotation, name, value)
                annotation.version, annotation.restored_from = boxed.version + 1, None
                annotation.job_version = annotation.version
                annotation.updated_at, annotation.updated_by = now(), work.actor.account
            was = {"was": boxed.version} if values else {}
            doubted = {"doubts": doubts} if doubts else {}
            made.append({"id": boxed.id, "version": annotation.version, **was, **doubted})
        return made


def segment(scene: Scene, boxed: Boxed, spec: SegmenterSpec) -> Found:
    """The candidate that is shown first for the box: by stability and by how well it fits the box, which
    `docs/measurements.md` compares with the predicted IoU. Pure computation. Raises DecodingFailed."""
    prompt = Prompt(box=boxed.box)
    coords, labels = decoder_inputs(prompt, scene.frame)
    output = scene.decoder.decode(scene.prepared, coords, labels, scene.frame)
    ratings = rate(prompt, output.low_res_logits, output.predicted_iou, scene.frame)
    token = default_token(prompt, ratings, scene.frame.resize)
    mask = full_size_mask(output.low_res_logits[token], scene.frame)
    window = tight(Window(mask, 0, 0))
    if not window.mask.size:
        return Found(boxed, {}, ["empty"])
    stability = float(ratings.stability[token])
    height, width = window.mask.shape
    values = {
        "rle_counts": write_window(window, mask.shape[1], mask.shape[0]),
        "area": int(np.count_nonzero(window.mask)),
        "bbox": [window.x, window.y, width, height],
        "prompts": [{"kind": "box", "box": list(boxed.box)}],
        "segmenter": spec.id,
        "weights": spec.weights,
        "candidate": token,
        "predicted_iou": round(float(output.predicted_iou[token]), 6),
        "stability_score": round(stability, 6),
        "candidates_iou": round(
            candidates_iou(prompt, output.low_res_logits, output.predicted_iou, token, scene.frame), 6
        ),
    }
    return Found(boxed, values, doubts(mask, boxed.box, stability))


def doubts(mask: np.ndarray, box: Box, stability: float) -> list[Doubt]:
    """bool (H, W) with a pixel in it -> why a person should look at it."""
    x0, y0, x1, y1 = map(int, box)
    beside = -(-max(mask.shape) // LOW_RES_SIDE)  # no mask is more exact than the decoder's pixels
    near = mask[max(y0 - beside, 0) : y1 + beside, max(x0 - beside, 0) : x1 + beside]
    area, inside = int(np.count_nonzero(mask)), int(np.count_nonzero(mask[y0:y1, x0:x1]))
    found: dict[Doubt, bool] = {
        "unstable": stability < UNSTABLE,
        "outside": area - int(np.count_nonzero(near)) > OUTSIDE * area,
        "full": inside > FULL * (x1 - x0) * (y1 - y0),
    }
    return [each for each, is_so in found.items() if is_so]


def _box(bbox: Sequence[int]) -> Box:
    x, y, width, height = bbox
    return float(x), float(y), float(x + width), float(y + height)
