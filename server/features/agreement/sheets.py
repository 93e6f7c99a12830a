"""The tables of a report as CSV, with the names that people read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...domain.outside.spreadsheets import csv_line
from . import schema

SHEETS = ("people", "pairs", "labels", "images")  # tables of a report, and that of all images
_FIGURES = ("objects", "matched", "agreement", "f1", "iou", "boundary_iou", "dice", "alpha")
_GOLD = ("images", "f1", "iou", "same_label", "missed", "extra")
Names = Mapping[str, str]


def people(listed: Sequence[schema.PersonAgreement], names: Names) -> Iterator[bytes]:
    yield csv_line(["person", "images", *_FIGURES, *(f"gold_{each}" for each in _GOLD)])
    for each in listed:
        gold = ["" if each.gold is None else _cell(getattr(each.gold, name)) for name in _GOLD]
        yield csv_line([_named(names, each.account), each.images, *_figures(each.figures), *gold])


def pairs(listed: Sequence[schema.PairAgreement], names: Names) -> Iterator[bytes]:
    yield csv_line(["first", "second", "images", *_FIGURES])
    for each in listed:
        two = (_named(names, each.first), _named(names, each.second))
        yield csv_line([*two, each.images, *_figures(each.figures)])


def labels(listed: Sequence[schema.LabelAgreement], names: Names) -> Iterator[bytes]:
    yield csv_line(["label", *_FIGURES, "confused_with"])
    for each in listed:
        confused = "; ".join(f"{_named(names, one.label)}: {one.count}" for one in each.confused)
        yield csv_line([_named(names, each.label), *_figures(each.figures), confused])


def images(listed: Sequence[tuple[str, schema.Figures, Sequence[str]]], names: Names) -> Iterator[bytes]:
    """`listed`: name, figures and people of each image."""
    yield csv_line(["image", *_FIGURES, "people"])
    for name, figures, accounts in listed:
        yield csv_line(
            [name, *_figures(figures), "; ".join(sorted(_named(names, each) for each in accounts))]
        )


def _figures(figures: schema.Figures) -> list[Any]:
    return [_cell(getattr(figures, name)) for name in _FIGURES]


def _cell(value: float | int | None) -> Any:
    return "" if value is None else f"{value:.4f}" if isinstance(value, float) else value


def _named(names: Names, what: str) -> str:
    return names.get(what, what)
