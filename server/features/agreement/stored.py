"""Figures of one image, as they are stored: what adds up over images and pairs, small enough for thousands of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...domain.agreement.comparing import COMMON, Pair, People, groups
from ...domain.agreement.tallies import Cell, Tally, tally

VERSION = 1  # of what is stored: another one has everything worked out anew
PairOf = tuple[str, str]


@dataclass(frozen=True)
class ImageFigures:
    """`pairs`: of two people, or of the common objects and a person where the image is gold; none: there was too
    much to compare. `units`: the labels that people gave one object, and how many such objects there are."""

    pairs: dict[PairOf, Tally]
    units: Counter[tuple[str, ...]]

    @property
    def people(self) -> list[str]:
        return sorted({who for pair in self.pairs for who in pair if who != COMMON})

    def between_people(self) -> Iterator[tuple[PairOf, Tally]]:
        return ((pair, each) for pair, each in self.pairs.items() if COMMON not in pair)

    def with_truth(self) -> Iterator[tuple[str, Tally]]:
        """The common objects come first in a tally."""
        return ((pair[1], each) for pair, each in self.pairs.items() if pair[0] == COMMON)


TOO_COMPLEX = ImageFigures({}, Counter())


def figures_of(people: People, pairs: list[Pair]) -> ImageFigures:
    """`people`: the common objects among them, where they are the truth."""
    tallies = {(pair.first, pair.second): tally(people, pair) for pair in pairs}
    annotators = {who: drawn for who, drawn in people.items() if who != COMMON}
    units = Counter(
        tuple(sorted(each.label for each in group.members.values()))
        for group in groups(annotators, pairs)
        if len(group.members) > 1
    )
    return ImageFigures(tallies, units)


def pack(figures: ImageFigures) -> dict[str, Any]:
    """As JSON. Labels are named once, and then meant by their numbers."""
    labels = sorted({label for each in figures.pairs.values() for label in each.labels})
    number = {label: count for count, label in enumerate(labels)}
    pairs = [
        [*pair, [each.first[label] for label in labels], [each.second[label] for label in labels],
         [[number[one], number[other], *_packed(cell)] for (one, other), cell in each.cells.items()]]
        for pair, each in figures.pairs.items()
    ]  # fmt: skip
    units = [[[number[label] for label in unit], count] for unit, count in figures.units.items()]
    return {"labels": labels, "pairs": pairs, "units": units}


def unpack(packed: dict[str, Any]) -> ImageFigures:
    labels = packed["labels"]
    pairs = {
        (one, other): Tally(
            _counter(labels, first),
            _counter(labels, second),
            {(labels[cell[0]], labels[cell[1]]): Cell(*cell[2:]) for cell in cells},
        )
        for one, other, first, second, cells in packed["pairs"]
    }
    units = {tuple(labels[number] for number in unit): count for unit, count in packed["units"]}
    return ImageFigures(pairs, Counter(units))


def _counter(labels: list[str], counts: list[int]) -> Counter[str]:
    return Counter({label: count for label, count in zip(labels, counts, strict=True) if count})


def _packed(cell: Cell) -> list[float]:
    return [cell.count, *(round(each, 4) for each in (cell.iou, cell.boundary_iou, cell.dice))]
