"""The API's resources, as far as programs need them. Fields that a newer server adds are ignored.

Masks are numpy arrays, bool (height, width) of the upright image, decoded from their run-length encoding.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec import Struct

from ..domain.masks import check_rle, decode_rle, encode_rle
from .errors import NotSamphire
from .showing import HEIGHT, WIDTH, Frame, frame_of

T = TypeVar("T")
Rle = dict[str, Any]  # {"size": [height, width], "counts": text}, as pycocotools reads it


class Project(Struct, frozen=True, kw_only=True):
    """`counts`: images by state. `role`: your role."""

    id: str
    name: str
    description: str = ""
    image_count: int = 0
    annotation_count: int = 0
    counts: dict[str, int] = {}
    settings: dict[str, Any] = {}
    role: str = ""
    created_at: datetime
    archived_at: datetime | None = None
    deleted_at: datetime | None = None


class Label(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    color: str
    key: str | None = None
    description: str = ""
    group: str = ""
    attributes: list[dict[str, Any]] = []


class Image(Struct, frozen=True, kw_only=True):
    """An image of a project. `width`, `height`: pixels, upright. `existing`: the upload was a duplicate."""

    id: str
    project_id: str
    name: str
    width: int
    height: int
    state: str
    format: str = ""
    bytes: int = 0
    sha256: str = ""
    annotation_count: int = 0
    added_at: datetime
    updated_at: datetime
    file_url: str = ""
    existing: bool = False


class _Masked(Struct, frozen=True, kw_only=True):
    rle: Rle

    @property
    def mask(self) -> np.ndarray:
        """bool (height, width)."""
        return mask_of(self.rle)


class Candidate(_Masked, frozen=True, kw_only=True):
    """A mask that the decoder offers. `token`: 0 the single mask; 1 to 3 the whole, a part, a smaller part. `mask_id`:
    for refining it, for a few minutes."""

    token: int
    predicted_iou: float
    stability_score: float
    area: int
    bbox: list[float]
    mask_id: str
    segmenter: str = ""
    weights: str = ""
    window: str | None = None
    prompts: list[dict[str, Any]] = []


class Prediction(Struct, frozen=True, kw_only=True):
    """The answer to a prompt. `candidates`: in the order offered; `best`: the default choice. `window`: the part of
    the image in which the masks were decoded, as level-column-row; None: the whole image."""

    candidates: list[Candidate]
    best: Candidate
    segmenter: str
    weights: str
    window: str | None = None
    timing_ms: dict[str, float] = {}


class Annotation(_Masked, frozen=True, kw_only=True):
    """An accepted mask. `version` increases with every change."""

    id: str
    project_id: str
    image_id: str
    label_id: str
    label: str
    color: str
    area: int
    bbox: list[float]
    version: int
    attributes: dict[str, str | int | float | bool] = {}
    z: int = 0
    prompts: list[dict[str, Any]] = []
    segmenter: str | None = None
    weights: str | None = None
    window: str | None = None
    candidate: int | None = None
    predicted_iou: float | None = None
    stability_score: float | None = None
    candidates_iou: float | None = None
    created_at: datetime
    updated_at: datetime
    created_by: str | None = None
    updated_by: str | None = None


class Problem(Struct, frozen=True, kw_only=True):
    """A problem with an item of an import. `status`: failed or noted."""

    position: int
    name: str
    status: str
    message: str | None = None


class _Job(Struct, frozen=True, kw_only=True):
    state: str

    @property
    def is_over(self) -> bool:
        return self.state not in ("queued", "running")


class Import(_Job, frozen=True, kw_only=True):
    """An import into a project. `state`: queued, running, done, failed or stopped."""

    id: str
    project_id: str
    source: str
    format: str | None = None
    read_as: str | None = None
    total: int | None = None
    added: int = 0
    known: int = 0
    failed: int = 0
    noted: int = 0
    skipped: int = 0
    objects: int = 0
    error: str | None = None
    file_labels: list[dict[str, Any]] | None = None
    problems: list[Problem] = []


class TrainingResult(Struct, frozen=True, kw_only=True):
    """What a training came to. `gain`: of mean IoU after one and three clicks on held-out images, with its standard
    `error`. `before`, `after`: figures such as "miou" after 1, 2, 3 ... clicks, and "box"."""

    installed: bool
    reason: str
    gain: float
    error: float | None = None
    before: dict[str, Any]
    after: dict[str, Any]
    images: dict[str, int]
    objects: dict[str, int]


class Training(_Job, frozen=True, kw_only=True):
    """A training of a project. `state`: queued, running, paused, failed or done. `segmenter`: id of the new one;
    `base`: of the one it starts from. `error`: the server's code, message and hint, if it failed."""

    id: str
    project_id: str
    what: str
    segmenter: str
    title: str
    base: str
    label: str | None = None
    step: str | None = None
    part: float | None = None
    seconds_left: float | None = None
    images: int = 0
    objects: int = 0
    at: datetime
    ended_at: datetime | None = None
    result: TrainingResult | None = None
    error: dict[str, Any] | None = None


