"""What happened in a project, as it is stored, told and replayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from .times import timestamp

Kind = Literal[
    "annotation:changed",  # {"annotation"}: new or changed
    "annotation:deleted",  # {"id", "version"}
    "annotations:imported",  # {"count"}: new or changed by an import, on one image
    "image:changed",  # {"state"} or {"rendering"}
    "images:added",  # {"images"}: ids
    "images:changed",  # {"images", "state"}
    "images:removed",  # {"images"}
    "images:restored",  # {"images"}
    "images:deleted",  # {"images"}: for good
    "labels:changed",  # {"version", "merged"}: of the list; by the id of a label that is gone, the id of the one it is
    "project:changed",  # {"fields"}: their names
    "project:deleted",
    "project:restored",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Event:
    """`seq`: counts in its project, without gaps. `image_id`: the one image it is about, where it is about one."""

    project_id: str
    seq: int
    kind: Kind
    actor: str
    at: datetime
    image_id: str | None
    payload: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        about = {} if self.image_id is None else {"image": self.image_id}
        told = {"project": self.project_id, "seq": self.seq, "actor": self.actor, "at": timestamp(self.at)}
        return {"event": self.kind, **told, **about, **self.payload}
