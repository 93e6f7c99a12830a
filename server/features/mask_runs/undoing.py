"""What a run made on an image, taken out again: but for what somebody has changed since."""

from ...storage.rows import annotations
from ...storage.rows.layers import audience
from ...storage.rows.past import history
from ...storage.rows.proposals import sets
from ...storage.tables import Annotation, AnnotationVersion, MaskRun, MaskRunImage, Project, ProjectImage, now
from ...storage.unit_of_work import UnitOfWork
from ..projects.progress import mark_changed

_OF_THE_MASK = (
    "area",
    "bbox",
    "segmenter",
    "weights",
    "candidate",
    "window",
    "predicted_iou",
    "stability_score",
    "candidates_iou",
)


def take_out(work: UnitOfWork, run: MaskRun, done: MaskRunImage) -> None:
    """Boxes are boxes again, new objects are gone; that the image was done is forgotten."""
    session = work.session
    place = session.get(ProjectImage, (run.project_id, done.image_id))
    project = session.get(Project, run.project_id)
    session.delete(done)
    if place is None or project is None or place.gold or place.state == "accepted":
        return  # what a reviewer accepted stays
    changed = deleted = 0
    for each in done.made:
        if "set" in each:
            sets.remove(session, each["set"])
            continue
        annotation = annotations.find(session, each["id"], run.project_id)
        if annotation is None or annotation.version != each["version"]:
            continue
        if "was" in each:
            before = history.kept(session, run.project_id, each["id"], each["was"])
            if before is not None:
                _put_back(work, annotation, before)
                changed += 1
        elif run.kind == "automatic":
            annotations.bury(session, annotation, work.actor.account)
            deleted += 1
    if changed or deleted:
        told = {"count": changed, "deleted": deleted, "undone": True}
        heard = audience(project, place, None)
        work.tell("annotations:segmented", project.id, told, place.image_id, heard)
        mark_changed(work, project, place, created=False)


def _put_back(work: UnitOfWork, annotation: Annotation, before: AnnotationVersion) -> None:
    counts, prompts = history.heavy(work.session, before)
    annotation.rle_counts, annotation.prompts = counts, prompts
    for name in _OF_THE_MASK:
        setattr(annotation, name, getattr(before, name))
    annotation.version, annotation.restored_from = annotation.version + 1, before.version
    annotation.updated_at, annotation.updated_by = now(), work.actor.account
