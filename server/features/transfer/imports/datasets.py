"""Annotations of other programs' files into a project: checked first, then written, a few images at a time."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ....errors import ImageNotFound
from ....runtime.pools import Pools
from ....storage.rows import project_images
from ....storage.rows.finding import found_place
from ....storage.unit_of_work import UnitsOfWork
from ...projects.labels import NewLabel, have_labels
from ..formats.layout import split_named
from ..formats.matching import Match
from ..formats.objects import DatasetImage, DatasetLabel, FileProblem, Format, Read
from ..formats.source import Source
from .labels import LabelMap, count, mapped
from .objects import Writing, label_of, values_of
from .pictures import Size, other_size

_IMAGES_AT_ONCE = 50
_LABELS_AT_ONCE = 1000
Problem = Callable[[FileProblem], None]


@dataclass
class Checked:
    """What a first reading found. `pictures`: all among the files, and those of the project that objects lie on, by
    their paths in the source, with the sizes that their objects have; `problems`: how many errors were told; `labels`:
    how many objects have each, before any were mapped."""

    pictures: dict[str, set[Size]] = field(default_factory=dict)
    problems: int = 0
    labels: Counter[str] = field(default_factory=Counter)


class Datasets:
    def __init__(self, unit_of_work: UnitsOfWork, pools: Pools) -> None:
        self._unit_of_work, self._pools = unit_of_work, pools

    def check(
        self,
        chosen: Format,
        source: Source,
        tell: Problem,
        skip_missing: bool = False,
        labels: LabelMap | None = None,
    ) -> Checked:
        """Read all, write nothing; what would not be written is told. `skip_missing`: annotations of images that are
        not there are only noted."""
        checked = Checked({name: set() for name in source.pictures()} if source.has_images() else {})

        def told(problem: FileProblem) -> None:
            if skip_missing and problem.missing:
                problem = replace(problem, note=True)
            checked.problems += not problem.note
            tell(problem)

        for item in self._read(chosen, source, labels, checked.labels):
            if isinstance(item, FileProblem):
                told(item)
            elif isinstance(item, DatasetLabel):
                lost = label_of(item)[1]
                if lost:
                    label = f"label {item.name[:60]!r}"
                    told(FileProblem(label, "", f"left out in whole or in part: {lost}", "", note=True))
            else:
                self._check_image(item, source, checked, told)
        return checked

    def _check_image(self, item: DatasetImage, source: Source, checked: Checked, tell: Problem) -> None:
        match = _match(item)
        if match.picture is None:
            if item.objects:
                tell(FileProblem(match.name, "", match.found, match.expected, missing=True))
            return
        sizes = checked.pictures.setdefault(match.picture, set())
        if match.note:
            tell(FileProblem(item.file_name, "", match.note, "", note=True))
        if not item.objects:
            return
        size = (item.width, item.height)
        there = self._pools.read_files(source.size, match.picture)
        if there is None or there == size:
            sizes.add(size)
        else:
            tell(other_size(match.picture, size, there))
        for problem in self._pools.compute(values_of, item)[1]:
            tell(problem)

    def add(
        self,
        chosen: Format,
        source: Source,
        writing: Writing,
        image_of: Callable[[str], str | None],
        tell: Problem,
        label_map: LabelMap | None = None,
    ) -> Iterator[int]:
        """Write what can be read; after each few images, how many objects are in since the last time.

        `image_of`: the image that a picture of the source is in the project. What is wrong was told by `check`, but for
        what happened since.
        """
        waiting: list[tuple[str, DatasetImage]] = []
        labels: list[NewLabel] = []
        for item in self._read(chosen, source, label_map):
            if isinstance(item, DatasetLabel):
                label = label_of(item)[0]
                labels += [label] if label else []
            elif isinstance(item, DatasetImage):
                picture = _match(item).picture
                image_id = None if picture is None else image_of(picture)
                if image_id is not None:
                    waiting.append((image_id, item))
            if len(waiting) >= _IMAGES_AT_ONCE or len(labels) >= _LABELS_AT_ONCE:
                yield self._write(writing, labels, waiting, tell)
                waiting, labels = [], []
        yield self._write(writing, labels, waiting, tell)

    def _read(
        self, chosen: Format, source: Source, labels: LabelMap | None, found: Counter[str] | None = None
    ) -> Iterator[Read]:
        """In native threads: files of a gigabyte are read so. `found` gets the labels as the files call them."""
        reader = chosen.read(source)
        while (item := self._pools.read_files(_following, reader)) is not None:
            if found is not None:
                count(item, found)
            item = mapped(item, labels) if labels else item
            if item is not None:
                yield item

    def _write(
        self,
        writing: Writing,
        labels: list[NewLabel],
        images: list[tuple[str, DatasetImage]],
        tell: Problem,
    ) -> int:
        measured = [(image_id, image, self._pools.compute(values_of, image)[0]) for image_id, image in images]
        added, problems = 0, []
        writing.check()
        with self._unit_of_work(writing.actor) as work:
            session = work.session
            have_labels(work, writing.project_id, labels)
            for image_id, image, objects in measured:
                try:
                    _, row = found_place(session, writing.project_id, image_id)
                except ImageNotFound:
                    problems.append(FileProblem(image.file_name, "", "it has been removed", ""))
                    continue
                there, size = (row.width, row.height), (image.width, image.height)
                if objects and size != there:
                    problems.append(other_size(image.file_name, size, there))
                    continue
                added += writing.insert(work, image_id, objects) if objects else 0
                split = image.split or split_named(image.file_name.split("/")[:-1])
                if split:
                    project_images.set_split(session, writing.project_id, image_id, split)
        for problem in problems:
            tell(problem)
        return added


def _match(item: DatasetImage) -> Match:
    return item.match or Match(item.file_name, None, "no such image", "one among the imported files")


def _following(reader: Iterator[Read]) -> Read | None:
    return next(reader, None)
