"""What Schemathesis makes of the OpenAPI document is answered as the document says, by a real server, with every check
it has. What no schema can say stands in `schemathesis.toml`."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.web.live.running import running

_CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
def test_every_answer_is_as_described(tmp_path):
    pytest.importorskip("schemathesis")
    with running(tmp_path / "data") as server:
        requests.post(f"{server.base}/api/sample", timeout=60)
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run"]
        options = ["--checks", "all", "--max-examples", "10", "--seed", "1", "--continue-on-failure"]
        done = subprocess.run(
            [*command, f"{server.base}/api/openapi.json", *options],
            cwd=tmp_path,  # it keeps what it found
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
