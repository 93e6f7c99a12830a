"""The interface speaks plain English, with one word for one thing: what it calls an image is no picture elsewhere."""

import re

import pytest

from tests.web.words import (
    CALL,
    STATIC,
    arguments,
    in_templates,
    of_errors,
    with_translations,
    without_comments,
)

AVOIDED = {
    "image": r"pictures?|photographs?",
    "someone": r"somebody",
    "dismiss": r"put(s)? (all )?away",
    "restore": r"ha(d|ve) (it )?back|bring(s)? (it )?back|back on the list",
    "recreate": r"made a(new|gain)",
    "elsewhere, or nothing": r"meanwhile",
    "loading": r"get(s|ting) ready",
    "select": r"pick(s|ed)? (none|all|\{)",
    "match": r"called so|like that",
    "reverse": r"turn round",
    "home page": r"first page",
    "shortcut": r"keys? of",
    "repair, or fix": r"mend(s|ed)?",
}


def texts():
    """(place, text) of every English text a page shows, those for one thing among them, and of general errors."""
    for path in sorted((STATIC / "js").rglob("*.js")):
        code = without_comments(path.read_text("utf-8"))
        for call in CALL.finditer(code):
            if path.name != "text.js":
                yield from ((path.name, text) for text in arguments(code, call.end()) if text.startswith('"'))
    for path, beside in with_translations():
        yield path.name, beside["en"]
    for path, _, text in in_templates():
        yield path.name, text
    for text in of_errors():
        yield "server/errors", text


@pytest.mark.parametrize("better", AVOIDED)
def test_texts_use_the_usual_word(better):
    avoided = re.compile(rf"\b({AVOIDED[better]})\b", re.IGNORECASE)
    assert [(place, text) for place, text in texts() if avoided.search(text)] == []
