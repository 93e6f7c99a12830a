"""What an annotation's fields may hold: from the JSON a client sent to values fit for the table.

Fields the server makes itself (area, bbox, times) and unknown ones are ignored: a client may send back what it
was given.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ...domain.masks import check_rle, rle_area, rle_bbox
from ...domain.outside.json_values import whole
from ...domain.outside.strings import one_line, several_lines
from ...errors import InvalidAnnotation, unknown
from ...inference.catalog import SEGMENTER_ID
from ..projects.labels import ID_CHARACTERS

LABEL_CHARACTERS = 100
ATTRIBUTES = 100
ATTRIBUTE_CHARACTERS = 2000
PROMPT_STEPS = 1000
TOKENS = 5  # the decoder's four, and the mask that a prompt refined, kept
LARGEST_COORDINATE = 1_000_000
GREATEST_Z = 1_000_000_000
LARGEST_NUMBER = 2**53 - 1
LARGEST_SCORE = 100
_ID = re.compile(r"[A-Za-z0-9_-]{8,36}")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_WEIGHTS = re.compile(r"[0-9a-f]{64}")


def parse_new(data: Any) -> dict[str, Any]:
    """The table's values for a new annotation, all but the mask's and the row of its label. `label_id` is that of a
    label of the project; else `label` and `color` say which one it is, or will be. Raises InvalidAnnotation."""
    data = _object(data)
    described = () if data.get("label_id") is not None else ("label", "color")
    for name in (*described, "rle"):
        if name not in data:
            raise InvalidAnnotation(f'The annotation has no "{name}".')
    absent = {"label_id", "label", "color", "z"}.difference(described)
    values = {
        name: parse(data.get(name))
        for name, parse in _FIELDS.items()
        if data.get(name) is not None or name not in absent
    }
    if "id" in data and data["id"] is not None:
        values["id"] = _id(data["id"])
    return values


def parse_changes(data: Any) -> tuple[int, dict[str, Any]]:
    """The version a change is based on, and the changed values but the mask's. Raises InvalidAnnotation."""
    data = _object(data)
    version = parse_version(data.get("version"))
    values = {name: parse(data[name]) for name, parse in _FIELDS.items() if name in data}
    if values.keys() <= {"color"} and "rle" not in data:
        able = [name for name in _FIELDS if name != "color"]
        raise InvalidAnnotation("Nothing is changed.", hint=f"Fields that can be: rle, {', '.join(able)}.")
    return version, values


def parse_version(value: Any) -> int:
    """Raises InvalidAnnotation."""
    version = whole(value)
    if version is None or version < 1:
        raise InvalidAnnotation(
            "The version of the annotation is missing or is not a whole number above 0.",
            hint='Send the "version" that the change is based on.',
        )
    return version


def measure(rle: Any, width: int, height: int) -> dict[str, Any]:
    """The mask's values for the table. Raises InvalidRLE, or InvalidAnnotation for an empty mask."""
    check_rle(rle, width, height)
    area = int(rle_area(rle))
    if area == 0:
        raise InvalidAnnotation("The mask is empty.", hint="Accept a mask that covers at least one pixel.")
    return {"rle_counts": rle["counts"], "area": area, "bbox": [int(v) for v in rle_bbox(rle)]}


