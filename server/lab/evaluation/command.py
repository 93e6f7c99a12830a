"""The command `samphire eval`: every chosen segmenter on every object of a dataset, by clicks or by automatic masks."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ...config import Settings
from ...errors import DecodingFailed, EncodingFailed, InvalidDataset, InvalidSetting, SamphireError
from ...features.pictures.bounds import Limits
from ...inference.automask import AutomaskSettings
from ...inference.catalog import SegmenterSpec, open_catalog
from ...inference.decoder import Decoder
from ...inference.encoder import Encoder
from .automatic import AutomaticReport, MaskMeasure
from .dataset import open_dataset, read_image
from .measure import ObjectResult, Photograph, Scene, measure_object
from .plot import draw
from .progress import Progress
from .report import ClickReport, Report, write_quality, write_whole
from .summary import Result, Run
from .truth import Picture, Truth

_STOPPED = 130


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the table; 0 when everything could be evaluated, 1 when something could not, 130 when interrupted.

    Raises InvalidDataset, InvalidSetting, SegmenterNotFound.
    """
    _check(arguments)
    specs = _chosen(settings, arguments.segmenters)
    dataset = open_dataset(arguments.dataset)
    chosen = dataset.first(arguments.limit)
    if arguments.auto:
        automatic = AutomaskSettings(points_per_side=arguments.points_per_side, fast=arguments.fast)
        report = AutomaticReport(chosen, automatic)
        fill = partial(evaluate, report, specs, settings, partial(MaskMeasure, settings=automatic))
    else:
        report = ClickReport(chosen, arguments.clicks)
        fill = partial(evaluate, report, specs, settings, partial(ClickMeasure, most_clicks=arguments.clicks))
    for problem in dataset.problems:
        report.add_problem(problem.where, problem.what)
    stopped = False
    try:
        fill()
        report.complete = report.dataset is dataset and not report.problems
    except KeyboardInterrupt:
        stopped = True
        print("\neval: stopped; this is what was finished.", file=sys.stderr)
    _write(report, arguments)
    if isinstance(report, ClickReport) and report.complete:
        for run, summary in report.summaries:
            write_quality(settings.data_path / "quality", run.spec.weights, summary, dataset.name)
    _tell_problems(report)
    return _STOPPED if stopped else 1 if report.problems else 0


class ClickMeasure:
    """Simulated clicks by one segmenter. Raises SegmenterNotFound, DecodingFailed."""

    def __init__(self, spec: SegmenterSpec, most_clicks: int) -> None:
        self._decoder, self._most_clicks = Decoder(spec, threads=0), most_clicks

    def __call__(self, photograph: Photograph, truths: Iterable[Truth]) -> Iterator[ObjectResult]:
        """The image is encoded once, when its first object has been read. Raises EncodingFailed, DecodingFailed."""
        scene: Scene | None = None
        for truth in truths:
            if scene is None:
                scene = Scene(self._decoder, self._decoder.prepare(photograph.encode()), photograph.frame)
            yield measure_object(scene, photograph.name, truth, self._most_clicks)


Measure = Callable[[Photograph, Iterable[Truth]], Iterator[Result]]


def evaluate(
    report: Report[Result],
    specs: list[SegmenterSpec],
    settings: Settings,
    measure_by: Callable[[SegmenterSpec], Measure[Result]],
) -> None:
    """Fill the report, segmenter by segmenter: two are never in memory together. What fails becomes a problem."""
    limits = Limits(settings.max_pixels, settings.max_side)
    for spec in specs:
        run: Run[Result] = Run(spec, [])
        report.runs.append(run)
        progress = Progress(f"eval: {spec.id}", len(report.dataset.pictures), "images")
        try:
            encoder, measure = Encoder(spec, settings.encode_threads), measure_by(spec)
        except SamphireError as error:
            run.failure = error.message
            report.add_problem(spec.id, error.message)
            continue
        for picture in report.dataset.pictures:
            for result in _of_picture(report, spec, picture, encoder, measure, limits):
                run.results.append(result)
            progress.step()


def _of_picture(
    report: Report[Result],
    spec: SegmenterSpec,
    picture: Picture,
    encoder: Encoder,
    measure: Measure[Result],
    limits: Limits,
) -> Iterator[Result]:
    try:
        rgb = read_image(picture.path, limits)
        height, width = rgb.shape[:2]
        photograph = Photograph(picture.name, spec.frame(width, height), lambda: encoder.encode(rgb))
        yield from measure(photograph, _truths(report, picture, width, height))
    except (EncodingFailed, DecodingFailed) as error:
        report.add_problem(picture.name, f"{spec.id}: {error.message}")
    except SamphireError as error:
        report.add_problem(picture.name, error.message)


def _truths(report: Report[Any], picture: Picture, width: int, height: int) -> Iterator[Truth]:
    for source in picture.sources:
        try:
            for truth in source.read(width, height):
                report.read_as[truth.name] = truth.read_as
                yield truth
        except InvalidDataset as error:
            report.add_problem(source.where, error.message)


def _check(arguments: argparse.Namespace) -> None:
    """Raises InvalidSetting, before the long work begins."""
    counts = {name: getattr(arguments, name) for name in ("clicks", "limit", "points_per_side")}
    for name, value in counts.items():
        flag = f"--{name.replace('_', '-')}"
        if value is not None and value < 1:
            raise InvalidSetting(f"{flag} must be at least 1, not {value}.")
    if arguments.auto and arguments.plot is not None:
        raise InvalidSetting("The plot is of clicks.", hint="Leave out --plot or --auto.")
    if arguments.fast and not arguments.auto:
        raise InvalidSetting("--fast is for automatic masks.", hint="Add --auto.")
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


def _write(report: Report[Any], arguments: argparse.Namespace) -> None:
    if arguments.json == Path("-"):
        print(json.dumps(report.as_json(), indent=2))
    else:
        print(report.table(), end="")
        if arguments.json is not None:
            write_whole(arguments.json, json.dumps(report.as_json(), indent=2) + "\n")
    if arguments.plot is not None and isinstance(report, ClickReport):
        write_whole(arguments.plot, draw(report.dataset.name, report.summaries))


def _tell_problems(report: Report[Any]) -> None:
    for where, what in report.problems:
        print(f"eval: {where}: {what}", file=sys.stderr)
    if isinstance(report, ClickReport) and not report.complete:
        print("eval: measured quality is kept only of a whole dataset without problems.", file=sys.stderr)
