"""Files stay small, folders hold more than one, nothing is left open, and nothing names a machine."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 300
MOST_FILES = 20
CODE = {".py", ".js", ".css", ".html"}


def tracked() -> list[Path]:
    """Files of the repository; in an unpacked sdist, where there is no git, those beside this one."""
    try:
        out = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        return [path for line in out.splitlines() if (path := ROOT / line).is_file()]
    except (OSError, subprocess.CalledProcessError):
        folders = ("server", "static/js", "static/css", "templates", "tests")
        return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


FILES = tracked()
SOURCES = [path for path in FILES if path.suffix in CODE]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_idea(path):
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_a_folder_with_one_file_is_not_a_folder():
    rooms = [
        path
        for path in SOURCES
        if path.is_relative_to(ROOT / "server") or path.is_relative_to(ROOT / "static")
    ]
    counts = Counter(path.parent for path in rooms if path.name != "__init__.py")
    lonely = [
        folder
        for folder, count in counts.items()
        if count == 1 and not any(c.is_dir() for c in folder.iterdir())
    ]
    assert [str(folder.relative_to(ROOT)) for folder in lonely if folder.name != "versions"] == []


def test_nothing_is_left_open():
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
    assert [str(path.relative_to(ROOT)) for path in SOURCES if marks.search(path.read_text("utf-8"))] == []


def test_no_registry_host_and_no_large_file():
    hosts = re.compile(r"https?://[^\s\"']*(registry\.npm|pypi\.org|pythonhosted|deb\.debian)")
    for path in FILES:
        assert path.stat().st_size < 1_000_000, path
        if path.suffix in CODE | {".json", ".toml", ".md", ".yml"}:
            assert not hosts.search(path.read_text("utf-8")), path


def test_every_python_module_says_what_it_owns():
    for path in SOURCES:
        if path.suffix == ".py" and path.is_relative_to(ROOT / "server"):
            assert path.read_text("utf-8").lstrip().startswith('"""'), path


def test_a_folder_is_no_heap():
    """Larger ones have folders inside, each with a meaning; tests mirror what they test, one file a subject. Migrations
    are a row that only grows."""
    rooms = [path for path in FILES if path.relative_to(ROOT).parts[0] in ("server", "static", "templates")]
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in rooms)
    counts.pop("server/storage/migrations/versions", None)
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}
