"""Share links: the visitors of each kind, their roles, and the events they receive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from .events import Kind

MOST_IMAGES = 10  # in a sandbox; of each:
MOST_BYTES, MOST_PIXELS = 20_000_000, 25_000_000
LinkKind = Literal["view", "try", "annotate", "review"]
LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
VisitorRole = Literal["viewer", "annotator", "reviewer"]
_ROLES: dict[LinkKind, VisitorRole] = {
    "view": "viewer",
    "try": "viewer",
    "annotate": "annotator",
    "review": "reviewer",
}
_OF_IMAGES: tuple[Kind, ...] = (
    "images:added",
    "images:changed",
    "images:deleted",
    "images:removed",
    "images:restored",
)
_OF_COMMENTS: tuple[Kind, ...] = ("comment:changed", "comment:deleted")
_OF_ONE_IMAGE: tuple[Kind, ...] = (
    "annotation:changed",
    "annotation:deleted",
    "annotations:agreed",
    "annotations:imported",
    "annotations:segmented",
    "image:changed",
)
_OF_THE_TEAM = ("decision", "submitted_by")
_OF_ALL: tuple[Kind, ...] = ("labels:changed", "project:changed", "project:deleted", "project:restored")


@dataclass(frozen=True)
class Visit:
    """Where a visitor's link leads. `image_id`: to one image of the project; None: to all. `made_by`: the account that
    made the link; None: a command. `sandbox`: the project is the visitor's own, to be filled with images of theirs."""

    link_id: str
    kind: LinkKind
    project_id: str
    image_id: str | None = None
    made_by: str | None = None
    sandbox: bool = False

    @property
    def role(self) -> VisitorRole:
        """What the visitor is there; what they may is less: see `policy`."""
        return _ROLES[self.kind]

    @property
    def signs(self) -> bool:
        """Whether what the visitor does is kept, with their name."""
        return self.kind in ("annotate", "review")

    @property
    def is_unseen(self) -> bool:
        """Whether images on which annotators do not see each other's work are none of theirs."""
        return self.kind == "annotate"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Of events that they are told."""
        listed = (*_OF_ONE_IMAGE, *_OF_ALL, *(_OF_IMAGES if self.image_id is None else ()))
        return (*listed, *(_OF_COMMENTS if self.signs else ()))

    def reads(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of an event's JSON: who did something, and what reviewers said, is the team's to know and theirs who take
        part."""
        if self.signs:
            return told
        kept = {name: value for name, value in told.items() if name not in _OF_THE_TEAM}
        return kept | {"actor": told["actor"].partition(":")[0]}

    def hears(self, kind: str, image_id: str | None) -> bool:
        """Of an event that is for all of the project; `storage.rows.layers` says the same of rows."""
        return kind in self.kinds and (self.image_id is None or image_id in (None, self.image_id))
