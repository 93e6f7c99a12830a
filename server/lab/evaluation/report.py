"""The evaluation as a table for people, as JSON for programs, and as the few figures the page shows."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...errors import InvalidSetting
from ...inference.catalog import QUALITY_KEYS, quality_path
from ...paths import VERSION
from .dataset import Dataset
from .summary import TARGETS, Run, Summary, summarise
from .truth import Problem


@dataclass
class Report:
    """Everything that is known so far; it can be written at any moment."""

    dataset: Dataset
    most_clicks: int
    runs: list[Run] = field(default_factory=list)
    problems: dict[tuple[str, str], None] = field(default_factory=dict)  # ordered, each told once
    read_as: dict[str, str] = field(
        default_factory=dict
    )  # how each object's file was understood, by its name
    complete: bool = False  # every image was evaluated with every segmenter

    def add_problem(self, where: str, what: str) -> None:
        self.problems.setdefault((where, what))

    @property
    def summaries(self) -> list[tuple[Run, Summary]]:
        """Of the segmenters that have evaluated at least one object."""
        return [(run, summarise(run.results, self.most_clicks)) for run in self.runs if run.results]

    def layout(self) -> list[str]:
        """How the dataset was understood, in sentences."""
        counted = Counter(self.read_as.values()).most_common()
        kinds = ", ".join(f"{count} objects: {kind}" for kind, count in counted)
        return [*self.dataset.layout, *([kinds] if kinds else [])]

    def as_json(self) -> dict[str, Any]:
        segmenters = []
        for run in self.runs:
            spec = {"id": run.spec.id, "title": run.spec.title, "weights": run.spec.weights}
            figures = summarise(run.results, self.most_clicks).as_json() if run.results else {"objects": 0}
            results = [asdict(one) for one in run.results]
            segmenters.append({**spec, "failure": run.failure, **figures, "results": results})
        return {
            "samphire": VERSION,
            "dataset": self.dataset.name,
            "read_as": self.layout(),
            "images": len(self.dataset.pictures),
            "most_clicks": self.most_clicks,
            "complete": self.complete,
            "problems": [asdict(Problem(*problem)) for problem in self.problems],
            "segmenters": segmenters,
        }


def table(report: Report) -> str:
    """A line for each segmenter under one about the dataset, columns aligned."""
    summaries = report.summaries
    lines = [f"{report.dataset.name}: {'; '.join(report.layout())}."]
    if not report.complete:
        lines.append("Not the whole dataset was evaluated.")
    if not summaries:
        return "\n".join([*lines, "No object was evaluated."]) + "\n"
    clicks = range(1, len(summaries[0][1].miou) + 1)
    never = [f"never {target * 100:.0f}" for target in TARGETS]
    headings = ["segmenter", "objects", *(f"mIoU@{k}" for k in clicks), "best of 3", "box"]
    headings += [*(f"NoC@{target * 100:.0f}" for target in TARGETS), *never]
    rows = [headings, *(_cells(run, summary) for run, summary in summaries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]
    text = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    note = (
        f"mIoU@k: after k clicks, of the mask shown first; best of 3: at one click; box: at the object's box. "
        f"NoC: clicks to the IoU, at most {report.most_clicks}; never: objects that did not reach it."
    )
    return "\n".join([*lines, "", *text, "", note]) + "\n"


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


def _cells(run: Run, summary: Summary) -> list[str]:
    shares = [*summary.miou, summary.best_of_three, summary.box]
    return [
        run.spec.id,
        str(summary.objects),
        *(f"{share:.3f}" for share in shares),
        *(f"{noc:.2f}" for noc in summary.noc),
        *map(str, summary.failed),
    ]
