"""Pulls beside a server: one at a time, followed to its end, cancelled, and whatever else may become of it."""

import sys
from collections.abc import Callable

import gevent
import pytest

from server.errors import Conflict, SegmenterNotFound, Unavailable
from server.features.segmenters.pulls import PULL, Offer, Pulls
from server.runtime.queue.handlers import Handlers
from server.runtime.queue.inprocess import InProcessQueue
from server.storage.engine import Database
from server.storage.jobs import StoredJobs
from tests.answering import Answering

ONE = Offer("one", "One", "MIT", 1000, None, None)
TWO = Offer("two", "Two", "MIT", 2000, None, None)
LACKING = Offer("lacking", "Lacking", "MIT", 10, None, "pip install it")
WAITS = 'import sys; print(\'{"step": "downloading"}\', flush=True); print(\'{"bytes": 600}\', flush=True);'
PATIENCE_S = 60


@pytest.fixture
def make(tmp_path):
    """Pulls that run this Python; `installed` is a set of ids."""
    made = []

    def make(code: str, installed: set[str] | None = None, program: str = sys.executable) -> Answering:
        there = set() if installed is None else installed
        db, handlers = Database.open(f"sqlite:///{tmp_path / 'x.db'}"), Handlers()
        queue = InProcessQueue(StoredJobs(db), handlers)
        pulls = Pulls(tmp_path, lambda: [ONE, TWO, LACKING], lambda: there, queue)
        handlers[PULL] = pulls.handler
        queue.start()
        pulls.command = (program, "-c", code)
        made.append((queue, db))
        return Answering(pulls)

    yield make
    for queue, db in made:
        queue.close()
        db.close()


def until(ask: Callable[[], object]) -> object:
    with gevent.Timeout(PATIENCE_S):
        while not (answer := ask()):
            gevent.sleep(0.01)
    return answer


def found(pulls: Pulls) -> dict:
    """The first, empty when it is not listed."""
    return next((each for each in pulls.describe() if each["id"] == "one"), {})


def state(pulls: Pulls) -> str:
    return found(pulls)["state"]


def test_how_far_it_is(make):
    pulls = make(f"{WAITS} sys.stdin.read()")
    assert [each["id"] for each in pulls.describe()] == ["one", "two", "lacking"]
    began = pulls.start("one")
    assert (began["state"], began["step"], began["bytes"]) == ("running", "asking", 0)
    until(lambda: found(pulls)["bytes"] == 600)
    assert found(pulls)["step"] == "downloading"
    assert pulls.running


def test_done_is_what_is_installed(make):
    installed: set[str] = set()
    pulls = make("print('{\"done\": true}')", installed)
    pulls.start("one")
    installed.add("one")  # still listed while its process runs
    until(lambda: not pulls.running)
    assert found(pulls) == {}
    with pytest.raises(Conflict, match="One is already installed"):
        pulls.start("one")


def test_two_presses_are_one_pull(make, tmp_path):
    log = tmp_path / "begun"
    pulls = make(f"open({str(log)!r}, 'a').write('.'); {WAITS} sys.stdin.read()")
    pulls.start("one")
    assert pulls.start("one")["state"] == "running"
    with pytest.raises(Conflict, match="One is being downloaded"):
        pulls.start("two")
    until(lambda: found(pulls)["bytes"] == 600)
    assert log.read_text() == "."


def test_one_that_is_cancelled_may_begin_again(make):
    pulls = make(f"{WAITS} sys.stdin.read()")
    pulls.start("one")
    until(lambda: found(pulls)["bytes"] == 600)
    assert pulls.cancel("one")["state"] == "available"
    assert not pulls.running
    assert pulls.start("one")["state"] == "running"
    assert pulls.cancel("two")["state"] == "available"  # of another: nothing
    assert state(pulls) == "running"


def test_one_that_does_not_heed_is_killed(make):
    pulls = make(f"{WAITS} import time; time.sleep(600)")
    pulls.start("one")
    until(lambda: found(pulls)["bytes"] == 600)
    pulls.cancel("one")
    until(lambda: not pulls.running)
    assert state(pulls) == "available"


def test_why_it_failed_is_kept_until_it_is_tried_again_or_dismissed(make):
    pulls = make('print(\'{"error": {"code": "unavailable", "message": "No.", "hint": "Wait."}}\')')
    pulls.start("one")
    until(lambda: state(pulls) == "failed")
    assert found(pulls)["error"] == {"code": "unavailable", "message": "No.", "hint": "Wait."}
    assert pulls.start("one")["error"] is None
    until(lambda: state(pulls) == "failed")
    assert pulls.cancel("one")["error"] is None
    assert state(pulls) == "available"


@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), getattr(signal, 'SIGKILL', 9))",
        "raise SystemExit(3)",
        "print('[]\\nnothing\\n{}')",
    ],
)
def test_a_process_that_just_ends_has_failed(make, code, caplog):
    pulls = make(code)
    pulls.start("one")
    until(lambda: state(pulls) == "failed")
    assert found(pulls)["error"]["message"] == "The download stopped unexpectedly."
    assert "Traceback" not in caplog.text


def test_a_fault_of_ours_is_logged_whole(make, caplog):
    error = '{"error": {"code": "internal", "message": "Oh.", "hint": ""}, "trace": "Traceback of it"}'
    pulls = make(f"print({error!r})")
    pulls.start("one")
    until(lambda: state(pulls) == "failed")
    assert "Traceback of it" in caplog.text


@pytest.mark.parametrize("name", ["gone", "https://example.org/x.onnx", "../one", "", None, 7, ["one"], {}])
def test_only_what_the_catalogue_names(make, name):
    pulls = make("raise SystemExit")
    for ask in (pulls.start, pulls.cancel):
        with pytest.raises(SegmenterNotFound, match="lacking, one, two"):
            ask(name)
    assert not pulls.running


def test_nothing_begins_without_its_packages_nor_in_a_server_that_stops(make):
    pulls = make("raise SystemExit")
    with pytest.raises(Unavailable) as refusal:
        pulls.start("lacking")
    assert "pip install it" in refusal.value.hint
    pulls._queue.close()
    with pytest.raises(Unavailable, match="stopping"):
        pulls.start("one")


def test_a_server_that_stops_ends_it(make):
    pulls = make(f"{WAITS} sys.stdin.read()")
    pulls.start("one")
    until(lambda: found(pulls)["bytes"] == 600)
    pulls._queue.close()
    assert not pulls.running


def test_the_next_server_goes_on_with_it(make, tmp_path):
    installed: set[str] = set()
    pulls = make(f"{WAITS} sys.stdin.read()", installed)
    pulls.start("one")
    until(lambda: found(pulls)["bytes"] == 600)
    pulls._queue.close()
    log = tmp_path / "begun"
    later = make(f"open({str(log)!r}, 'a').write('.'); print('{{\"done\": true}}')", installed)
    until(lambda: not later.running)
    assert found(later)["state"] == "available"
    assert log.read_text() == "."


def test_a_program_that_is_not_there(make):
    pulls = make("", program="/no/such/program")
    pulls.start("one")
    until(lambda: state(pulls) == "failed")
    assert "could not be started" in found(pulls)["error"]["message"]
    assert not pulls.running