class Member(Struct, frozen=True, kw_only=True):
    """A member of a project. `id`: of the account."""

    id: str
    name: str
    role: str
    added_at: datetime


class Link(Struct, frozen=True, kw_only=True):
    """Lets people without an account into a project. `url`: its address, empty except after `create`. `state`: works,
    used_up, expired, revoked or ended."""

    id: str
    kind: str
    name: str = ""
    image: str | None = None
    has_password: bool = False
    uses: int = 0
    max_uses: int | None = None
    state: str
    created_at: datetime
    expires_at: datetime
    url: str = ""

    def show(self, width: int | str = WIDTH, height: int | str = HEIGHT) -> Frame:
        """The link's image in a notebook cell, to view or segment there. Whoever gets the notebook gets the link.

        Raises ValueError unless the link has its `url` and is to view or try one image, without a password or
        `max_uses`."""
        framed = self.image is not None and self.kind in ("view", "try")
        if not self.url or not framed or self.has_password or self.max_uses is not None:
            raise ValueError(
                "Only a new link to view or try one image can be shown, without a password or max_uses."
            )
        return frame_of(f"{self.url}/embed", width, height)


class Segmenter(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    weights: str
    licence: str = ""
    default: bool = False


class Event(Struct, frozen=True, kw_only=True):
    """An event of a project. `seq`: its number, without gaps. `details`: its other fields."""

    event: str
    project: str
    seq: int
    actor: str
    at: datetime
    image: str | None = None
    details: dict[str, Any] = {}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Event":
        more = {name: value for name, value in told.items() if name not in cls.__struct_fields__}
        return read(cls, {**told, "details": more})


def read(kind: type[T], told: Any) -> T:
    """Raises NotSamphire if it is not that resource."""
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise NotSamphire(f"The server's answer is not as expected. {error}") from None


def read_each(kind: type[T], told: Mapping[str, Any], name: str) -> list[T]:
    """Of a list in the field `name` of an answer. Raises NotSamphire."""
    return read_field(list[kind], told, name)


def read_field(kind: type[T], told: Mapping[str, Any], name: str) -> T:
    """Raises NotSamphire."""
    if name not in told:
        raise NotSamphire(f'The server\'s answer has no "{name}".')
    return read(kind, told[name])


def mask_of(rle: Mapping[str, Any]) -> np.ndarray:
    """bool (height, width). Raises InvalidRLE."""
    height, width = rle["size"]
    return decode_rle(check_rle(rle, width, height))


def rle_of(mask: np.ndarray) -> Rle:
    """Of bool, or numbers of which all but 0 are the object, (height, width). Raises ValueError."""
    mask = np.asarray(mask)
    if mask.ndim != 2:
        raise ValueError(f"A mask is an array of (height, width), not of {mask.shape}.")
    return encode_rle(mask.astype(bool))
