"""Medians, percentiles and ratios of pairs. Pure functions of plain numbers."""

from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Between the two nearest ranks, linearly. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float:
    """Raises ValueError without values."""
    return percentile(values, 50)


def pair_ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """Median of slower[i] / faster[i]: each pair was measured one right after the other, so what else the machine
    did in that moment weighs on both. Raises ValueError when there is no pair or one side has more."""
    return median([a / b for a, b in zip(slower, faster, strict=True)])
