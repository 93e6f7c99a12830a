"""What a project's fields may hold: from the JSON a client sent to values fit for the table."""

from collections.abc import Callable, Mapping
from typing import Any

from ...domain.outside.strings import one_line, several_lines
from ...errors import InvalidProject, unknown
from ...inference.catalog import SEGMENTER_ID

NAME_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 5000
GUIDELINES_CHARACTERS = 50_000
KEY_PRESETS = ("samphire", "cvat", "labelme")
DEFAULT_SETTINGS: dict[str, Any] = {
    "segmenter": None,
    "key_preset": KEY_PRESETS[0],
    "require_attributes": False,
}


def parse_new(data: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidProject."""
    if "name" not in data:
        raise InvalidProject('The project has no "name".')
    return parse_changes(data)


def parse_changes(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are there. Raises InvalidProject, also when there is none."""
    values = {name: parse(data[name]) for name, parse in _FIELDS.items() if name in data}
    if not values:
        raise InvalidProject("Nothing is changed.", hint=f"Fields that can be: {', '.join(_FIELDS)}.")
    return values


def _name(value: Any) -> str:
    return one_line(value, "The name of a project", NAME_CHARACTERS, InvalidProject)


def _description(value: Any) -> str:
    return several_lines(value, '"description"', DESCRIPTION_CHARACTERS, InvalidProject)


def _guidelines(value: Any) -> str:
    return several_lines(value, '"guidelines"', GUIDELINES_CHARACTERS, InvalidProject)


def _settings(value: Any) -> dict[str, Any]:
    """Only those that are named are changed."""
    if not isinstance(value, Mapping):
        raise InvalidProject('"settings" must be an object.')
    others = set(value) - set(DEFAULT_SETTINGS)
    if others:
        raise InvalidProject(unknown("setting of a project", min(map(str, others)), DEFAULT_SETTINGS))
    if "key_preset" in value and value["key_preset"] not in KEY_PRESETS:
        raise InvalidProject(unknown("key preset", value["key_preset"], KEY_PRESETS))
    if not isinstance(value.get("require_attributes", False), bool):
        raise InvalidProject('"require_attributes" must be true or false.')
    segmenter = value.get("segmenter")
    if segmenter is not None and (not isinstance(segmenter, str) or not SEGMENTER_ID.fullmatch(segmenter)):
        raise InvalidProject('"segmenter" must be the id of a segmenter, or null for the configured one.')
    return dict(value)


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "description": _description,
    "guidelines": _guidelines,
    "settings": _settings,
}
