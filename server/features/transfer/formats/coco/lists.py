"""The images and the categories of a COCO file, which its annotations name by their ids."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

from .. import shapes, values
from ..layout import split_named
from ..matching import Match
from ..naming import stem_of
from ..objects import DatasetLabel
from ..shapes import Canvas
from ..source import Source, Unreadable
from ..split import SPLITS

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_CATEGORIES = 2**31
_Id = int | str
T = TypeVar("T")


class Head(NamedTuple):
    """An image as the file lists it."""

    match: Match
    width: int
    height: int
    created_at: str
    id: str
    split: str | None


class Entries(Generic[T]):
    """Entries of one list by their ids. Behind an id that is in use twice, or of an entry that is not sound, is None:
    what is wrong was told with the list, and not again for each annotation."""

    def __init__(self, kind: str, parse: Callable[[Mapping[str, Any]], T]) -> None:
        """`kind`: "image"; parse raises Unreadable."""
        self._kind, self._parse = kind, parse
        self._known: dict[_Id, T | None] = {}
        self.all: list[tuple[_Id, T]] = []

    def add(self, value: Any) -> None:
        """Raises Unreadable."""
        if not isinstance(value, Mapping):
            raise Unreadable(values.short(value), f"one {self._kind} with an id")
        entry_id = values.identity(value.get("id"))
        known = self._known.get(entry_id)
        again = entry_id in self._known
        self._known[entry_id] = None
        entry = self._parse(value)
        if again and entry == known:
            self._known[entry_id] = entry
            return
        self.all.append((entry_id, entry))
        if again:
            found = f"the id {values.short(entry_id)} of another {self._kind} too: the objects of both are left out"
            raise Unreadable(found, "an id for each")
        self._known[entry_id] = entry

    def of(self, value: Any, field: str) -> tuple[_Id, T | None]:
        """The id in an annotation's field, and what is behind it. Raises Unreadable."""
        try:
            entry_id = values.identity(value)
            return entry_id, self._known[entry_id]
        except (Unreadable, KeyError) as error:
            expected = f"one of the {values.counted(len(self._known), 'id')} of the {self._kind} list"
            raise Unreadable(f"{field} {values.short(value)}", expected) from error


def images(source: Source, path: str) -> Entries[Head]:
    return Entries("image", lambda value: _head(source, path, value))


def categories() -> Entries[DatasetLabel]:
    """By the names that the file gives them; see `told_apart`."""
    return Entries("category", _label)


def told_apart(found: Entries[DatasetLabel]) -> tuple[dict[_Id, DatasetLabel], list[str]]:
    """Labels by category id, and what is to be noted: categories of one name in several supercategories are several
    labels, which have these in their names."""
    groups: dict[str, set[str]] = defaultdict(set)
    for _, label in found.all:
        groups[label.name].add(label.supercategory)
    labels, notes = {}, []
    for entry_id, label in found.all:
        if len(groups[label.name]) > 1 and label.supercategory:
            name = f"{label.name} ({label.supercategory})"
            notes.append(
                f"several supercategories have a {values.short(label.name)}: one is imported as {values.short(name)}"
            )
            label = replace(label, name=name)
        labels[entry_id] = label
    return labels, notes


def _head(source: Source, path: str, value: Mapping[str, Any]) -> Head:
    match = source.match(values.text(value.get("file_name"), "file_name"), path)
    width, height = value.get("width"), value.get("height")
    if not width or not height:
        width, height = source.size(match.name) or (width, height)
    canvas = Canvas(width, height)
    own = value.get("samphire")
    own = own if isinstance(own, Mapping) else {}
    own_id = own.get("id")
    captured = value.get("date_captured")
    created_at = captured if isinstance(captured, str) else ""
    split = own.get("split") if own.get("split") in SPLITS else _split(path, match.name)
    own_id = own_id if isinstance(own_id, str) else ""
    return Head(match, canvas.width, canvas.height, created_at, own_id, split)


def _split(path: str, picture: str) -> str | None:
    """ "train" of train/annotations.json and instances_train2017.json, else as a folder of the picture is called."""
    return split_named([*path.split("/")[:-1], stem_of(path)]) or shapes.split_of(picture)


def _label(value: Mapping[str, Any]) -> DatasetLabel:
    own = value.get("samphire")
    own = own if isinstance(own, Mapping) else {}
    color = own.get("color", value.get("color"))
    color = color.lower() if isinstance(color, str) and _COLOR.fullmatch(color) else None
    listed = own.get("attributes")
    kinds = tuple(one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
    group = value.get("supercategory")
    number = values.identity(value.get("id"))
    return DatasetLabel(
        values.text(value.get("name"), "name"),
        color,
        kinds,
        number if isinstance(number, int) and 0 <= number < _MOST_CATEGORIES else None,
        group.strip() if isinstance(group, str) else "",
    )
