"""The report as a table for people (Markdown as well) and as JSON for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .rows import Row

_HEADINGS = ("what", "median", "p95", "target", "remark")


@dataclass
class SectionReport:
    """What one section came to; `failed`: it stopped with an error, told in its last row."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    seconds: float = 0.0
    failed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "seconds": round(self.seconds, 1),
            "failed": self.failed,
            "rows": [row.as_json() for row in self.rows],
        }


def as_markdown(machine: dict[str, Any], sections: Sequence[SectionReport]) -> str:
    """A table for each section, columns aligned for the terminal, under one paragraph about the machine."""
    return "\n\n".join([_about(machine), *map(_table, sections)]) + "\n"


def _about(machine: dict[str, Any]) -> str:
    features = ", ".join(machine["cpu_features"]) or "no known vector extensions"
    load = " to ".join(f"{value:.1f}" for value in machine["load"])
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    quick = " Quick run: few samples, so the figures say little." if machine["quick"] else ""
    return (
        f"{machine['cpu']}, {machine['cores']} cores ({features}), {machine['system']}; "
        f"load average {load or 'unknown'}; {versions}.{quick}"
    )


def _table(section: SectionReport) -> str:
    cells = [_HEADINGS, *map(_cells, section.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS) - 1)]
    lines = [_line(row, widths) for row in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|---|"
    return "\n".join([f"### {section.title}", "", lines[0], rule, *lines[1:]])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    return "| " + " | ".join([*padded, row[-1]]) + " |"


def _cells(row: Row) -> tuple[str, ...]:
    value = "not measured" if row.value is None else written(row.value, row.unit)
    p95 = "" if row.p95 is None or row.samples < 2 else written(row.p95, row.unit)
    return (row.title, value, p95, _target(row), row.note.replace("|", "/"))


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    sign = {"<=": "≤", "<": "<", ">=": "≥"}[row.target.relation]
    verdict = {True: "met", False: "missed", None: "not measured"}[row.met]
    return f"{sign} {written(row.target.bound, row.unit)}: {verdict}"


def written(value: float, unit: str) -> str:
    """About three digits with the unit; bytes as kB or MB (10^3, 10^6)."""
    if unit == "B":
        value, unit = (value / 1e6, "MB") if value >= 1e6 else (value / 1e3, "kB")
    if unit == "x":
        return f"{value:.2f}x"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".rstrip()
