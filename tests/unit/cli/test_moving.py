"""`samphire migrate-to` refuses what it cannot do before it does anything; `doctor` tells of a database server."""

import subprocess
import sys

import pytest

from server.cli.doctor import data
from server.cli.main import main
from server.config import Settings
from server.storage.blobs import open_store
from server.storage.data_lock import DataLock
from server.storage.engine import Database

NOWHERE = "postgresql://ann:sekret@127.0.0.1:1/d"


@pytest.fixture
def run(tmp_path, capsys):
    def call(*words):
        status = main([*words, "--data", str(tmp_path / "data")])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


@pytest.fixture
def used(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    Database.open(f"sqlite:///{folder / 'samphire.db'}").close()
    return folder


def test_without_a_database_nothing_is_made(run, tmp_path):
    status, said = run("migrate-to", NOWHERE)
    assert status == 2
    assert "There is no database" in said
    assert not (tmp_path / "data").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("sqlite", "used already"),
        ("mysql://ann:sekret@h/d", "must be like postgresql"),
        (NOWHERE, "cannot be reached"),
    ],
)
def test_what_is_no_other_database_is_refused(run, used, target, told):
    before = {path: path.read_bytes() for path in used.glob("samphire.db")}
    status, said = run("migrate-to", target)
    assert status == 2
    assert told in said
    assert "sekret" not in said
    assert {path: path.read_bytes() for path in used.glob("samphire.db")} == before


@pytest.mark.sqlite
def test_a_file_that_is_there_is_not_written_into(run, used):
    status, said = run("migrate-to", "sqlite", "--database", NOWHERE)
    assert status == 2
    assert "is there already" in said


@pytest.mark.sqlite
def test_a_file_that_has_been_moved_is_not_begun_anew(run, used):
    (used / "samphire.db").rename(used / "samphire.db.moved")
    status, said = run("project", "create", "Fields")
    assert status == 2
    assert "has been moved to another database" in said
    assert not (used / "samphire.db").exists()


def alone(folder):
    """Runs commands in processes of their own: in this one every file is a database of the server."""

    def run(*words):
        command = [sys.executable, "-m", "server.cli.main", *words, "--data", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_there_and_back(elsewhere, tmp_path):
    if elsewhere is None:
        pytest.skip("set SAMPHIRE_TEST_DATABASE to a database of a PostgreSQL server to run this")
    url, folder = elsewhere.url_at(str(tmp_path / "target.db")), tmp_path / "data"
    run = alone(folder)

    def files():
        return sorted(path.name for path in folder.glob("samphire.*"))

    status, said = run("project", "create", "Streets")
    assert (status, files()) == (0, ["samphire.db"]), said
    status, said = run("migrate-to", url)
    assert (status, files()) == (0, ["samphire.db.moved"]), said
    assert "Streets" in run("project", "list", "--database", url)[1]
    status, said = run("project", "create", "Fields")
    assert (status, files()) == (2, ["samphire.db.moved"]), said
    status, said = run("migrate-to", "sqlite", "--database", url)
    assert (status, files()) == (0, ["samphire.db", "samphire.db.moved"]), said
    assert "Streets" in run("project", "list")[1]


def test_the_former_database_does_not_get_at_the_bucket(elsewhere, tmp_path, s3_bucket, s3):
    if elsewhere is None:
        pytest.skip("set SAMPHIRE_TEST_DATABASE to a database of a PostgreSQL server to run this")
    former = ("--database", elsewhere.url_at(str(tmp_path / "source.db")), "--blobs", s3_bucket)
    run = alone(tmp_path / "data")
    status, said = run("project", "create", "Streets", *former)
    assert status == 0, said
    status, said = run("migrate-to", "sqlite", *former[:2])
    assert status == 0, said
    status, said = run("project", "create", "Fields", *former)
    assert (status, "belongs to another Samphire" in said) == (2, True), said
    status, said = run("project", "create", "Fields", "--blobs", s3_bucket)
    assert status == 0, said


def test_doctor_tells_that_a_server_cannot_be_reached(tmp_path):
    check = data.database(Settings(data=str(tmp_path), database=NOWHERE))
    assert not check.ok
    assert "cannot be reached" in check.value
    assert "sekret" not in f"{check}"


def test_doctor_tells_of_a_parameter_that_nobody_knows(tmp_path):
    check = data.database(Settings(data=str(tmp_path), database=f"{NOWHERE}?nonsense=1"))
    assert (check.ok, "nonsense" in check.value, "sekret" in f"{check}") == (False, True, False)


def test_doctor_tells_the_schema_of_a_server(elsewhere, tmp_path):
    if elsewhere is None:
        pytest.skip("set SAMPHIRE_TEST_DATABASE to a database of a PostgreSQL server to run this")
    url = elsewhere.url_at(str(tmp_path / "x.db"))
    check = data.database(Settings(data=str(tmp_path), database=url))
    assert check.ok
    assert check.value.startswith("postgresql://")


def test_images_go_into_a_bucket_and_back(tmp_path, capsys, s3_bucket, s3, monkeypatch):
    folder = tmp_path / "data"
    open_store(folder / "blobs").put("images/ab/abc/original.png", b"data")

    def run(*words):
        status = main([*words, "--data", str(folder)])
        said = capsys.readouterr()
        return status, said.out + said.err

    def there():
        return sorted(path.name for path in folder.glob("blobs*"))

    status, said = run("migrate-to", "--blobs", s3_bucket)
    assert (status, there()) == (0, ["blobs.moved"]), said
    assert (
        f"All of it (1 file) is in {s3_bucket.partition('?')[0]}; start the server with --blobs {s3_bucket}"
        in said
    )
    for command in (
        ("project", "create", "Fields"),
        ("export", str(tmp_path / "x")),
    ):
        status, said = run(*command)
        assert status == 2
        assert "has been moved to a bucket" in said
    assert run("project", "create", "Fields", "--blobs", s3_bucket)[0] == 0
    monkeypatch.setenv("SAMPHIRE_BLOBS", s3_bucket)
    assert run("migrate-to", "--blobs", s3_bucket)[0] == 2
    status, said = run("migrate-to", "--blobs", "folder")
    assert (status, there()) == (0, ["blobs", "blobs.moved"]), said
    with open_store(folder / "blobs").open("images/ab/abc/original.png") as file:
        assert file.read() == b"data"
    assert "is there already" in run("migrate-to", "--blobs", "folder")[1]
    monkeypatch.delenv("SAMPHIRE_BLOBS")
    assert run("project", "create", "Streets")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Name a database"),
        (["sqlite", "--blobs", "folder"], "One of both"),
        (["--blobs", "folder"], "already"),
        (["--blobs", "gs://sekret"], "must be like s3://"),
        (["--blobs", ""], "must have a name"),
        (["--blobs", "s3://bucket"], "There is no folder"),
    ],
)
def test_what_cannot_be_copied_is_refused(run, used, words, told):
    status, said = run("migrate-to", *words)
    assert status == 2
    assert told in said
    assert "sekret" not in said


@pytest.mark.sqlite
def test_nothing_is_copied_while_a_server_uses_the_folder(run, used):
    (used / "blobs").mkdir()
    with DataLock(used):
        status, said = run("migrate-to", "--blobs", "s3://bucket")
    assert status == 2
    assert "is using the data folder" in said
