"""From JSON to structs: what is taken, how it is kept, and the sentence for what is not."""

from typing import Annotated, Literal

import pytest
from msgspec import UNSET, UnsetType

from server.contract import Request, about, line, lines, matching, named, optional, parse, to_json
from server.errors import BadRequest, InvalidRLE


class Dot(Request, tag_field="kind", tag="dot"):
    says = "A step is a JSON object."
    noun = "The step"

    x: Annotated[float, about(ge=0, le=9)]


class Line(Request, tag_field="kind", tag="line"):
    says = "A step is a JSON object."

    ends: list[int]


class Inner(Request, forbid_unknown_fields=True):
    unknown = "setting"

    on: bool = False


class Mask(Request):
    counts: Annotated[str, about(says="No runs.")]


def _once(values, _called, error):
    if len(set(values)) < len(values):
        raise error("Twice the same.")
    return values


class Body(Request, kw_only=True):
    noun = "The thing"
    says = "A thing is a JSON object."

    name: Annotated[str, line("Its name.", 5, "The name")]
    note: Annotated[str, lines("Some lines.", 8)] | UnsetType = UNSET
    color: Annotated[str, matching("Like #ab.", "#[0-9a-fA-F]{2}", "No colour.", lower=True)] | None = None
    count: Annotated[int, about(ge=1, le=3)] | None = None
    kind: Annotated[Literal["a", "b"], named("Which.", "kind of thing")] = "a"
    steps: Annotated[list[Annotated[Dot | Line, named(None, "kind of step")]], about(max_length=2)] = []
    said: dict[Annotated[str, line(None, 3, "A key")], int | float | bool | str] = {}
    inner: Inner | None = None
    mask: Annotated[Mask | UnsetType, about(error=InvalidRLE)] = UNSET
    ids: Annotated[list[str], about(says="Some ids.", check=_once, max_length=3)] = []
    version: Annotated[int | UnsetType, about(says="No version.", hint="Send it.", absent=True)] = UNSET


class Versioned(Request):
    version: Annotated[int, about(says="The version is missing.", absent=True)]


def body(**more):
    return parse(Body, {"name": "x", **more}, BadRequest)


def test_what_fits_is_kept_as_it_is_meant():
    made = parse(
        Body,
        {
            "name": " e\u0301 ", "note": "a\r\nb", "color": "#AB", "count": 2.0, "other": [{}],
            "steps": [{"kind": "dot", "x": 1}, {"kind": "line", "ends": [1.0]}], "said": {" k ": 1, "b": 1.5},
        },
        BadRequest,
    )  # fmt: skip
    assert (made.name, made.note, made.color, made.count) == ("\u00e9", "a\nb", "#ab", 2)
    assert to_json(made) == {
        "name": "\u00e9", "note": "a\nb", "color": "#ab", "count": 2, "kind": "a",
        "steps": [{"kind": "dot", "x": 1.0}, {"kind": "line", "ends": [1]}], "said": {"k": 1, "b": 1.5},
        "inner": None, "ids": [],
    }  # fmt: skip
    assert type(made.said["k"]) is int


SENTENCES = {
    'The thing has no "name".': {"name": UNSET},
    "The name must be text.": {"name": 5},
    "The name must have 1 to 5 characters.": {"name": "  "},
    "The name must not contain control characters.": {"name": "a\nb"},
    '"note" must be text.': {"note": None},
    '"note" must have at most 8 characters.': {"note": "x" * 9},
    "No colour.": {"color": "#ab\n"},
    '"count" must be a whole number, or null.': {"count": True},
    "There is no kind of thing called 'c'. Known: a, b.": {"kind": "c"},
    '"steps" must be a list of at most 2.': {"steps": [{"kind": "dot", "x": 1}] * 3},
    "There is no kind of step called 'oval'. Known: dot, line.": {"steps": [{"kind": "oval"}]},
    "There is no kind of step called '[]'. Known: dot, line.": {"steps": [{"kind": []}]},
    "A step is a JSON object.": {"steps": [7]},
    'The step has no "x".': {"steps": [{"kind": "dot"}]},
    '"x" must be a number.': {"steps": [{"kind": "dot", "x": "1"}]},
    '"ends" must be a whole number.': {"steps": [{"kind": "line", "ends": [1, 1.5]}]},
    "A key must have 1 to 3 characters.": {"said": {"long": 1}},
    '"said" must be a whole number or a number or true or false or text.': {"said": {"a": []}},
    "There is no setting called 'off'. Known: on.": {"inner": {"off": 1}},
    '"on" must be true or false.': {"inner": {"on": 1}},
    "Some ids.": {"ids": [1]},
    "Twice the same.": {"ids": ["a", "a"]},
    "No version.": {"version": "1"},
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_does_not_fit_is_told(sentence):
    data = {name: value for name, value in {"name": "x", **SENTENCES[sentence]}.items() if value is not UNSET}
    with pytest.raises(BadRequest) as raised:
        parse(Body, data, BadRequest)
    assert raised.value.message == sentence


def test_what_is_no_object_and_what_is_missing_have_their_own_sentences():
    with pytest.raises(BadRequest, match="A thing is a JSON object"):
        parse(Body, [], BadRequest)
    with pytest.raises(BadRequest, match="The version is missing"):
        parse(Versioned, {}, BadRequest)
    with pytest.raises(BadRequest) as raised:
        body(version="x")
    assert raised.value.hint == "Send it."


def test_a_part_may_have_an_error_of_its_own():
    with pytest.raises(InvalidRLE, match="No runs"):
        body(mask={"counts": 1})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400, -1])
def test_a_number_out_of_bounds_is_refused(number):
    with pytest.raises(BadRequest):
        body(steps=[{"kind": "dot", "x": number}])


def test_each_field_of_a_resource_may_be_left_out_of_its_change():
    made = parse(optional(Inner), {}, BadRequest)
    assert made.on is UNSET


def test_lines_that_must_not_be_empty():
    class Said(Request):
        text: Annotated[str, lines("What is said.", 8, "A comment", empty=False)]

    assert parse(Said, {"text": " a\nb\t\n"}, BadRequest).text == "a\nb"
    for empty in ("", " \n", "\u3000"):
        with pytest.raises(BadRequest, match="A comment must not be empty"):
            parse(Said, {"text": empty}, BadRequest)
