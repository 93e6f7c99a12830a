"""The evaluation as a table for people, as JSON for programs, and as the few figures the page shows."""

import json
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic

from ...errors import InvalidSetting
from ...inference.catalog import QUALITY_KEYS, quality_path
from ...paths import VERSION
from .dataset import Dataset
from .measure import ObjectResult
from .summary import TARGETS, Result, Run, Summary, summarise
from .truth import Problem


@dataclass
class Report(ABC, Generic[Result]):
    """Everything that is known so far; it can be written at any moment."""

    dataset: Dataset
    runs: list[Run[Result]] = field(default_factory=list, kw_only=True)
    problems: dict[tuple[str, str], None] = field(
        default_factory=dict, kw_only=True
    )  # ordered, each told once
    read_as: dict[str, str] = field(
        default_factory=dict, kw_only=True
    )  # how each object's file was understood, by its name
    complete: bool = field(default=False, kw_only=True)  # every image was evaluated with every segmenter

    @abstractmethod
    def options(self) -> dict[str, Any]:
        """How it was measured, for the JSON."""

    @abstractmethod
    def figures(self, results: list[Result]) -> dict[str, Any]:
        """Of one segmenter, for the JSON; `objects` and `results` are among them."""

    @abstractmethod
    def rows(self) -> list[list[str]]:
        """Of the table, the headings first, for the segmenters that have evaluated at least one object."""

    @abstractmethod
    def table(self) -> str: ...

    def add_problem(self, where: str, what: str) -> None:
        self.problems.setdefault((where, what))

    def layout(self) -> list[str]:
        """How the dataset was understood, in sentences."""
        counted = Counter(self.read_as.values()).most_common()
        kinds = ", ".join(f"{count} objects: {kind}" for kind, count in counted)
        return [*self.dataset.layout, *([kinds] if kinds else [])]

    def as_json(self) -> dict[str, Any]:
        segmenters = []
        for run in self.runs:
            spec = {"id": run.spec.id, "title": run.spec.title, "weights": run.spec.weights}
            segmenters.append({**spec, "failure": run.failure, **self.figures(run.results)})
        return {
            "samphire": VERSION,
            "dataset": self.dataset.name,
            "read_as": self.layout(),
            "images": len(self.dataset.pictures),
            **self.options(),
            "complete": self.complete,
            "problems": [asdict(Problem(*problem)) for problem in self.problems],
            "segmenters": segmenters,
        }


@dataclass
class ClickReport(Report[ObjectResult]):
    """Of simulated clicks."""

    most_clicks: int

    @property
    def summaries(self) -> list[tuple[Run[ObjectResult], Summary]]:
        """Of the segmenters that have evaluated at least one object."""
        return [(run, summarise(run.results, self.most_clicks)) for run in self.runs if run.results]

    def options(self) -> dict[str, Any]:
        return {"most_clicks": self.most_clicks}

    def figures(self, results: list[ObjectResult]) -> dict[str, Any]:
        figures = summarise(results, self.most_clicks).as_json() if results else {"objects": 0}
        return {**figures, "results": [asdict(one) for one in results]}

    def rows(self) -> list[list[str]]:
        summaries = self.summaries
        clicks = range(1, 1 + max((len(summary.miou) for _, summary in summaries), default=0))
        never = [f"never {target * 100:.0f}" for target in TARGETS]
        headings = ["segmenter", "objects", *(f"mIoU@{k}" for k in clicks), "best of 3", "box"]
        headings += [*(f"NoC@{target * 100:.0f}" for target in TARGETS), *never]
        return [headings, *(_cells(run, summary) for run, summary in summaries)]

    def table(self) -> str:
        return aligned(
            self,
            f"mIoU@k: after k clicks, of the mask shown first; best of 3: at one click; box: at the object's box. "
            f"NoC: clicks to the IoU, at most {self.most_clicks}; never: objects that did not reach it.",
        )


def aligned(report: Report[Any], note: str) -> str:
    """The table's rows in columns, under a line about the dataset and above the note."""
    lines = [f"{report.dataset.name}: {'; '.join(report.layout())}."]
    if not report.complete:
        lines.append("Not the whole dataset was evaluated.")
    rows = report.rows()
    if len(rows) == 1:
        return "\n".join([*lines, "No object was evaluated."]) + "\n"
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    text = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    return "\n".join([*lines, "", *(line.rstrip() for line in text), "", note]) + "\n"


def write_whole(path: Path, text: str) -> None:
    """To a file, completely or not at all. Raises InvalidSetting."""
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as error:
        raise InvalidSetting(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        temporary.unlink(missing_ok=True)


def write_quality(folder: Path, weights: str, summary: Summary, dataset: str) -> None:
    """What the page shows of the quality of the segmenter with these weights. Raises InvalidSetting."""
    figures = {"dataset": dataset, **summary.as_json()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidSetting(f"{folder} cannot be made: {error.strerror}.") from None
    text = json.dumps({name: figures[name] for name in QUALITY_KEYS}, indent=2)
    write_whole(quality_path(folder, weights), text + "\n")


def _cells(run: Run[ObjectResult], summary: Summary) -> list[str]:
    shares = [*summary.miou, summary.best_of_three, summary.box]
    return [
        run.spec.id,
        str(summary.objects),
        *(f"{share:.3f}" for share in shares),
        *(f"{noc:.2f}" for noc in summary.noc),
        *map(str, summary.failed),
    ]
