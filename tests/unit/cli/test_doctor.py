"""`samphire doctor` names what is missing and how to mend it, and its exit status tells."""

import json
import sqlite3
from contextlib import closing

import pytest

from server.cli.doctor import data
from server.cli.doctor import report as doctor
from server.config import Settings
from server.lab import chromium
from server.modelkit.vendoring import sha256_or_none


@pytest.fixture
def settings(tmp_path):
    return Settings(data=str(tmp_path / "data"))


def _check(settings, name):
    return next(check for check in doctor.report(settings) if check.name == name)


def _finish(folder, **files):
    """Write files and the stamp that says they are complete."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    digests = {name: sha256_or_none(folder / name) for name in files}
    (folder / "installed.json").write_text(json.dumps({"key": "", "files": digests}), "utf-8")


def test_everything_is_in_place_here(settings, capsys):
    assert doctor.main(settings) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("Everything needed is in place.\n")
    for expected in ("samphire", "python", "onnxruntime providers", "CPUExecutionProvider", "mobile_sam"):
        assert expected in printed


@pytest.mark.sqlite
def test_it_makes_nothing(settings):
    doctor.report(settings)
    assert not settings.data_path.exists()


def test_a_changed_browser_file_is_named(settings, tmp_path, monkeypatch, capsys):
    _finish(tmp_path / "static" / "vendor", one="as fetched", two="as fetched")
    (tmp_path / "static" / "vendor" / "two").write_text("changed", "utf-8")
    monkeypatch.setattr(doctor, "STATIC", tmp_path / "static")
    check = _check(settings, "browser packages")
    assert not check.ok
    assert check.value == "missing or changed: two"
    assert "pip install" in check.mend
    assert doctor.main(settings) == 1
    assert "browser packages" in capsys.readouterr().out.splitlines()[-1]


def test_a_segmenter_that_is_not_installed_lists_those_that_are(settings):
    check = _check(Settings(data=settings.data, segmenter="sam_vit_z"), "segmenter sam_vit_z")
    assert not check.ok
    assert "mobile_sam" in check.value


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("not a folder", "utf-8")
    check = _check(Settings(data=str(tmp_path / "file" / "data")), "data folder")
    assert not check.ok
    assert "--data" in check.mend


def test_a_file_in_the_place_of_a_folder_is_told(settings):
    settings.data_path.mkdir()
    (settings.data_path / "blobs").write_text("not a folder")
    check = _check(settings, "data folder")
    assert not check.ok
    assert check.value.endswith("blobs cannot be written")


@pytest.mark.sqlite
@pytest.mark.parametrize(("revision", "ok"), [("0001", True), ("9999", False)])
def test_a_database_of_a_newer_samphire_is_told(settings, revision, ok):
    settings.data_path.mkdir()
    with closing(sqlite3.connect(settings.data_path / "samphire.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        connection.commit()
    check = _check(settings, "database")
    assert check.ok is ok
    assert revision in check.value


@pytest.mark.sqlite
def test_a_database_without_tables_is_made_at_the_next_start(settings):
    settings.data_path.mkdir()
    (settings.data_path / "samphire.db").touch()  # where a full disk ended the first start
    check = _check(settings, "database")
    assert check.ok
    assert check.value.endswith("at the next start")


@pytest.mark.sqlite
def test_a_damaged_database_is_told(settings):
    settings.data_path.mkdir()
    (settings.data_path / "samphire.db").write_bytes(b"not a database" * 100)
    assert not _check(settings, "database").ok


def test_samphire_works_without_chromium(settings, monkeypatch, tmp_path):
    monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "nothing"))
    check = _check(settings, "chromium")
    assert (check.ok, check.needed) == (False, False)
    assert "apt install chromium" in check.mend


def test_chromium_is_the_one_that_was_chosen(monkeypatch, tmp_path):
    program = tmp_path / "my-browser"
    program.touch()
    monkeypatch.setenv(chromium.VARIABLE, str(program))
    assert chromium.find_chromium() == program


def test_a_bucket_is_looked_at(s3_bucket, s3, tmp_path):
    settings = Settings(data=str(tmp_path), blobs=s3_bucket)
    [check] = data.bucket(settings)
    assert (check.ok, check.value.startswith("s3://test-")) == (True, True)
    [check] = data.bucket(
        Settings(data=str(tmp_path), blobs="s3://nowhere-at-all?" + s3_bucket.partition("?")[2])
    )
    assert (check.ok, "nowhere-at-all" in check.value) == (False, True)
    assert list(data.bucket(Settings(data=str(tmp_path)))) == []
