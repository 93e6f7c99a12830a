"""Automatic masks of an image against the objects that people drew in it, and how the figures are shown."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...inference.automask import AutomaskSettings, AutomaticMask, View, automatic_masks
from ...inference.automatic_decoder import automatic_decoder
from ...inference.catalog import SegmenterSpec
from .measure import Photograph
from .recall import SIZES, AutomaticSummary, ImageResult, Recall, summarise
from .report import Report, aligned
from .summary import Run
from .truth import Truth

_THREADS = 2  # as many calls as a search makes at once


class MaskMeasure:
    """Automatic masks by one segmenter. Raises SegmenterNotFound, DecodingFailed."""

    def __init__(self, spec: SegmenterSpec, settings: AutomaskSettings) -> None:
        self._decoder, self._settings = automatic_decoder(spec), settings

    def __call__(self, photograph: Photograph, truths: Iterable[Truth]) -> Iterator[ImageResult]:
        """One result, none of an image without an object. Raises EncodingFailed, DecodingFailed."""
        objects = list(truths)
        if not objects:
            return
        view = View(self._decoder.prepare(photograph.encode()), photograph.frame)
        size = photograph.frame.image_width, photograph.frame.image_height
        start = time.monotonic()
        with ThreadPoolExecutor(_THREADS) as threads:
            masks = automatic_masks(self._decoder, lambda _: view, size, self._settings, each=threads.map)
        seconds = time.monotonic() - start
        masks.sort(key=lambda mask: -mask.predicted_iou)
        yield ImageResult(
            photograph.name,
            tuple(truth.name for truth in objects),
            tuple(int(np.count_nonzero(truth.mask)) for truth in objects),
            ious(masks, objects),
            seconds,
        )


def ious(masks: list[AutomaticMask], objects: list[Truth]) -> np.ndarray:
    """(n, m); undecided pixels of an object count neither for nor against a mask."""
    found = np.zeros((len(masks), len(objects)))
    areas = [np.count_nonzero(truth.mask) for truth in objects]
    for row, mask in enumerate(masks):
        whole, x, y = mask.window
        for column, truth in enumerate(objects):
            pixels, area = whole, areas[column]
            within = slice(y, y + pixels.shape[0]), slice(x, x + pixels.shape[1])
            if truth.undecided is not None:
                pixels = pixels & ~truth.undecided[within]
            shared = np.count_nonzero(pixels & truth.mask[within])
            found[row, column] = shared / (area + np.count_nonzero(pixels) - shared)
    return found


@dataclass
class AutomaticReport(Report[ImageResult]):
    """Everything that is known so far of automatic masks."""

    settings: AutomaskSettings

    @property
    def summaries(self) -> list[tuple[Run[ImageResult], AutomaticSummary]]:
        return [(run, summarise(run.results)) for run in self.runs if run.results]

    def options(self) -> dict[str, Any]:
        return {"automatic": asdict(self.settings)}

    def figures(self, results: list[ImageResult]) -> dict[str, Any]:
        figures: dict[str, Any] = summarise(results).as_json() if results else {}
        objects = [
            {"image": one.image, "object": name, "pixels": pixels, "best_iou": best}
            for one in results
            for name, pixels, best in zip(one.objects, one.pixels, one.best, strict=True)
        ]
        return {"objects": len(objects), **figures, "results": objects}

    def rows(self) -> list[list[str]]:
        headings = ["segmenter", "objects", "", "AR@100", "AR@1000", "recall@50", "matched IoU"]
        rows = [[*headings, "masks", "seconds"]]
        for run, summary in self.summaries:
            for name in SIZES:
                first = name == "all"
                recall = summary.sizes[name]
                whole = [f"{summary.masks:.0f}", f"{summary.seconds:.1f}"] if first else ["", ""]
                rows.append([run.spec.id if first else "", *_cells(name, recall), *whole])
        return rows

    def table(self) -> str:
        grid = f"{self.settings.points_per_side} x {self.settings.points_per_side} clicks"
        return aligned(
            self,
            f"Automatic masks from {grid}{', fast' if self.settings.fast else ''}. AR: average recall over IoUs of "
            f".50:.05:.95 of the masks of highest predicted IoU; recall@50: at an IoU of 0.5; matched IoU: mean of "
            f"each object's best mask; masks, seconds: mean of an image. small: under 32 x 32 pixels, large: from "
            f"96 x 96.",
        )


def _cells(name: str, recall: Recall) -> list[str]:
    shares = recall.ar_100, recall.ar_1000, recall.recall_50, recall.matched_iou
    return [str(recall.objects), name, *("-" if share is None else f"{share:.3f}" for share in shares)]
