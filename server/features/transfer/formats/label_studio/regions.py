"""Label Studio's results put together to regions: what is drawn, its labels and answers to questions about it may be
results of their own, which share an id, or, in the short export, the geometry."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import values
from ..source import Unreadable

SHAPES = ("brush", "polygon", "rectangle", "ellipse")
_NO_AREA = {"relation": "a relation", "keypoint": "a key point", "vector": "a line"}
_ANSWERS = {
    "choices": "choices",
    "taxonomy": "taxonomy",
    "rating": "rating",
    "textarea": "text",
    "number": "number",
    "datetime": "datetime",
}  # type -> where its value has it
_GEOMETRY = {
    "rle": "brush",
    "points": "polygon",
    "radiusX": "ellipse",
    "height": "rectangle",
}  # what only values of a shape have; the first that is there tells
_Refused = list[tuple[int, Unreadable]]


@dataclass
class Region:
    """`number`: of its result, from 1; `kind`: one of SHAPES, or "" when nothing draws it."""

    number: int
    result: Mapping[str, Any]
    kind: str = ""
    labels: list[Any] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)


def gather(results: list[Any], image: str | None = None) -> tuple[list[Region], _Refused]:
    """The regions that are drawn; and by their numbers the results that are of none, some of them only to be noted.

    `image`: the `image_tag` of those that count, in a task of several images.
    """
    regions: dict[Hashable, Region] = {}
    refused: _Refused = []
    for number, result in enumerate(results, start=1):
        try:
            if image and image_tag(result) not in (None, image):
                found = f"on another image of the task, {values.short(image_tag(result))}"
                raise Unreadable(found, "one image for each task")
            _take(regions, number, result)
        except Unreadable as problem:
            refused.append((number, problem))
    for region in regions.values():
        if not region.kind:
            region.kind = _shape_of(region.result["value"]) if region.labels else ""
        if not region.kind:
            said = ", ".join(
                f"{values.short(name)} {values.short(value)}" for name, value in region.attributes.items()
            )
            what = f"an answer about the whole image ({said})" if said else "a label without a region"
            refused.append((region.number, Unreadable(what, "", note=True)))
    return [region for region in regions.values() if region.kind], refused


def image_tag(result: Any) -> str | None:
    """What the labelling interface calls the image that a result lies on."""
    tag = result.get("to_name") if isinstance(result, Mapping) else None
    return tag if isinstance(tag, str) and tag else None


def answer(value: Any) -> Any:
    """What was chosen or typed, several things with commas between."""
    if isinstance(value, list):
        return ", ".join(" / ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
    return value


def _take(regions: dict[Hashable, Region], number: int, result: Any) -> None:
    """Raises Unreadable."""
    value = result.get("value") if isinstance(result, Mapping) else None
    kind = _kind(result, value) if isinstance(result, Mapping) else ""
    shape = kind.removesuffix("labels")
    if shape in _NO_AREA:
        raise Unreadable(_NO_AREA[shape], "", note=True)
    if not isinstance(value, Mapping):
        raise Unreadable(values.short(result), "a region with a value")
    if shape and shape not in SHAPES and kind not in _ANSWERS:
        no_area = shape == kind and not _shape_of(value)
        raise Unreadable(f"a result of type {kind[:40]!r}", f"one of {', '.join(SHAPES)}", note=no_area)
    key = _key(number, result, value)
    if shape in SHAPES and key in regions and regions[key].kind:
        key = number, key  # another one all the same
    region = regions.setdefault(key, Region(number, result))
    if kind in _ANSWERS:
        name = result.get("from_name")
        name = name if isinstance(name, str) and name else kind
        region.attributes |= values.attributes({name: answer(value.get(_ANSWERS[kind]))})
        return
    listed = value.get(kind if shape else "labels", value.get("labels"))
    region.labels += listed if isinstance(listed, list) else [] if listed is None else [listed]
    if shape or not region.kind:
        region.number, region.result, region.kind = number, result, shape


def _kind(result: Mapping[str, Any], value: Any) -> str:
    """The type that a result names, or that its value shows."""
    named = str(result.get("type") or "").lower()
    known = (*SHAPES, *_NO_AREA, *_ANSWERS, "")
    if not isinstance(value, Mapping) or (named and named.removesuffix("labels") in known):
        return named
    shown = [key for key in value if key.endswith("labels") and key != "labels"]
    shown += [kind for kind, key in _ANSWERS.items() if key in value]
    return next(iter(shown), named or ("labels" if "labels" in value else _shape_of(value)))


def _shape_of(value: Mapping[str, Any]) -> str:
    return next((shape for key, shape in _GEOMETRY.items() if key in value), "")


def _key(number: int, result: Mapping[str, Any], value: Mapping[str, Any]) -> Hashable:
    """What results of one region share."""
    given = result.get("id")
    if isinstance(given, str | int | float) and given != "":
        return given
    drawn = {key: value[key] for key in (*_GEOMETRY, "x", "y", "width") if key in value}
    return json.dumps(drawn, sort_keys=True) if drawn else number
