"""Krippendorff's alpha for names: agreement on labels beyond what chance would give.

Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011). 1: all agree; 0: as if labels had been dealt out by
chance; below: worse than that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

Coincidences = Mapping[tuple[str, str], float]


def coincidences(units: Iterable[Sequence[str]]) -> Counter[tuple[str, str]]:
    """`units`: of each object the labels that people gave it; whoever has not got the object is left out. An object of
    one person says nothing. Each ordered pair of a unit's m values counts 1 / (m - 1)."""
    found: Counter[tuple[str, str]] = Counter()
    for unit in units:
        for one, first in enumerate(unit):
            for other, second in enumerate(unit):
                if one != other:
                    found[first, second] += 1 / (len(unit) - 1)  # type: ignore[assignment]
    return found


def alpha(found: Coincidences) -> float | None:
    """None where it is not defined: no object of two people, or one label in all."""
    of_label: Counter[str] = Counter()
    for (first, _), number in found.items():
        of_label[first] += number  # type: ignore[assignment]
    total = sum(of_label.values())
    expected = total**2 - sum(number**2 for number in of_label.values())
    if expected <= 0 or total <= 1:
        return None
    differing = sum(number for (first, second), number in found.items() if first != second)
    return 1 - (total - 1) * differing / expected
