"""`samphire backup` and `samphire restore`: what they say, and what they refuse."""

import pytest

from server.cli.main import main


@pytest.fixture
def run(tmp_path, capsys):
    def call(*words, data="data"):
        status = main([*map(str, words), "--data", str(tmp_path / data)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


@pytest.mark.sqlite
def test_there_and_back(run, tmp_path):
    assert run("project", "create", "Streets")[0] == 0
    target = tmp_path / "backups"
    status, said = run("backup", target)
    assert status == 0, said
    assert "1 file, " in said
    status, said = run("backup", target, "--keep", 1)
    assert (status, "Deleted 1 older backup." in said) == (0, True)
    status, said = run("backup", target, "--verify")
    assert (status, "1 backup, 1 file: all as they were." in said) == (0, True)
    status, said = run("restore", target, data="new")
    assert (status, "is restored: 1 file into" in said) == (0, True), said
    assert "Streets" in run("project", "list", data="new")[1]
    status, said = run("restore", target, data="new")
    assert (status, "is not empty" in said) == (2, True)


@pytest.mark.sqlite
def test_what_is_damaged_is_named(run, tmp_path):
    assert run("project", "create", "Streets")[0] == 0
    target = tmp_path / "backups"
    run("backup", target)
    file = next(target.rglob("samphire.db"))
    file.write_bytes(file.read_bytes() + b" ")
    status, said = run("backup", target, "--verify")
    assert (status, f"{file} is damaged." in said) == (1, True)
    status, said = run("restore", target, data="new")
    assert (status, f"{file} is damaged" in said) == (2, True)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["backup", "TMP/backups"], "There is no database"),
        (["backup", "TMP/data/backups"], "There is no database"),
        (["backup", "TMP/backups", "--keep", "-1"], "--keep must be"),
        (["backup", "TMP/backups", "--verify"], "There is no backup"),
        (["restore", "TMP/backups"], "There is no backup"),
    ],
)
def test_what_cannot_be_done_is_said(words, told, run, tmp_path):
    status, said = run(*[word.replace("TMP", str(tmp_path)) for word in words])
    assert (status, told in said) == (2, True), said
    assert not (tmp_path / "data").exists()


@pytest.mark.sqlite
def test_a_backup_is_not_part_of_what_it_is_of(run, tmp_path):
    assert run("project", "create", "Streets")[0] == 0
    status, said = run("backup", tmp_path / "data" / "backups")
    assert (status, "cannot be kept in the data folder" in said) == (2, True)
