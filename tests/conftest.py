"""What every test may ask for."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler.loadscope import LoadScopeScheduling

from server.cli.main import main
from server.features.images import uploads
from server.features.pictures.bounds import Limits
from server.features.pictures.reader import PictureReader
from server.storage.engine import Database

settings.register_profile("any machine", deadline=None)  # a busy one is no failure
settings.load_profile("any machine")


class _BrowsersBesideTheRest(LoadScopeScheduling):
    """For `pytest -n 2`: one process drives browsers, another runs the other files meanwhile. Two browsers at a time
    take longer than one after the other."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> LoadScopeScheduling:
    config.option.loadscopereorder = False  # the browser tests are collected early and take longest
    return _BrowsersBesideTheRest(config, log)


class _Kept(PictureReader):
    """Goes on when an app is closed: the next one of the run uses its processes."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="session", autouse=True)
def kept_readers() -> Iterator[None]:
    """Apps of this process share what reads images: starting such a process takes half a second."""
    readers: list[_Kept] = []

    @cache
    def kept(limits: Limits) -> PictureReader:
        readers.append(_Kept(limits))
        return readers[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "PictureReader", kept)
        yield
    for reader in readers:
        super(_Kept, reader).close()


@pytest.fixture(scope="session", autouse=True)
def kept_schema(tmp_path_factory) -> Iterator[None]:
    """New databases of this process are copies of one: to migrate each from nothing takes half a second."""
    migrate = Database.migrate

    @cache
    def migrated() -> bytes:
        file = tmp_path_factory.mktemp("schema") / "new.db"
        database = Database(f"sqlite:///{file}")
        migrate(database)
        database.close()
        return file.read_bytes()

    def copied(self: Database) -> None:
        file = Path(self.engine.url.database or "")
        if file.parent.is_dir() and (not file.exists() or file.stat().st_size == 0):
            file.write_bytes(migrated())
        migrate(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "migrate", copied)
        yield


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder of photographs, goldens and evaluation sets that SAMPHIRE_EVAL_DATA names; the repository has none."""
    folder = os.environ.get("SAMPHIRE_EVAL_DATA")
    if not folder:
        pytest.skip("set SAMPHIRE_EVAL_DATA to a folder with goldens and photographs to run this")
    return Path(folder)


@pytest.fixture(scope="session")
def sam2(tmp_path_factory) -> Path:
    """The installed folder of SAM 2 tiny, pulled (184 MB) once a run, or once for all into SAMPHIRE_TEST_SEGMENTERS."""
    folder = os.environ.get("SAMPHIRE_TEST_SEGMENTERS") or tmp_path_factory.mktemp("sam2")
    installed = Path(folder) / "segmenters" / "sam2_hiera_tiny"
    if not installed.is_dir() and main(["segmenters", "pull", installed.name, "--data", str(folder)]) != 0:
        pytest.skip("SAM 2 tiny could not be pulled from the registry")
    return installed
