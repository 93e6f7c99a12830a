"""A backup of one kind of database is restored into the other."""

import subprocess
import sys

import pytest

from tests.elsewhere import VARIABLE


def test_from_one_kind_of_database_into_another(elsewhere, tmp_path):
    """In processes of their own: in this one every file is a database of the server."""
    if elsewhere is None:
        pytest.skip(f"set {VARIABLE} to a database of a PostgreSQL server to run this")
    url = elsewhere.empty(str(tmp_path / "target.db"))

    def run(*words):
        command = [sys.executable, "-m", "server.cli.main", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def projects(*words):
        return run("project", "list", *words)[1]

    assert run("project", "create", "Streets", "--data", tmp_path / "a")[0] == 0
    status, said = run("backup", tmp_path / "one", "--data", tmp_path / "a")
    assert status == 0, said
    status, said = run("restore", tmp_path / "one", "--data", tmp_path / "b", "--database", url)
    assert status == 0, said
    assert "Streets" in projects("--data", tmp_path / "b", "--database", url)
    assert not (tmp_path / "b" / "samphire.db").exists()
    status, said = run("backup", tmp_path / "two", "--data", tmp_path / "b", "--database", url)
    assert status == 0, said
    status, said = run("restore", tmp_path / "two", "--data", tmp_path / "d")
    assert status == 0, said
    assert projects("--data", tmp_path / "d") == projects("--data", tmp_path / "a")
