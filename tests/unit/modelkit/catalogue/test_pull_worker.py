"""The process in which a server pulls: it gives way, says how far it is, and ends with the server."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.pulling import ADDRESS, COMMAND, DATA, FILE, ID
from tests.unit.modelkit.catalogue.conftest import names
from tests.unit.modelkit.catalogue.file_server import FileServer

PATIENCE_S = 60


@pytest.fixture
def files():
    with FileServer({FILE: DATA}) as server:
        yield server


@pytest.fixture
def start(files, tmp_path):
    """Starts a pull into the folder `data`."""
    started = []

    def start(command=COMMAND, segmenter: str = ID) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*command, segmenter, str(tmp_path / "data")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_PROXY": "127.0.0.1", ADDRESS: files.url(FILE)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def messages(process: subprocess.Popen[str]) -> list[dict]:
    """All of them; its stdin stays open until it has ended."""
    assert process.stdout is not None
    told = [json.loads(line) for line in process.stdout]
    process.wait(PATIENCE_S)
    return told


def test_what_it_tells(start, tmp_path):
    process = start()
    told = messages(process)
    assert process.returncode == 0
    assert [each["step"] for each in told if "step" in each] == [
        "asking",
        "downloading",
        "building",
        "testing",
    ]
    assert {"bytes": len(DATA)} in told
    assert told[-1] == {"done": True}
    assert ID in names(tmp_path / "data" / "segmenters")


def test_it_ends_with_whoever_started_it(start, files, tmp_path):
    files.hold = threading.Event()
    process = start()
    assert process.stdout is not None
    while "bytes" not in json.loads(process.stdout.readline()):
        pass
    process.stdin.close()  # type: ignore[union-attr]
    process.stdin = None
    assert process.wait(PATIENCE_S) == 130
    files.hold.set()
    assert names(tmp_path / "data" / "segmenters") == ["server.lock"]
    assert names(tmp_path / "data" / "downloads") == [f"{FILE}.part"]


def test_a_refusal_is_its_last_word(start, files):
    files.statuses = [404]
    process = start()
    told = messages(process)
    assert process.returncode == 1
    assert told[-1]["error"]["code"] == "unavailable"
    assert set(told[-1]["error"]) == {"code", "message", "hint"}


def test_what_is_not_in_the_catalogue_is_refused_here_too(start, tmp_path):
    worker = (sys.executable, "-m", "server.modelkit.catalogue.pull_worker")
    for segmenter in ("https://example.org/x.onnx", "mobile_sam"):
        told = messages(start(worker, segmenter))
        assert told[-1]["error"]["code"] == "segmenter_not_found"
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(not hasattr(os, "nice"), reason="Windows starts it at a lower priority")
def test_it_gives_way():
    code = "import os; from server.runtime import beside as w; w._give_way(); print(os.nice(0))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(out) >= 10
    score = Path("/proc/self/oom_score_adj")
    assert not score.exists() or int(score.read_text()) < 1000  # ours stays
