"""What docs/deploy holds, as tests read it."""

import importlib.util
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from server import config
from server.cli import main as cli

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
VARIABLES = {row.variable for row in config.ROWS}


def supply() -> ModuleType:
    """`.ci/supply.py`, which an sdist lacks."""
    path = ROOT / ".ci" / "supply.py"
    if not path.is_file():
        pytest.skip("an unpacked sdist has no .ci")
    spec = importlib.util.spec_from_file_location("supply", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings_of(words: Iterable[str], variables: Mapping[str, str]) -> config.Settings:
    """Those of a `samphire` started so; fails where it would not know a word or a variable, or refuse a value."""
    ours = {name: value for name, value in variables.items() if name.startswith("SAMPHIRE_")}
    known = VARIABLES | {"SAMPHIRE_OIDC_CLIENT_SECRET"}
    assert set(ours) <= known, set(ours) - known
    command, rest, left_out = cli._choose(list(words))
    return config.load(vars(cli._parser(command, left_out).parse_args(rest)), ours)


def joined(text: str) -> list[str]:
    """The lines of a file whose lines go on after a backslash, without comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def words(command: str) -> list[str]:
    return shlex.split(command)


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
