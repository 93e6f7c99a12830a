"""What training would bring on a dataset, told without installing anything: several splits, each trained and compared.

`samphire trial --dataset DIR`. Between splits the images that are held out change, so the spread of the gains is the
error bar. Another dataset that was not trained on (`--general`) shows what was forgotten.
"""

import argparse
import io
import json
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ...config import Settings
from ...domain import embedding_codec
from ...domain.masks import encode_rle
from ...errors import InvalidDataset, SamphireError
from ...features.pictures.bounds import Limits
from ...inference.catalog import SegmenterSpec, open_catalog, read_spec
from ...inference.encoder import Encoder
from ...inference.training_plan import What
from ...inference.training_set import SetWriter, TrainingObject, TrainingSet, pixels_of
from ...modelkit.training.building import build
from ...modelkit.training.examples import Examples
from ...modelkit.training.planning import plan_for
from ...modelkit.training.trainer import Trainer
from ..evaluation.dataset import Picture, open_dataset, read_image
from ..evaluation.progress import Progress
from ..evaluation.report import write_whole
from ..evaluation.summary import Summary, summarise
from .judging import judge
from .measuring import FIRST, Figures, after_some_clicks, figures, first_clicks, measure
from .splitting import split
from .subjects import Subject, begun, check_device, in_training, installed

_PICTURE_SIDE = 480
_SHOWN = (1, 2, 3, 5)


@dataclass(frozen=True)
class Wanted:
    """What to try. `labels`: None for all; `least_area`: of an object, in parts of its image.

    `images`: most to learn from; `minutes`: most of training."""

    what: What
    labels: Collection[str] | None
    least_area: float
    images: int | None
    minutes: float | None


@dataclass(frozen=True)
class Known:
    """Another dataset, and what was made of it before any training."""

    source: TrainingSet
    before: Summary


