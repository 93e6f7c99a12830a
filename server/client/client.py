"""The client, with a namespace for each kind of resource, such as `client.projects`."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from .annotations import Annotations
from .connection import Connection
from .exporting import export
from .images import Images
from .imports import Imports
from .links import Links
from .members import Members
from .projects import ProjectLike, Projects
from .resources import Candidate, Image, Prediction, Segmenter, read, read_each, read_field
from .trainings import Trainings
from .uploading import Progress


class Client:
    """A client of the server at `url`, such as http://127.0.0.1:8765.

    `token`: an API token, `smp_...`, if people sign in there. `timeout`: seconds to wait for the server to send
    something; the first prediction on an image waits until the image is encoded. `retries`: how often to repeat a
    request that is safe to repeat. Several threads may share a client; it is a context manager. All methods raise
    SamphireError with the server's `code`, `message` and `hint`."""

    def __init__(
        self, url: str, token: str | None = None, *, timeout: float = 90.0, retries: int = 5
    ) -> None:
        self._connection = Connection(url, token, timeout, retries)
        self.projects = Projects(self._connection)
        self.images = Images(self._connection)
        self.annotations = Annotations(self._connection)
        self.imports = Imports(self._connection)
        self.members = Members(self._connection)
        self.links = Links(self._connection)
        self.trainings = Trainings(self._connection)

    def __repr__(self) -> str:
        return f"Client({self._connection.url!r})"

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._connection.close()

    def segmenters(self) -> list[Segmenter]:
        """The installed segmenters."""
        return read_each(Segmenter, self._connection.get("/api/segmenters"), "segmenters")

    def predict(
        self,
        image: Image | str,
        *,
        points: Sequence[Sequence[float]] | np.ndarray | None = None,
        labels: Sequence[int] | np.ndarray | None = None,
        box: Sequence[float] | np.ndarray | None = None,
        mask: Candidate | str | None = None,
        segmenter: str | None = None,
        window: str | None = None,
        all: bool = False,
    ) -> Prediction:
        """Masks for a prompt, in pixels of the upright image.

        `points`: (n, 2) x and y; `labels`: (n,) 1 include, 0 exclude; default: all 1. `box`: x0, y0, x1, y1. `mask`: a
        candidate of the last few minutes to refine, or its `mask_id`. `window`: "auto" decodes a small object of a
        large image in a part of the image that is encoded on its own; a name such as "1-0-2" says in which. `all`:
        return all four masks of the decoder.
        Raises ValueError for arrays of another shape; PredictionExpired, which is Gone."""
        asked: dict[str, Any] = {"points": _points(points, labels), "box": None, "all": all}
        if box is not None:
            asked["box"] = _numbers(box, "A box is", (4,)).tolist()
        if mask is not None:
            asked["mask_from"] = mask if isinstance(mask, str) else mask.mask_id
        if segmenter is not None:
            asked["segmenter"] = segmenter
        if window is not None:
            asked["window"] = window
        path = f"/api/images/{image if isinstance(image, str) else image.id}/predict"
        told = self._connection.ask("POST", path, asked, repeatable=True)
        made = {name: told.get(name) for name in ("segmenter", "weights", "window")}
        prompts = [] if mask is not None else _steps(asked)
        candidates = [{**each, **made, "prompts": prompts} for each in read_each(dict, told, "candidates")]
        best = read_field(int, told, "best")
        chosen = candidates[best] if best < len(candidates) else None
        return read(Prediction, {**told, "candidates": candidates, "best": chosen})

    def export(
        self,
        project: ProjectLike,
        format: str,
        path: str | Path,
        *,
        images: bool = False,
        split: str | None = None,
        progress: Progress | None = None,
        **chosen: Any,
    ) -> Path:
        """Export a project's annotations to a file.

        `format`: coco, yolo, ...; `images`: include the images, in a zip file; `split`: such as "80/10/10"; `chosen`:
        filters of `images.list`, such as state="done". `progress(done, total, name)` counts images, then bytes. An
        interrupted download is resumed; the file appears only when it is complete."""
        query = {"images": int(images), "split": split, **chosen}
        return export(self._connection, project, format, Path(path), query, progress)


def _points(points: Any, labels: Any) -> list[list[float]]:
    """[[x, y, label], ...]. Raises ValueError."""
    if points is None:
        if labels is not None:
            raise ValueError("There are labels, and no points.")
        return []
    at = _numbers(points, "Points are", (None, 2))
    kinds = np.ones(len(at), int) if labels is None else np.asarray(labels)
    if kinds.shape != (len(at),) or not np.isin(kinds, (0, 1)).all():
        raise ValueError(f"There must be {len(at)} labels of 1 or 0, one for each point.")
    return [[float(x), float(y), int(kind)] for (x, y), kind in zip(at, kinds, strict=True)]


def _numbers(values: Any, called: str, shape: tuple[int | None, ...]) -> np.ndarray:
    """float64 of this shape, in which None stands for any. Raises ValueError."""
    array = np.asarray(values, np.float64)
    same = array.ndim == len(shape) and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if not same or not np.isfinite(array).all():
        legal = ", ".join("n" if each is None else str(each) for each in shape)
        raise ValueError(f"{called} finite numbers of the shape ({legal}), not {array.shape}.")
    return array


def _steps(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The prompt as an annotation stores it, to refine the mask in the page."""
    steps: list[dict[str, Any]] = [] if asked["box"] is None else [{"kind": "box", "box": asked["box"]}]
    return steps + [{"kind": "point", "x": x, "y": y, "label": kind} for x, y, kind in asked["points"]]
