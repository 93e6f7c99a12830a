"""Events and versions as entries of a history."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from ...domain.events import Kind
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...storage.rows.past.history import Key, Told, Was
from .schema import HistoryChange, HistoryEntry, What

_OF_KIND: dict[Kind, What] = {
    "annotation:changed": "changed",
    "annotation:deleted": "deleted",
    "annotations:imported": "objects_imported",
    "annotations:agreed": "consensus",
    "annotations:segmented": "segmented",
    "assignments:changed": "assigned",
    "comment:changed": "commented",
    "comment:deleted": "comment_deleted",
    "image:changed": "state",
    "images:added": "images_added",
    "images:changed": "state",
    "images:removed": "images_removed",
    "images:restored": "images_restored",
    "images:deleted": "images_deleted",
    "labels:changed": "labels",
    "links:changed": "link_made",
    "project:changed": "project",
    "project:deleted": "project_deleted",
    "project:restored": "project_restored",
}
KINDS: tuple[Kind, ...] = tuple(_OF_KIND)
_DECISIONS: dict[str, What] = {"accept": "accepted", "return": "returned", "reopen": "reopened"}


def of_event(told: Told, versions: Mapping[Key, Was]) -> HistoryEntry:
    """`versions`: the one that an event is about, and the two before it, as far as they are known."""
    by, at = Actor.read(told.actor).author, timestamp(told.at)
    place = UNSET if told.image_id is None else told.image_id
    layer = UNSET if told.layer is None else told.layer
    if told.annotation_id is not None and told.version is not None:
        number = told.version
        if told.kind == "annotation:deleted":
            was = versions.get((told.annotation_id, number))
            return HistoryEntry(
                what="deleted", at=at, by=by, seq=told.seq, image=place, annotation=told.annotation_id,
                version=number + 1, label=was.label if was else UNSET, layer=layer,
            )  # fmt: skip
        now, was, gone = (versions.get((told.annotation_id, number - back)) for back in range(3))
        what, changes = _compared(now, was, gone, number)
        return HistoryEntry(
            what=what, at=at, by=by, seq=told.seq, image=place, annotation=told.annotation_id, version=number,
            label=now.label if now else UNSET, kept=now is not None, changes=changes,
            restored_from=(now and now.restored_from) or UNSET, layer=layer,
        )  # fmt: skip
    return HistoryEntry(at=at, by=by, seq=told.seq, image=place, layer=layer, **_details(told))


def of_versions(versions: Sequence[Was], reader: str | None) -> list[HistoryEntry]:
    """Of one object, the newest first. `versions`: all that are known, the oldest first. `reader`: the account that is
    not told that it is alone with its work: that would show which images are gold."""
    known = {each.version: each for each in versions}
    entries: list[HistoryEntry] = []
    for each in versions:
        what, changes = _compared(
            each, known.get(each.version - 1), known.get(each.version - 2), each.version
        )
        of: dict[str, Any] = {"image": each.image_id, "annotation": each.id, "label": each.label}
        of["layer"] = UNSET if each.layer in (None, reader) else each.layer
        done: dict[str, Any] = {"at": timestamp(each.at), "by": each.by, "version": each.version}
        restored = each.restored_from or UNSET
        entries.append(
            HistoryEntry(what=what, kept=True, changes=changes, restored_from=restored, **done, **of)
        )
        if each.deleted_at is not None:
            gone = {"at": timestamp(each.deleted_at), "by": each.deleted_by, "version": each.version + 1}
            entries.append(HistoryEntry(what="deleted", **gone, **of))
    return entries[::-1]


def _compared(
    now: Was | None, was: Was | None, gone: Was | None, version: int
) -> tuple[What, list[HistoryChange] | UnsetType]:
    """What was done, and what is different since the version before. `gone`: the one before that, which a restored
    object follows: the number between is its deletion's."""
    if version == 1:
        return ("imported" if now and now.source_id is not None else "created"), UNSET
    was_deleted = was is None and gone is not None and gone.deleted_at is not None
    what: What = "restored" if was_deleted or (now and now.restored_from) else "changed"
    return what, UNSET if now is None or was is None else _changes(was, now)


def _changes(was: Was, now: Was) -> list[HistoryChange]:
    changes: list[HistoryChange] = []
    if was.masked_anew:
        changes.append(HistoryChange(what="mask", before=was.area, after=now.area))
    if was.label_id != now.label_id:
        changes.append(HistoryChange(what="label", before=was.label, after=now.label))
    if was.z != now.z:
        changes.append(HistoryChange(what="order", before=was.z, after=now.z))
    for name in sorted({*was.attributes, *now.attributes}):
        before, after = was.attributes.get(name), now.attributes.get(name)
        if before != after:
            changes.append(HistoryChange(what="attribute", name=name, before=before, after=after))
    return changes


def _details(told: Told) -> dict[str, Any]:
    payload, what = told.payload, _OF_KIND[told.kind]
    details: dict[str, Any] = {"what": what}
    if told.kind == "image:changed":
        if "decision" in payload:
            details["what"] = _DECISIONS[payload["decision"]]
        elif "changed_since_review" in payload:
            return {"what": "changed_after_review"}
        elif "rendering" in payload:
            return {"what": "rendering"}
        details |= {name: payload[name] for name in ("state", "was") if name in payload}
    elif "images" in payload:
        details["count"] = len(payload["images"])
        details |= {name: payload[name] for name in ("state", "to") if name in payload}
    elif told.kind == "labels:changed":
        details["changes"] = [
            HistoryChange(what=each["what"], before=each["name"])
            if each["what"] == "removed"
            else HistoryChange(what=each["what"], before=each.get("was"), after=each["name"])
            for each in payload.get("changes", ())
        ]
    elif told.kind == "links:changed":
        details["what"] = "link_revoked" if payload.get("what") == "revoked" else "link_made"
    elif "count" in payload:
        details["count"] = payload["count"]
        if payload.get("undone"):
            details |= {"what": "unsegmented", "count": payload["count"] + payload["deleted"]}
    elif "fields" in payload:
        details["fields"] = payload["fields"]
    return details