@dataclass(frozen=True)
class Outcome:
    """Of one split; `general`: figures of the other dataset before and after."""

    seed: int
    images: tuple[int, int]  # learnt from, held out
    before: Figures
    after: Figures
    general: tuple[Summary, Summary] | None
    seconds: float

    def as_json(self) -> dict[str, Any]:
        general = None if self.general is None else [each.as_json() for each in self.general]
        return {
            "seed": self.seed,
            "images": self.images,
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "general": general,
            "seconds": round(self.seconds, 1),
        }


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the table; 0.

    Raises InvalidDataset, SegmenterNotFound, UnsupportedSegmenter, EncodingFailed, DecodingFailed, Unavailable.
    """
    check_device(arguments.what)
    spec = open_catalog(settings.data_path).find(arguments.segmenter or settings.segmenter)
    wanted = Wanted(
        arguments.what,
        arguments.label,
        arguments.least_area,
        arguments.images,
        arguments.minutes,
    )
    outcomes = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        source = encoded(arguments.dataset, spec, settings, place / "dataset", wanted.what)
        general = None
        if arguments.general is not None:
            others = encoded(arguments.general, spec, settings, place / "general", wanted.what)
            general = Known(others, _clicked(installed(spec, others), others))
        for seed in range(arguments.splits):
            outcomes.append(try_split(spec, source, general, wanted, seed))
            if arguments.json is not None:
                told = json.dumps([each.as_json() for each in outcomes], indent=1)
                write_whole(arguments.json, told + "\n")
    print(table(outcomes))
    return 0


def encoded(folder: Path, spec: SegmenterSpec, settings: Settings, place: Path, what: What) -> TrainingSet:
    """The dataset in `folder` as a training set in the new folder `place`, to train that with.

    Raises InvalidDataset, EncodingFailed, OSError.
    """
    dataset, encoder = open_dataset(folder), Encoder(spec, settings.encode_threads)
    writer = SetWriter(place, spec.id, spec.encoding)
    progress = Progress(f"trial: encoding {dataset.name}", len(dataset.pictures), "images")
    limits = Limits(settings.max_pixels, settings.max_side)
    for picture in dataset.pictures:
        try:
            _add(writer, picture, encoder, spec, limits, what)
        except SamphireError as error:
            print(f"{picture.name}: {error.message}", file=sys.stderr)
        progress.step()
    return writer.close()


def _add(
    writer: SetWriter, picture: Picture, encoder: Encoder, spec: SegmenterSpec, limits: Limits, what: What
) -> None:
    rgb = read_image(picture.path, limits)
    height, width = rgb.shape[:2]
    objects = []
    for source in picture.sources:
        try:
            objects += [
                TrainingObject(truth.name, truth.label, encode_rle(truth.mask)["counts"])
                for truth in source.read(width, height)
            ]
        except InvalidDataset as error:
            print(f"{source.where}: {error.message}", file=sys.stderr)
    if objects:
        container = embedding_codec.encode(encoder.encode(rgb), spec.id, spec.encoding, (width, height))
        pixels = pixels_of(rgb, spec.frame(width, height)) if what == "lora" else None
        writer.add(picture.name, (width, height), container, objects, _small(rgb), pixels=pixels)


def _small(rgb: np.ndarray) -> bytes:
    image, out = Image.fromarray(rgb), io.BytesIO()
    image.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE))
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def try_split(
    spec: SegmenterSpec, source: TrainingSet, general: Known | None, wanted: Wanted, seed: int
) -> Outcome:
    """Train on one split and compare. Raises InvalidDataset, DecodingFailed."""
    examples = Examples(source, spec.resize, wanted.labels, wanted.least_area)
    parts = split(examples.images, seed)
    learning = parts.training[: wanted.images]
    model = begun(spec, wanted.what)
    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.monotonic()
        plan = plan_for(model, examples, learning, wanted.what, seed, wanted.minutes)
        validate = lambda now: after_some_clicks(  # noqa: E731
            first_clicks(in_training(now, source, spec.resize), parts.validation, examples.objects)
        )
        trainer = Trainer(model, examples, learning, plan, validate, folder)
        progress = Progress(f"trial: split {seed}", plan.episodes, "images")
        for _ in trainer.run(lambda: False):
            progress.step()
        seconds = time.monotonic() - began
        model.load(trainer.state.best)
        build(spec, model, folder / "trained", "trained", "Trained", {})
        pair = spec, read_spec(folder / "trained")
        before, after = (
            list(measure(installed(each, source), parts.held_out, examples.objects)) for each in pair
        )
        others = None
        if general is not None:
            trained = installed(pair[1], general.source)
            others = general.before, _clicked(trained, general.source)
    print(f"split {seed}: {judge(before, after).reason}", file=sys.stderr)
    return Outcome(
        seed,
        (len(learning), len(parts.held_out)),
        figures(before),
        figures(after),
        others,
        seconds,
    )


def _clicked(subject: Subject, source: TrainingSet) -> Summary:
    """All objects of a dataset, the first clicks on each."""
    everything = lambda image: image.objects  # noqa: E731
    return summarise(list(first_clicks(subject, source.images, everything)), FIRST)


def table(outcomes: Sequence[Outcome]) -> str:
    """Gains, each with the standard error over the splits."""
    lines = [_line(f"mIoU@{k}", outcomes, lambda it, k=k: it.summary.miou[k - 1]) for k in _SHOWN]
    lines += [
        _line("best of three", outcomes, lambda it: it.summary.best_of_three),
        _line("box", outcomes, lambda it: it.summary.box),
        _line("boundary", outcomes, lambda it: it.boundary),
        _line("NoC@85", outcomes, lambda it: it.summary.noc[0]),
        _line("NoC@90", outcomes, lambda it: it.summary.noc[1]),
    ]
    if outcomes[0].general is not None:
        for k in (1, FIRST):
            pairs = [each.general for each in outcomes if each.general is not None]
            values = [(then.miou[k - 1], now.miou[k - 1]) for then, now in pairs]
            lines.append(_told(f"general mIoU@{k}", values))
    minutes = np.mean([each.seconds for each in outcomes]) / 60
    images, held_out = np.mean([each.images for each in outcomes], axis=0)
    head = (
        f"Splits: {len(outcomes)}; {images:.0f} images to learn from, {held_out:.0f} to judge by; "
        f"{minutes:.1f} minutes each"
    )
    return "\n".join([head, f"{'':18} before  after   gain", *lines])


def _line(name: str, outcomes: Sequence[Outcome], value: Any) -> str:
    return _told(name, [(value(each.before), value(each.after)) for each in outcomes])


def _told(name: str, values: Sequence[tuple[float, float]]) -> str:
    before, after = np.mean(values, axis=0)
    gains = [now - then for then, now in values]
    error = f" +- {np.std(gains, ddof=1) / len(gains) ** 0.5:.3f}" if len(gains) > 1 else ""
    return f"{name:18} {before:.3f}   {after:.3f}   {after - before:+.3f}{error}"
