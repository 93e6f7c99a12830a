"""One image's common objects, made of several people's: put in, and taken out again."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any, NamedTuple

from ...domain.agreement.comparing import COMMON, People, compare, groups
from ...domain.agreement.consensus import Method, agreed
from ...domain.runs import write_window
from ...errors import Conflict
from ...storage.rows import annotations as rows
from ...storage.rows import labels as label_rows
from ...storage.rows.agreement import consensus as consensus_rows
from ...storage.rows.finding import found_place, found_project
from ...storage.rows.layers import audience
from ...storage.tables import Annotation, AnnotationVersion, Consensus, Project, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork
from ..projects.progress import keep_working

LEAST_PEOPLE = 2
_RESTORED = (
    "id", "label_id", "rle_counts", "area", "bbox", "attributes", "z", "prompts", "segmenter", "weights",
    "window", "candidate", "predicted_iou", "stability_score", "candidates_iou", "source_id",
)  # fmt: skip


class Made(NamedTuple):
    """An object to put in. `values`: of its label and its mask, by column; `closest`: id of the annotation whose
    attributes it has."""

    values: dict[str, Any]
    closest: str


def make(people: People, method: Method, width: int, height: int) -> list[Made]:
    """Of all who are done with an image, the lowest first. Pure computation."""
    annotators = {who: drawn for who, drawn in people.items() if who != COMMON}
    found = groups(annotators, compare(annotators, width, height, boundaries=False))
    depth = {
        (who, each.id): number / len(drawn)
        for who, drawn in annotators.items()
        for number, each in enumerate(drawn)
    }
    made: list[tuple[float, Made]] = []
    for each in agreed(found, len(annotators), method, width, height):
        high, wide = each.mask.mask.shape
        values = {
            "label_id": each.label,
            "rle_counts": write_window(each.mask, width, height),
            "area": int(each.mask.mask.sum()),
            "bbox": [each.mask.x, each.mask.y, wide, high],
        }
        low = fmean(depth[who, instance.id] for who, instance in each.members.items())
        made.append((low, Made(values, each.closest.id)))
    return [each for _, each in sorted(made, key=lambda pair: pair[0])]


def put_in(
    work: UnitOfWork,
    project_id: str,
    image_id: str,
    run: str,
    method: Method,
    made: Sequence[Made],
    replace: Sequence[str] | None,
) -> tuple[int, int]:
    """The objects into the common ones of an image. `replace`: ids of common objects to delete; None: there must be
    none. Those of a consensus before that nobody has changed go in any case. How many were made and deleted.

    Raises ProjectNotFound, ImageNotFound; Conflict where there are common objects, or a label is gone meanwhile."""
    session, moment = work.session, now()
    place, _ = found_place(session, project_id, image_id)
    project = found_project(session, project_id)
    common = rows.of_image(session, project_id, image_id, None)
    if common and replace is None:
        raise Conflict(
            "This image has common objects already.",
            hint='Send "replace": the ids of those to delete, or an empty list to keep all.',
        )
    unwanted, before = set(replace or ()), consensus_rows.made_on(session, project_id, image_id)
    doomed = [each for each in common if each.id in unwanted or (each.id in before and each.version == 1)]
    replaced = [{"id": each.id, "version": each.version} for each in doomed]
    for each in doomed:
        rows.bury(session, each, work.actor.account)
    attributes = _attributes(work, project_id, [each.closest for each in made])
    z = rows.next_z(session, project_id, image_id)
    made_ids = [
        _add(work, place, moment + timedelta(microseconds=number), {
            **each.values,
            "id": str(uuid.uuid4()),
            "z": z + number,
            "attributes": attributes.get(each.closest, {}),
            "prompts": [],
            "created_by": work.actor.account,
        })
        for number, each in enumerate(made)
    ]  # fmt: skip
    if made_ids or replaced:
        session.add(
            Consensus(
                project_id=project_id,
                run=run,
                image_id=image_id,
                method=method,
                account=work.actor.account,
                made=made_ids,
                replaced=replaced,
            )
        )
        _tell(work, project, place, len(made_ids), len(replaced))
    return len(made_ids), len(replaced)


def take_out(work: UnitOfWork, consensus: Consensus) -> None:
    """What was made on an image, but for what somebody has changed since; what it replaced comes back."""
    session = work.session
    place = session.get(ProjectImage, (consensus.project_id, consensus.image_id))
    project = session.get(Project, consensus.project_id)
    session.delete(consensus)
    if place is None or project is None:
        return
    deleted = restored = 0
    for annotation_id in consensus.made:
        annotation = rows.find(session, annotation_id, project.id)
        if annotation is not None and annotation.version == 1:
            rows.bury(session, annotation, work.actor.account)
            deleted += 1
    buried = rows.buried(session, project.id, [each["id"] for each in consensus.replaced])
    for number, each in enumerate(consensus.replaced):
        tombstone = buried.get(each["id"])
        was = session.get(AnnotationVersion, (project.id, each["id"], each["version"]))
        if tombstone is None or was is None or label_rows.get(session, project.id, was.label_id) is None:
            continue  # somebody restored it already, or its label is gone
        values = {name: getattr(was, name) for name in _RESTORED} | {"created_by": tombstone.created_by}
        version = rows.first_version(session, tombstone)
        _add(work, place, now() + timedelta(microseconds=number), values, version)
        restored += 1
    if restored or deleted:
        _tell(work, project, place, restored, deleted)


def _add(
    work: UnitOfWork, place: ProjectImage, moment: datetime, values: dict[str, Any], version: int = 1
) -> str:
    """Raises Conflict for a label that is no longer the project's."""
    label = label_rows.get(work.session, place.project_id, values["label_id"])
    if label is None:
        raise Conflict("The labels of the project were changed just now.", hint="Try again.")
    work.session.add(
        Annotation(
            **values,
            project_id=place.project_id,
            image_id=place.image_id,
            label_class=label,
            created_at=moment,
            updated_at=moment,
            updated_by=work.actor.account,
            version=version,
        )
    )
    return values["id"]


def _tell(work: UnitOfWork, project: Project, place: ProjectImage, count: int, deleted: int) -> None:
    told = {"count": count, "deleted": deleted}
    heard = audience(project, place, None)
    work.tell("annotations:agreed", project.id, told, place.image_id, heard)
    keep_working(work, project, place, None, created=bool(count))


def _attributes(work: UnitOfWork, project_id: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = (rows.find(work.session, each, project_id) for each in ids)
    return {each.id: each.attributes for each in found if each is not None}
