"""Log lines, as text and as JSON: what they are about, and what no line holds."""

import json
import logging

import pytest

from server.runtime import logs


def line(formatter, message, *arguments, error=None):
    info = None
    if error is not None:
        try:
            raise error
        except type(error) as raised:
            info = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("samphire.x", logging.ERROR, __file__, 1, message, arguments, info)
    return formatter.format(record)


@pytest.fixture
def about():
    """Says what lines are about, until the test ends."""
    tokens = []
    yield lambda **what: tokens.append(logs.about(**what))
    for token in reversed(tokens):
        logs.no_more(token)


def test_a_line_of_text_says_what_it_is_about(about):
    assert line(logs.TextLines(False), "It is %s", "so") == "ERROR samphire.x: It is so"
    about(job="7", kind="import")
    assert line(logs.TextLines(False), "It is so") == "ERROR samphire.x: It is so (job 7 kind import)"


def test_a_line_of_json_is_one_object(about):
    about(request="4f1c")
    found = json.loads(line(logs.JsonLines(False), "Two\nlines", error=ValueError("bad")))
    assert found["time"].endswith("Z")
    assert (found["level"], found["logger"], found["request"]) == ("error", "samphire.x", "4f1c")
    assert found["message"] == "Two\nlines"
    assert found["trace"].endswith("ValueError: bad")
    assert "\n" not in line(logs.JsonLines(False), "Two\nlines", error=ValueError("bad"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Signed in: account 7 'Zoë' from ::1", "Signed in: account 7 '...' from ::1"),
        ('The file "my cat\'s.jpg" can\'t be read; it isn\'t whole', "The file '...' can't be read; it isn't whole"),
        ("KeyError: 'dog'", "KeyError: '...'"),
        ("[Errno 2] No such file: b'/a/cat.jpg'", "[Errno 2] No such file: '...'"),
        (r"called 'it\'s' here", "called '...' here"),
        ("DETAIL:  Key (name)=(cat) already exists.", "DETAIL: ..."),
        ("the managers' list and the owner's", "the managers' list and the owner's"),
    ],
)  # fmt: skip
def test_what_people_call_things_is_left_out(written, shown):
    assert line(logs.TextLines(False), "%s", written) == f"ERROR samphire.x: {shown}"
    assert written in line(logs.TextLines(True), "%s", written)


def test_a_traceback_keeps_its_frames_and_loses_names():
    error = FileNotFoundError(2, "No such file", "holiday.jpg")
    shown = line(logs.TextLines(False), "Failed", error=error)
    assert f'File "{__file__}", line' in shown
    assert "raise error" in shown
    assert shown.endswith("FileNotFoundError: [Errno 2] No such file: '...'")
    assert "holiday.jpg" in line(logs.TextLines(True), "Failed", error=error)


@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize(
    "written",
    [
        "GET /s/hush HTTP/1.1",
        "the token smp_hush",
        "whsec_hush=",
        "Authorization: Bearer hush",
        "Basic hush",
        "Cookie: samphire=hush; other=hush",
        "https://x.example/?token=hush&a=1",
        "postgresql+psycopg://user:hush@host/name",
    ],
)  # fmt: skip
def test_secrets_are_in_no_line(written, names):
    shown = line(logs.TextLines(names), "%s", written, error=ValueError(written))
    assert "hush" not in shown
    assert "..." in shown


def test_addresses_without_a_password_stay():
    written = "http://127.0.0.1:8765/api and postgresql://db.example:5432/samphire"
    assert line(logs.TextLines(False), "%s", written).endswith(written)
