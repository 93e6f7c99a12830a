"""The error tree: the drawing at the top of the file is the tree, and every error tells what a person
needs.
"""

import re

from server import errors
from server.errors import SamphireError


def all_errors(kind=SamphireError):
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith(errors.__name__):  # programs that use the client have two more
            yield from all_errors(child)


def test_the_drawing_is_the_tree():
    drawn = dict(re.findall(r"^[│├└─ ]*(\w+) +(\d{3}) ", errors.__doc__, re.M))
    assert drawn == {kind.__name__: str(kind.status) for kind in all_errors()}
    codes = dict(re.findall(r"^[│├└─ ]*(\w+) +\d{3} (\w+)", errors.__doc__, re.M))
    assert codes == {kind.__name__: kind.code for kind in all_errors()}


def test_every_error_has_its_own_code_a_sentence_and_a_hint():
    kinds = list(all_errors())
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.sentence.endswith("."), kind
        assert kind.hint.endswith("."), kind


def test_the_one_shape():
    answer = errors.VersionConflict("Changed.", hint="Look.", current={"version": 3}).answer()
    assert answer == {
        "ok": False,
        "error": {
            "code": "version_conflict",
            "message": "Changed.",
            "hint": "Look.",
            "current": {"version": 3},
        },
    }


def test_an_unknown_name_lists_the_known_ones():
    assert errors.unknown("format", "yolo", {"coco": 1}) == "There is no format called 'yolo'. Known: coco."
