"""What a section reports: rows of figures with their targets, and the sentence for what could not be had."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .figures import median, percentile


class Missing(Exception):
    """Something this measurement needs is not on this machine; the message is the sentence the report shows."""


@dataclass(frozen=True)
class Target:
    """A bound that the project sets itself, for a quiet machine."""

    relation: Literal["<=", "<", ">="]
    bound: float

    def met_by(self, value: float) -> bool:
        if self.relation == "<=":
            return value <= self.bound
        return value < self.bound if self.relation == "<" else value >= self.bound


@dataclass(frozen=True)
class Row:
    """One figure; `value` is a median when `samples` > 1, None when it could not be measured (`note` says why)."""

    name: str  # stable, for programs: section.what.variant
    title: str
    value: float | None
    unit: str
    p95: float | None = None
    samples: int = 1
    target: Target | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None without a target or a value."""
        if self.target is None or self.value is None:
            return None
        return self.target.met_by(self.value)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def spread(
    name: str, title: str, values: Sequence[float], unit: str, target: Target | None = None, note: str = ""
) -> Row:
    """A row with median and 95th percentile of measured values."""
    return Row(name, title, median(values), unit, percentile(values, 95), len(values), target, note)


def missing(name: str, title: str, why: str, target: Target | None = None) -> Row:
    """A row that says in a sentence why there is no figure."""
    return Row(name, title, None, "", samples=0, target=target, note=why)
