"""Which labels of a project the labels of a dataset are: asked for where they differ, and put in their place."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ....domain.outside.strings import without_refused
from ..formats.objects import DatasetImage, DatasetLabel, Read

LabelMap = Mapping[str, str | None]
ASKED = "Some labels in these files are not in the project. Choose which labels they match."
_LISTED = 1000


def to_ask(found: Mapping[str, int], known: Iterable[str]) -> list[dict[str, Any]]:
    """What there is to ask about: labels of the files as {"name", "objects"}, the most used first, if the project has
    labels and not all of these."""
    ours = set(known)
    if not ours or ours.issuperset(found):
        return []
    fit = [(name, objects) for name, objects in found.items() if without_refused(name) == name]
    listed = sorted(fit, key=lambda each: (each[0] in ours, -each[1], each[0]))[:_LISTED]
    return [{"name": name, "objects": objects} for name, objects in listed]


def count(item: Read, into: Counter[str]) -> None:
    """Labels of what a reader yields, also of those without objects."""
    if isinstance(item, DatasetLabel):
        into[item.name] += 0
    elif isinstance(item, DatasetImage):
        into.update(each.label for each in item.objects)


def mapped(item: Read, labels: LabelMap) -> Read | None:
    """As the project calls it; None for a label that is another one there, or is left out."""
    if isinstance(item, DatasetLabel):
        return item if labels.get(item.name, item.name) == item.name else None
    if isinstance(item, DatasetImage):
        named = [(each, labels.get(each.label, each.label)) for each in item.objects]
        objects = [
            each if ours == each.label else replace(each, label=ours)
            for each, ours in named
            if ours is not None
        ]
        return replace(item, objects=objects)
    return item
