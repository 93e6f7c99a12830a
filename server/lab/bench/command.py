"""The command `samphire bench`: runs the sections asked for and prints what they found."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

from ...config import Settings
from ...errors import InvalidSetting
from . import machine
from .report import SectionReport, as_markdown
from .rows import Missing, missing
from .sections import SECTIONS, Section
from .workbench import Workbench


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the report; 0 when every section ran to its end (or said what it lacks), 1 when one broke."""
    chosen = choose(arguments.sections)
    photographs = [*map(_existing, arguments.image), *_evaluation_photographs()]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the server and the browser on the way out
    loads = [machine.load_average()]
    with Workbench(settings, arguments.quick, photographs) as bench:
        reports = [run(section, bench) for section in chosen]
        facts = machine.describe(arguments.quick, bench.chromium_version)
    loads.append(machine.load_average())
    facts["load"] = [value for value in loads if value is not None]
    if arguments.json:
        document = {"machine": facts, "sections": [report.as_json() for report in reports]}
        print(json.dumps(document, indent=2))
    else:
        print(as_markdown(facts, reports), end="")
    return 1 if any(report.failed for report in reports) else 0


def choose(names: list[str] | None) -> list[Section]:
    """The sections of these names in running order; all without names. Raises InvalidSetting, listing them."""
    known = [section.name for section in SECTIONS]
    for name in names or []:
        if name not in known:
            raise InvalidSetting(f"There is no section {name!r}.", hint=f"Sections: {', '.join(known)}.")
    return [section for section in SECTIONS if not names or section.name in names]


def run(section: Section, bench: Workbench) -> SectionReport:
    """One section's report: whatever stops it becomes its last row, and the next one still runs."""
    report = SectionReport(section.name, section.title)
    start = time.monotonic()
    bench.say(f"{section.title} ...")
    try:
        for row in section.measure(bench):
            report.rows.append(row)
    except Missing as why:
        report.rows.append(missing(f"{section.name}.missing", "the rest of this section", str(why)))
    except Exception as error:  # playwright, onnxruntime and the system fail in ways of their own
        report.failed = True
        first_line = str(error).strip().partition("\n")[0][:200]
        why = f"Stopped by {type(error).__name__}: {first_line}"
        report.rows.append(missing(f"{section.name}.failed", "the rest of this section", why))
        bench.say(why)
    report.seconds = time.monotonic() - start
    return report


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InvalidSetting(f"There is no image {path}.", hint="Name image files with --image.")
    return path.absolute()


def _evaluation_photographs() -> list[Path]:
    """Those of the folder that SAMPHIRE_EVAL_DATA names, as for the tests; none when it is not set."""
    folder = os.environ.get("SAMPHIRE_EVAL_DATA")
    return sorted(Path(folder, "images").glob("*.jpg")) if folder else []
