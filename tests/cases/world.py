"""A data folder of its own, the command line in this process, and what a project holds after it."""

import io
import json
import re
import sys
import zipfile
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from server.app import build_services
from server.cli.main import main
from server.config import Settings
from server.runtime.queue.eager import EagerQueue


@dataclass
class Ran:
    """One command's exit status, stdout and stderr."""

    status: int
    out: bytes
    err: str

    def told(self, pattern: str) -> None:
        """stderr has the pattern, in any case."""
        assert re.search(pattern, self.err, re.IGNORECASE | re.DOTALL), f"not told ({pattern}): {self.err!r}"

    def told_or_done(self, pattern: str) -> None:
        """Refused in so many words, or done."""
        assert self.status == 0 or re.search(pattern, self.err, re.IGNORECASE), self.err


@dataclass(frozen=True)
class Seen:
    """One object of an export: its image's name, label, bbox [x, y, w, h] and area in pixels."""

    image: str
    label: str
    bbox: tuple[int, ...]
    area: int
    entry: dict[str, Any] = field(compare=False)


class World:
    """`case`: the folder of the case. `data`: an empty folder, for the data and for files that are written."""

    def __init__(self, case: Path, data: Path) -> None:
        self.case, self.folder = case, data
        self.data = data / "d"

    def run(self, *words: str) -> Ran:
        """`samphire WORDS --data ...` in this process."""
        out, err, real = io.TextIOWrapper(io.BytesIO()), io.StringIO(), sys.stdout
        sys.stdout = out
        try:
            with redirect_stderr(err):
                status = main([*words, "--data", str(self.data), "--log-level", "error"])
        finally:
            out.flush()
            sys.stdout = real
        ran = Ran(status, out.buffer.getvalue(), err.getvalue())  # type: ignore[attr-defined]
        assert "Traceback" not in ran.err, ran.err
        assert "inside the server" not in ran.err, ran.err
        return ran

    def take(self, *flags: str, source: str | Path = "input", project: str = "X") -> Ran:
        """Import a file or folder of the case into a project, which is made where it is missing."""
        if not self.data.exists() or project.encode() not in self.run("project", "list").out:
            assert self.run("project", "create", project).status == 0
        return self.run("import", str(self.case / source), "--project", project, *flags)

    def coco(self, project: str = "X") -> dict[str, Any]:
        return json.loads(self.run("export", "-", "--project", project).out)

    def objects(self, project: str = "X") -> list[Seen]:
        """The project's objects, in the order of their images and as they lie upon each other."""
        coco = self.coco(project)
        images = {each["id"]: each["file_name"] for each in coco["images"]}
        labels = {each["id"]: each["name"] for each in coco["categories"]}
        return [
            Seen(
                images[each["image_id"]], labels[each["category_id"]], tuple(each["bbox"]), each["area"], each
            )
            for each in coco["annotations"]
        ]

    def images(self, project: str = "X") -> list[str]:
        return [each["file_name"] for each in self.coco(project)["images"]]

    def holds(self, *expected: tuple[str, str, list[int]], project: str = "X") -> None:
        """The objects are these and no others: (end of the image's name, label, bbox)."""
        found = sorted((each.label, list(each.bbox), each.image) for each in self.objects(project))
        wanted = sorted((label, box, image) for image, label, box in expected)
        assert [each[:2] for each in found] == [each[:2] for each in wanted], found
        assert all(have[2].endswith(want[2]) for have, want in zip(sorted(found), wanted, strict=True)), found

    def bundle(self, format_name: str, *flags: str, project: str = "X") -> zipfile.ZipFile:
        """An export as a zip file."""
        number = len(list(self.folder.glob("out*.zip")))
        path = self.folder / f"out{number}.zip"
        ran = self.run("export", str(path), "--project", project, "--format", format_name, *flags)
        assert ran.status == 0, ran.err
        return zipfile.ZipFile(path)

    @contextmanager
    def services(self):
        services = build_services(Settings(data=str(self.data)), EagerQueue)
        try:
            yield services
        finally:
            services.close()


def read_yaml(bundle: zipfile.ZipFile, name: str = "data.yaml") -> dict[str, Any]:
    return yaml.safe_load(bundle.read(name))
