"""What the client knows of the API is what the API says."""

from datetime import datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
import numpy as np
import pytest

from server.client import resources
from server.client.resources import Event, mask_of, rle_of
from server.errors import InvalidRLE
from server.openapi.schemas import components

CALLED = {"Project": "ProjectSummary", "Image": "ProjectImage", "Problem": "ImportProblem"}
OWN = {  # what the client adds to what is answered
    "Candidate": {"segmenter", "weights", "window", "prompts"},
    "Event": {"details"},
    "Link": {"url"},
    "Prediction": {"best"},
    "Training": {"project_id"},
}
KINDS = [
    each
    for each in vars(resources).values()
    if isinstance(each, type)
    and issubclass(each, msgspec.Struct)
    and each.__module__ == resources.__name__
    and not each.__name__.startswith("_")
]
JSON = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "string",
    list: "array",
    dict: "object",
}


def types_of(annotation: Any) -> set[str]:
    if get_origin(annotation) in (Union, UnionType):
        return set().union(*map(types_of, get_args(annotation)))
    plain = get_origin(annotation) or annotation
    if plain is type(None):
        return {"null"}
    return {JSON.get(plain, "object")}


def types_in(schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return types_in(components()[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return set().union(*map(types_in, schema["anyOf"]))
    told = schema.get("type", "object")
    return {told} if isinstance(told, str) else set(told)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_fields_are_those_of_the_api(kind):
    schema = components()[CALLED.get(kind.__name__, kind.__name__)]
    for field in msgspec.structs.fields(kind):
        if field.name in OWN.get(kind.__name__, ()):
            continue
        assert field.name in schema["properties"], field.name
        answered = types_in(schema["properties"][field.name])
        assert answered <= types_of(field.type) | ({"integer"} if "number" in types_of(field.type) else set())
        if field.required:
            assert field.name in schema["required"], field.name


def test_what_is_not_told_is_none():
    told = {
        "event": "image:changed",
        "project": "p",
        "seq": 3,
        "actor": "owner",
        "at": "2026-01-02T03:04:05Z",
    }
    assert Event.of({**told, "state": "done"}).details == {"state": "done"}
    assert Event.of(told).image is None
    for kind in KINDS:
        for each in msgspec.structs.fields(kind):
            assert msgspec.UnsetType not in get_args(each.type)
            assert "UNSET" not in repr(each.default)


def test_masks_come_back_to_the_pixel():
    mask = np.random.default_rng(5).random((37, 53)) > 0.4
    assert np.array_equal(mask_of(rle_of(mask)), mask)
    assert np.array_equal(mask_of(rle_of(mask.astype(np.float32) * 0.25)), mask)


@pytest.mark.parametrize("counts", ["", "0", "zzzz", "PP9" * 50, "é"])
def test_a_mask_that_is_none_is_refused(counts):
    with pytest.raises(InvalidRLE):
        mask_of({"size": [10, 10], "counts": counts})


def test_a_mask_has_two_axes():
    with pytest.raises(ValueError, match=r"\(1, 4, 4\)"):
        rle_of(np.ones((1, 4, 4)))
