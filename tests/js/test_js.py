"""The JavaScript type-checks strictly, and its own tests pass in Node."""

import base64
import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession

_SPEC = importlib.util.spec_from_file_location("js_checks", Path(__file__).with_name("checks.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
checks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(checks)


@pytest.mark.parametrize("name", checks.COMMANDS)
def test_javascript(name):
    run = checks.check(name, capture_output=True, encoding="utf-8", errors="replace")
    assert run.returncode == 0, f"{run.stdout[-6000:]}\n{run.stderr[-2000:]}"


def test_the_model_that_starts_the_runtime_is_one():
    code = (checks.ROOT / "static/js/engine/worker/decoder-session.js").read_text("utf-8")
    [model] = re.findall(r'atob\("([^"]+)"\)', code)
    session = InferenceSession(base64.b64decode(model), providers=["CPUExecutionProvider"])
    assert session.run(None, {"a": np.ones(1, np.float32)})[0].tolist() == [1]
