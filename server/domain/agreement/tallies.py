"""Figures of two people that add up: over images, over pairs of people. Ratios are made of the sums at the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .alpha import alpha
from .comparing import Pair, People


@dataclass
class Cell:
    """Matched objects to which the first person gave one label and the second another, or the same."""

    count: int = 0
    iou: float = 0.0  # these three are sums
    boundary_iou: float = 0.0
    dice: float = 0.0

    def add(self, other: "Cell") -> None:
        self.count += other.count
        self.iou += other.iou
        self.boundary_iou += other.boundary_iou
        self.dice += other.dice


@dataclass
class Tally:
    """`first`, `second`: how many objects of each label either has. `cells`: by the two labels of a match."""

    first: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        self.first.update(other.first)
        self.second.update(other.second)
        for labels, cell in other.cells.items():
            self.cells.setdefault(labels, Cell()).add(cell)

    def of_label(self, label: str) -> "Tally":
        """As if there were no objects but those of one label: what has another one for either is no match."""
        return Tally(
            Counter({label: self.first[label]}),
            Counter({label: self.second[label]}),
            {labels: cell for labels, cell in self.cells.items() if labels == (label, label)},
        )

    @property
    def labels(self) -> set[str]:
        return {*(+self.first), *(+self.second)}

    @property
    def objects(self) -> int:
        """Of both."""
        return self.first.total() + self.second.total()

    @property
    def matched(self) -> int:
        """Pairs."""
        return sum(cell.count for cell in self.cells.values())

    @property
    def same_label(self) -> int:
        return sum(cell.count for (first, second), cell in self.cells.items() if first == second)

    @property
    def f1(self) -> float | None:
        """Of finding the same objects, whatever their labels; None where neither has any."""
        return 2 * self.matched / self.objects if self.objects else None

    @property
    def quality(self) -> float:
        """Panoptic quality (Kirillov et al., "Panoptic Segmentation", CVPR 2019) of all labels together: 1 when
        both have the same objects with the same labels and the same pixels, as also where neither has any."""
        same = sum(cell.iou for (first, second), cell in self.cells.items() if first == second)
        return 2 * same / self.objects if self.objects else 1.0

    @property
    def iou(self) -> float | None:
        """Means over the matches."""
        return self._mean("iou")

    @property
    def boundary_iou(self) -> float | None:
        return self._mean("boundary_iou")

    @property
    def dice(self) -> float | None:
        return self._mean("dice")

    @property
    def alpha(self) -> float | None:
        """Krippendorff's, of the labels of the matches."""
        found: Counter[tuple[str, str]] = Counter()
        for (first, second), cell in self.cells.items():
            found[first, second] += cell.count
            found[second, first] += cell.count
        return alpha(found)

    def alpha_of(self, label: str) -> float | None:
        """Of the question whether an object is this label's."""
        found: Counter[tuple[str, str]] = Counter()
        for labels, cell in self.cells.items():
            first, second = (label if each == label else "" for each in labels)
            found[first, second] += cell.count
            found[second, first] += cell.count
        return alpha(found)

    def _mean(self, name: str) -> float | None:
        matched = self.matched
        return sum(getattr(cell, name) for cell in self.cells.values()) / matched if matched else None


def tally(people: People, pair: Pair) -> Tally:
    cells: dict[tuple[str, str], Cell] = {}
    for each in pair.matches:
        one = Cell(1, each.iou, each.boundary_iou, each.dice)
        cells.setdefault((each.first.label, each.second.label), Cell()).add(one)
    first, second = (Counter(each.label for each in people[who]) for who in (pair.first, pair.second))
    return Tally(first, second, cells)


def total(tallies: Iterable[Tally]) -> Tally:
    every = Tally()
    for each in tallies:
        every.add(each)
    return every
