"""What happened in a project, as it is stored, sent and replayed. See `features/events/schema.py` for each payload."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from .times import timestamp

Kind = Literal[
    "annotation:changed",
    "annotation:deleted",
    "annotations:imported",
    "annotations:agreed",
    "annotations:segmented",
    "assignments:changed",
    "comment:changed",
    "comment:deleted",
    "image:changed",
    "images:added",
    "images:changed",
    "images:removed",
    "images:restored",
    "images:deleted",
    "labels:changed",
    "links:changed",
    "project:changed",
    "project:deleted",
    "project:restored",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Event:
    """`seq`: counts in its project, without gaps. `image_id`: the one image it is about, where it is about one.
    `audience`: who hears of it; see `storage.rows.layers`."""

    project_id: str
    seq: int
    kind: Kind
    actor: str
    at: datetime
    image_id: str | None
    payload: Mapping[str, Any]
    audience: str | None = None

    def as_json(self) -> dict[str, Any]:
        about = {} if self.image_id is None else {"image": self.image_id}
        told = {"project": self.project_id, "seq": self.seq, "actor": self.actor, "at": timestamp(self.at)}
        return {"event": self.kind, **told, **about, **self.payload}
