"""The command `samphire eval`: every chosen segmenter on every object of a dataset."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ...config import Settings
from ...domain.frames import InputFrame
from ...errors import DecodingFailed, EncodingFailed, InvalidDataset, InvalidSetting, SamphireError
from ...features.pictures.bounds import Limits
from ...inference.catalog import SegmenterSpec, open_catalog
from ...inference.decoder import Decoder
from ...inference.encoder import Encoder
from .dataset import open_dataset, read_image
from .measure import ObjectResult, Scene, measure_object
from .plot import draw
from .progress import Progress
from .report import Report, table, write_quality, write_whole
from .summary import Run
from .truth import Picture, Truth

_STOPPED = 130


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the table; 0 when everything could be evaluated, 1 when something could not, 130 when interrupted.

    Raises InvalidDataset, InvalidSetting, SegmenterNotFound.
    """
    _check(arguments)
    specs = _chosen(settings, arguments.segmenters)
    dataset = open_dataset(arguments.dataset)
    report = Report(dataset.first(arguments.limit), arguments.clicks)
    for problem in dataset.problems:
        report.add_problem(problem.where, problem.what)
    stopped = False
    try:
        evaluate(report, specs, settings)
        report.complete = report.dataset is dataset and not report.problems
    except KeyboardInterrupt:
        stopped = True
        print("\neval: stopped; this is what was finished.", file=sys.stderr)
    _write(report, arguments)
    if report.complete:
        for run, summary in report.summaries:
            write_quality(settings.data_path / "quality", run.spec.weights, summary, dataset.name)
    _tell_problems(report)
    return _STOPPED if stopped else 1 if report.problems else 0


def evaluate(report: Report, specs: list[SegmenterSpec], settings: Settings) -> None:
    """Fill the report, segmenter by segmenter: two are never in memory together. What fails becomes a problem."""
    limits = Limits(settings.max_pixels, settings.max_side)
    for spec in specs:
        run = Run(spec, [])
        report.runs.append(run)
        progress = Progress(spec.id, len(report.dataset.pictures), "images")
        try:
            encoder, decoder = Encoder(spec, settings.encode_threads), Decoder(spec, threads=0)
        except SamphireError as error:
            run.failure = error.message
            report.add_problem(spec.id, error.message)
            continue
        for picture in report.dataset.pictures:
            for result in _of_picture(report, spec, picture, encoder, decoder, limits):
                run.results.append(result)
            progress.step()


def _of_picture(
    report: Report, spec: SegmenterSpec, picture: Picture, encoder: Encoder, decoder: Decoder, limits: Limits
) -> Iterator[ObjectResult]:
    """The image is encoded once, when its first object has been read."""
    try:
        rgb = read_image(picture.path, limits)
        height, width = rgb.shape[:2]
        scene: Scene | None = None
        for truth in _truths(report, picture, width, height):
            if scene is None:
                frame: InputFrame = spec.frame(width, height)
                scene = Scene(decoder, decoder.prepare(encoder.encode(rgb)), frame)
            report.read_as[truth.name] = truth.read_as
            yield measure_object(scene, picture.name, truth, report.most_clicks)
    except (EncodingFailed, DecodingFailed) as error:
        report.add_problem(picture.name, f"{spec.id}: {error.message}")
    except SamphireError as error:
        report.add_problem(picture.name, error.message)


def _truths(report: Report, picture: Picture, width: int, height: int) -> Iterator[Truth]:
    for source in picture.sources:
        try:
            yield from source.read(width, height)
        except InvalidDataset as error:
            report.add_problem(source.where, error.message)


def _check(arguments: argparse.Namespace) -> None:
    """Raises InvalidSetting, before the long work begins."""
    for flag, value in (("--clicks", arguments.clicks), ("--limit", arguments.limit)):
        if value is not None and value < 1:
            raise InvalidSetting(f"{flag} must be at least 1, not {value}.")
    if arguments.plot is not None and arguments.plot.suffix.lower() != ".svg":
        raise InvalidSetting("The plot is an SVG file.", hint="Name a file that ends in .svg with --plot.")
    for path in (arguments.json, arguments.plot):
        if path is not None and not path.absolute().parent.is_dir():
            raise InvalidSetting(f"There is no folder {path.absolute().parent}.", hint="Make it first.")


def _chosen(settings: Settings, ids: list[str] | None) -> list[SegmenterSpec]:
    """Raises SegmenterNotFound."""
    catalog = open_catalog(settings.data_path)
    specs = [catalog.find(one) for one in dict.fromkeys(ids)] if ids else list(catalog.installed())
    if not specs:
        raise InvalidSetting("There is no segmenter to evaluate.", hint="Run `samphire doctor`.")
    return specs


def _write(report: Report, arguments: argparse.Namespace) -> None:
    if arguments.json == Path("-"):
        print(json.dumps(report.as_json(), indent=2))
    else:
        print(table(report), end="")
        if arguments.json is not None:
            write_whole(arguments.json, json.dumps(report.as_json(), indent=2) + "\n")
    if arguments.plot is not None:
        write_whole(arguments.plot, draw(report.dataset.name, report.summaries))


def _tell_problems(report: Report) -> None:
    for where, what in report.problems:
        print(f"eval: {where}: {what}", file=sys.stderr)
    if not report.complete:
        print("eval: measured quality is kept only of a whole dataset without problems.", file=sys.stderr)
