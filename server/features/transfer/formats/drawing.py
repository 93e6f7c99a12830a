"""The objects of one image, put together from shapes as a reader meets them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from ....domain.runs import Window, union
from .objects import DatasetObject
from .shapes import Canvas
from .values import short


@dataclass
class _Object:
    label: str
    windows: list[Window]
    attributes: dict[str, Any]
    details: dict[str, Any]
    depth: int


class Drawing:
    """Shapes of one label and group are one object; objects lie upon each other by depth, then as they were added."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._objects: list[_Object] = []
        self._groups: dict[Hashable, _Object] = {}

    def add(
        self,
        label: str,
        window: Window,
        attributes: Mapping[str, Any],
        details: Mapping[str, Any] | None = None,
        group: Hashable = None,
        depth: int = 0,
    ) -> None:
        """`group`: None for a shape that stands alone. Raises Unreadable for a mask without a pixel in the image."""
        window = self._canvas.within(window)
        known = self._groups.get((label, group)) if group is not None else None
        if known is None:
            known = _Object(label, [window], dict(attributes), dict(details or {}), depth)
            self._objects.append(known)
            if group is not None:
                self._groups[label, group] = known
            return
        known.windows.append(window)
        for name, value in attributes.items():
            kept = known.attributes.setdefault(name, value)
            if kept != value:
                found = (
                    f"{short(name)} {short(value)}, left out: other shapes of the group have {short(kept)}"
                )
                self._canvas.notes.append((found, ""))

    def objects(self) -> list[DatasetObject]:
        ordered = sorted(self._objects, key=lambda one: one.depth)
        return [
            self._canvas.object(each.label, union(each.windows), each.attributes, each.details)
            for each in ordered
        ]