def _object(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise InvalidAnnotation("An annotation is a JSON object.")
    return data


def _id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise InvalidAnnotation('"id" must be 8 to 36 letters, digits, - or _, for example a UUID.')
    return value


def _label_id(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= ID_CHARACTERS):
        raise InvalidAnnotation('"label_id" must be the id of a label of the project.')
    return value


def _label(value: Any) -> str:
    return one_line(value, '"label"', LABEL_CHARACTERS, InvalidAnnotation)


def _color(value: Any) -> str:
    if not isinstance(value, str) or not _COLOR.fullmatch(value.lower()):
        raise InvalidAnnotation('"color" must be like "#1f77b4".')
    return value.lower()


def _attributes(value: Any) -> dict[str, Any]:
    """By name: text, a finite number, or yes or no; null says nothing and is left out. Whether the label has such
    attributes is not asked: what was said must not be lost because the label changed meanwhile."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or len(value) > ATTRIBUTES:
        raise InvalidAnnotation(f'"attributes" must be an object of at most {ATTRIBUTES} values.')
    named = {
        one_line(k, "The name of an attribute", LABEL_CHARACTERS, InvalidAnnotation): v
        for k, v in value.items()
    }
    return {name: _attribute(v) for name, v in named.items() if v is not None}


def _attribute(value: Any) -> str | float | bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return several_lines(value, "An attribute", ATTRIBUTE_CHARACTERS, InvalidAnnotation)
    number = _number(value, "An attribute that is no text and no flag")
    assert number is not None
    return number


def _z(value: Any) -> int:
    z = whole(value)
    if z is None or abs(z) > GREATEST_Z:
        raise InvalidAnnotation(f'"z" must be a whole number between -{GREATEST_Z} and {GREATEST_Z}.')
    return z


def _prompts(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > PROMPT_STEPS:
        raise InvalidAnnotation(f'"prompts" must be a list of at most {PROMPT_STEPS} steps.')
    steps = [_step(step) for step in value]
    if steps and steps[0]["kind"] == "mask":
        raise InvalidAnnotation("A mask step cannot come first: it feeds back what the steps before it made.")
    return steps


def _step(step: Any) -> dict[str, Any]:
    kind = step.get("kind") if isinstance(step, Mapping) else None
    parse = _STEPS.get(kind) if isinstance(kind, str) else None
    if parse is None:
        raise InvalidAnnotation(unknown("kind of prompt step", kind, _STEPS))
    return {"kind": kind, **parse(step)}


def _point(step: Mapping[str, Any]) -> dict[str, Any]:
    label = step.get("label")
    if isinstance(label, bool) or label not in (0, 1):
        raise InvalidAnnotation('A point\'s "label" must be 1 (include) or 0 (exclude).')
    return {"x": _coordinate(step.get("x")), "y": _coordinate(step.get("y")), "label": int(label)}


def _box(step: Mapping[str, Any]) -> dict[str, Any]:
    box = step.get("box")
    if not isinstance(box, list) or len(box) != 4:
        raise InvalidAnnotation('A "box" must be [x0, y0, x1, y1].')
    return {"box": [_coordinate(value) for value in box]}


def _mask(step: Mapping[str, Any]) -> dict[str, Any]:
    token = _candidate(step.get("token"))
    if token is None:
        raise InvalidAnnotation('A mask step must name its "token".')
    return {"token": token}


def _coordinate(value: Any) -> float:
    number = _number(value, "A coordinate")
    if number is None or abs(number) > LARGEST_COORDINATE:
        raise InvalidAnnotation("A coordinate must be a number of pixels.")
    return number


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise InvalidAnnotation(f"{name} must be a number of at most {LARGEST_NUMBER}.")
    return value


def _score(name: str) -> Callable[[Any], float | None]:
    def parse(value: Any) -> float | None:
        number = _number(value, f'"{name}"')
        if number is not None and abs(number) > LARGEST_SCORE:
            raise InvalidAnnotation(f'"{name}" is a score around 0 to 1, not {number}.')
        return None if number is None else float(number)

    return parse


def _segmenter(value: Any) -> str | None:
    """One that is not installed, or no longer, is taken too: work done with it must not be lost."""
    if value is not None and (not isinstance(value, str) or not SEGMENTER_ID.fullmatch(value)):
        raise InvalidAnnotation('"segmenter" must be the id of a segmenter.')
    return value


def _weights(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not _WEIGHTS.fullmatch(value)):
        raise InvalidAnnotation('"weights" must be a SHA-256: 64 digits 0-9 and a-f.')
    return value


def _candidate(value: Any) -> int | None:
    if value is None:
        return None
    token = whole(value)
    if token is None or not 0 <= token < TOKENS:
        raise InvalidAnnotation(
            f'"candidate" must be a decoder token, 0 to {TOKENS - 2}, or {TOKENS - 1} for the mask before.'
        )
    return token


_STEPS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "point": _point,
    "box": _box,
    "mask": _mask,
}
_FIELDS: dict[str, Callable[[Any], Any]] = {
    "label_id": _label_id,
    "label": _label,
    "color": _color,
    "attributes": _attributes,
    "z": _z,
    "prompts": _prompts,
    "segmenter": _segmenter,
    "weights": _weights,
    "candidate": _candidate,
    "predicted_iou": _score("predicted_iou"),
    "stability_score": _score("stability_score"),
}
