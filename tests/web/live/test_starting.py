"""A data folder that cannot be used is one sentence and an exit status, for every command; a copy that cannot be
written can be read."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from server.cli.doctor import report
from server.cli.main import main
from server.config import Settings
from tests.disks import make_read_only, small_disk
from tests.web.live.running import ROOT, Server

WRITING = ("project create Q", "import .", "encode .")
READING = ("project list", "export -")


def a_file(folder):
    folder.write_text("not a folder")


def a_folder_in_a_file(folder):
    folder.symlink_to("/dev/null/data")


def a_damaged_database(folder):
    folder.mkdir()
    (folder / "samphire.db").write_bytes(b"no database" * 1000)


def a_database_cut_short(folder):
    assert main(["project", "create", "P", "--data", str(folder)]) == 0
    whole = (folder / "samphire.db").read_bytes()
    (folder / "samphire.db").write_bytes(whole[: len(whole) // 2])


def a_database_of_a_newer_samphire(folder):
    assert main(["project", "create", "P", "--data", str(folder)]) == 0
    with closing(sqlite3.connect(folder / "samphire.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def a_folder_in_the_place_of_the_database(folder):
    (folder / "samphire.db").mkdir(parents=True)


def a_database_of_another_program(folder):
    folder.mkdir()
    with closing(sqlite3.connect(folder / "samphire.db")) as connection:
        connection.execute("CREATE TABLE images (name TEXT)")


SPOILED = (
    a_file,
    a_folder_in_a_file,
    a_damaged_database,
    a_database_cut_short,
    a_database_of_a_newer_samphire,
    a_folder_in_the_place_of_the_database,
    a_database_of_another_program,
)


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_each_command_says_one_sentence(spoil, tmp_path, capsys):
    folder = tmp_path / "data"
    spoil(folder)
    capsys.readouterr()
    for words in (*WRITING, *READING):
        assert main([*words.split(), "--data", str(folder)]) == 2, words
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("samphire: ")
        assert said.err.count("\n") == 1
        assert str(folder) in said.err
    checks = {check.name: check for check in report.report(Settings(data=str(folder)))}
    assert not (checks["data folder"].ok and checks["database"].ok)


def test_the_server_says_one_sentence(tmp_path):
    a_damaged_database(tmp_path / "data")
    server = Server(tmp_path / "data")
    assert server.wait() == 2
    assert "".join(server.errors).count("\n") == 1
    assert "is damaged" in server.errors[0]


def test_a_read_only_disk(tmp_path, capsys):
    with small_disk(tmp_path / "disk", 40) as disk:
        data = str(disk / "data")
        assert main(["project", "create", "Streets", "--data", data]) == 0
        make_read_only(disk)
        capsys.readouterr()
        assert main(["project", "list", "--data", data]) == 0
        assert "Streets" in capsys.readouterr().out
        assert main(["export", "-", "--project", "Streets", "--data", data]) == 0
        assert json.loads(capsys.readouterr().out)["images"] == []
        assert main(["segmenters", "list", "--data", data]) == 0
        capsys.readouterr()
        for words in WRITING:
            assert main([*words.split(), "--data", data]) == 2
            assert "Read-only file system" in capsys.readouterr().err
        for folder in (data, str(disk / "new")):
            checks = {check.name: check for check in report.report(Settings(data=folder))}
            assert not checks["data folder"].ok
            assert checks["database"].ok


def test_a_backup_with_what_was_not_yet_in_the_database_itself(tmp_path, capsys):
    """Copied from under a server: the last commits are in the file beside it."""
    live = tmp_path / "live"
    assert main(["project", "create", "One", "--data", str(live)]) == 0
    with (
        small_disk(tmp_path / "disk", 20) as disk,
        closing(sqlite3.connect(live / "samphire.db")) as connection,
    ):
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("UPDATE projects SET name = 'Two' WHERE name = 'One'")
        connection.commit()
        (disk / "data").mkdir()
        for name in ("samphire.db", "samphire.db-wal"):
            shutil.copy(live / name, disk / "data")
        make_read_only(disk)
        capsys.readouterr()
        assert main(["project", "list", "--data", str(disk / "data")]) == 0
        assert "Two" in capsys.readouterr().out


def test_reading_leaves_an_older_schema_as_it_is(tmp_path, capsys):
    from tests.unit.storage.migrating import open_at

    (tmp_path / "data").mkdir()
    open_at(tmp_path / "data" / "samphire.db", "0001").close()
    assert main(["project", "list", "--data", str(tmp_path / "data")]) == 0
    assert "My images" in capsys.readouterr().out
    with closing(sqlite3.connect(tmp_path / "data" / "samphire.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
def test_a_pipe_that_nobody_reads_is_no_failure_to_tell(tmp_path):
    command = f"{sys.executable} -m server.cli.main project list --data {tmp_path} | true"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_what_the_system_refuses_is_a_sentence_too(tmp_path, capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr("server.cli.commands.pictures_in", refuse)
    assert main(["encode", ".", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "samphire: /somewhere: Permission denied.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("flags", [(), ("--team",)])
def test_a_team_s_server_says_that_every_user_can_read_its_database(flags):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "samphire.db").touch(0o644)
        server = Server(Path(folder), *flags)
        assert server.stop() == 0
    told = [line for line in server.errors if "can read" in line]
    assert len(told) == bool(flags), server.errors
