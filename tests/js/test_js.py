"""The JavaScript type-checks strictly, and its own tests pass in Node."""

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("js_checks", Path(__file__).with_name("checks.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
checks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(checks)


@pytest.mark.parametrize("name", checks.COMMANDS)
def test_javascript(name):
    run = checks.check(name, capture_output=True, encoding="utf-8", errors="replace")
    assert run.returncode == 0, f"{run.stdout[-6000:]}\n{run.stderr[-2000:]}"
