"""What a training is asked, as a file in its folder."""

import json
from dataclasses import dataclass
from pathlib import Path

from ...errors import BadRequest, unknown
from ...inference.training_plan import WHATS, What

REQUEST = "request.json"


@dataclass(frozen=True)
class Request:
    """What is wanted. `base`: the segmenter to begin from; `id`, `title`: of the new one; `label`: of the set's
    objects, None for all; `minutes`: most of training, None for as long as has proved enough; `project`: its id.

    A segmenter of this id that the project has trained before makes room.
    """

    data: str
    base: str
    id: str
    title: str
    what: What = "choice"
    label: str | None = None
    seed: int = 0
    minutes: float | None = None
    project: str | None = None


def read_request(folder: Path) -> Request:
    """Raises BadRequest."""
    try:
        request = Request(**json.loads((folder / REQUEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BadRequest(f"Can't read {REQUEST} in {folder}.") from error
    if request.what not in WHATS:
        raise BadRequest(unknown("thing to train", request.what, WHATS))
    return request
