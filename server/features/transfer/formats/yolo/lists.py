"""The lists beside YOLO's label files: names of classes, each for the folders below it, and which picture is in which
part of the dataset."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .....domain.outside.picture_names import is_picture
from .. import shapes
from ..objects import FileProblem
from ..source import Source, Unreadable
from ..split import SPLITS
from .names import has_names, read_names, read_values
from .rows import TASKS, RowKinds

_NAMES = re.compile(r"(_?classes|class_names|labels|predefined_classes)\.txt|.*\.names|_darknet\.labels")
_SPLIT = re.compile(r"(?:^|[^a-z])(train|test|val)(?:id(?:ation)?)?(?:[^a-z]|$)")
_ROW = re.compile(r"\d+(\.0*)?(\s+[-+.\deE]+){4,}\s*$")
_FIRST_LINES = 20
_LARGEST = 64 << 20


@dataclass(frozen=True)
class Dataset:
    """What applies to the label files of a folder and of those below it. `parts`: where its pictures are, by split, as
    data.yaml says."""

    file: str = ""
    names: dict[int, str] = field(default_factory=dict)
    rows: RowKinds = field(default_factory=RowKinds)
    parts: dict[str, list[str]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)  # numbers of classes in its rows


class Lists:
    """All lists of a source. `problems`: those that cannot be read; `label_files`: texts that are no list."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._datasets: dict[str, Dataset] = {}  # by folder
        self._splits: dict[str, str] = {}  # of pictures in lists of pictures; "" where these disagree
        self.problems: list[FileProblem] = []
        self.label_files: list[str] = []
        for path in sorted(source.ending(".yaml", ".yml"), key=_unlikely):
            self._add(path)
        for path in source.ending(".txt", ".names", ".labels"):
            head = source.head(path)
            if _NAMES.fullmatch(path.rpartition("/")[2].lower()) and not is_row(head):
                self._add(path)
            elif _is_list(head):
                self._add_splits(path)
            elif path.lower().endswith(".txt"):
                self.label_files.append(path)
        self._others = next(iter(self._datasets.values()), Dataset())
        self._agree = len({str(each.names) for each in self._datasets.values()}) < 2

    def datasets(self) -> list[Dataset]:
        return list(self._datasets.values()) or [self._others]

    def of(self, path: str) -> Dataset:
        """The nearest one above a file, else the only one there is. Raises Unreadable where several differ."""
        found = self._above(path)
        if found is None and not self._agree:
            listed = ", ".join(each.file for each in self._datasets.values())
            raise Unreadable(
                "a file without names of classes above it", f"one of {listed[:200]} in a folder above"
            )
        return found or self._others

    def split_of(self, picture: str) -> str | None:
        """As a folder of the picture is called, or as a list of pictures or data.yaml says."""
        dataset = self._above(picture) or self._others
        told = shapes.split_of(picture) or self._splits.get(picture)
        found = [split for split, parts in dataset.parts.items() if _is_in(picture, dataset, parts)]
        return told or (found[0] if len(found) == 1 else None)

    def _above(self, path: str) -> Dataset | None:
        folders = path.split("/")[:-1]
        above = ("/".join(folders[:depth]) for depth in range(len(folders), -1, -1))
        return next((self._datasets[folder] for folder in above if folder in self._datasets), None)

    def _add(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder in self._datasets:
            return
        try:
            text = self._source.text(path, _LARGEST)
            if not path.lower().endswith((".yaml", ".yml")):
                lines = (line.strip() for line in text.splitlines())
                self._datasets[folder] = Dataset(path, dict(enumerate(filter(None, lines))))
            elif has_names(text):
                self._datasets[folder] = self._described(path, text)
        except Unreadable as problem:
            self.problems.append(FileProblem.of(problem, path, ""))

    def _described(self, path: str, yaml: str) -> Dataset:
        """Raises Unreadable."""
        shape = [int(each) for each in read_values(yaml, "kpt_shape") if each.isdecimal()]
        task = next((each for each in read_values(yaml, "task") if each in TASKS), None)
        rows = RowKinds((shape[0], shape[1]) if len(shape) == 2 and all(shape) else None, task)
        keys = {"train": ("train",), "val": ("val", "valid", "validation"), "test": ("test",)}
        parts = {split: [part for key in keys[split] for part in read_values(yaml, key)] for split in SPLITS}
        for split in SPLITS:
            for part in parts[split]:
                if part.lower().endswith(".txt"):
                    for listed in self._source.ending(part.replace("\\", "/").lstrip("./").lower()):
                        self._add_splits(listed, split)
        return Dataset(path, read_names(yaml), rows, parts)

    def _add_splits(self, path: str, split: str | None = None) -> None:
        """Of the pictures in a list, by what it is called unless that is known."""
        match = _SPLIT.search(path.rpartition("/")[2].lower())
        split = split or (match[1] if match else None)
        if not split or not path.lower().endswith(".txt"):
            return
        for line in _lines(self._source, path):
            picture = self._source.match(line, of=path).picture
            if picture is not None:
                self._splits[picture] = split if self._splits.get(picture, split) == split else ""


def is_row(head: str) -> bool:
    """Whether there is a row of a label file, a class and at least a box, among the first lines of a text."""
    return any(_ROW.match(line) for line in head.split("\n", _FIRST_LINES)[:_FIRST_LINES])


def _is_list(head: str) -> bool:
    """Whether every line of a text's beginning is the path of a picture."""
    lines = [line.strip() for line in head.splitlines()[:20] if line.strip()]
    return bool(lines) and all(is_picture(line) for line in lines)


def _lines(source: Source, path: str) -> Iterator[str]:
    try:
        for line in source.text(path, _LARGEST).splitlines():
            if line.strip():
                yield line.strip()
    except Unreadable:
        return


def _unlikely(path: str) -> tuple[bool, str]:
    return path.rpartition("/")[2].lower() not in ("data.yaml", "data.yml", "dataset.yaml"), path


def _is_in(picture: str, dataset: Dataset, parts: list[str]) -> bool:
    """Whether it lies in one of the folders, of which the first ones, on another computer, need not be the same."""
    above = dataset.file.rpartition("/")[0]
    for part in parts:
        folders = [each for each in part.replace("\\", "/").split("/") if each not in ("", ".", "..")]
        for start in range(len(folders)):
            below = "/".join(filter(None, (above, *folders[start:])))
            if picture.startswith(f"{below}/"):
                return True
    return False
