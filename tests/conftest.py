"""What every test may ask for."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from werkzeug.routing import Rule
from xdist.scheduler.loadscope import LoadScopeScheduling

from server.cli.main import main
from server.features.images import uploads
from server.features.pictures.bounds import Limits
from server.features.pictures.reader import PictureReader
from server.storage.engine import Database
from tests.buckets import KEYS, Store, new_bucket, storing
from tests.elsewhere import VARIABLE, Elsewhere

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
def kept_builders() -> Iterator[None]:
    """Apps of this process share the functions that werkzeug compiles for each address, which takes most of the time
    an app takes to make."""
    compiled, compile_builder = dict[Any, Any](), Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = append_unknown, tuple(rule._trace), repr(rule.defaults)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[Elsewhere | None]:
    """Where this run keeps its databases, if not in files."""
    url = os.environ.get(VARIABLE)
    if not url:
        yield None
        return
    server = Elsewhere(url)
    yield server
    server.close()


@pytest.fixture(autouse=True)
def databases_dropped(request: pytest.FixtureRequest, elsewhere: Elsewhere | None) -> Iterator[None]:
    """Those that a test made in its own folder."""
    if elsewhere is None or "tmp_path" not in request.fixturenames:
        yield
        return
    folder = request.getfixturevalue("tmp_path")
    yield
    elsewhere.drop(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(VARIABLE):
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="about SQLite's own file"))


@pytest.fixture(scope="session", autouse=True)
def kept_schema(tmp_path_factory, elsewhere: Elsewhere | None) -> Iterator[None]:
    """New databases of this process are copies of one: to migrate each from nothing takes half a second."""
    migrate = Database.migrate
    if elsewhere is not None:
        with pytest.MonkeyPatch.context() as patch:
            elsewhere.take_over(patch)
            yield
        return

    @cache
    def migrated() -> tuple[bytes, str | None]:
        file = tmp_path_factory.mktemp("schema") / "new.db"
        database = Database(f"sqlite:///{file}")
        migrate(database)
        database.close()
        return file.read_bytes(), database._migrated_to

    def copied(self: Database) -> None:
        file = Path(self.engine.url.database or "")
        is_file = self.engine.dialect.name == "sqlite"
        if is_file and file.parent.is_dir() and (not file.exists() or file.stat().st_size == 0):
            content, self._migrated_to = migrated()
            file.write_bytes(content)
        else:
            migrate(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "migrate", copied)
        yield


@pytest.fixture(scope="session")
def s3_server() -> Iterator[tuple[Store, str]]:
    with storing() as found:
        yield found


@pytest.fixture
def s3(s3_server: tuple[Store, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store in which `s3_bucket` is; as it should be again at the end."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    yield s3_server[0]
    s3_server[0].recover()


@pytest.fixture
def s3_bucket(s3: Store, s3_server: tuple[Store, str]) -> str:
    """A new bucket, as the setting names it."""
    name = new_bucket(s3_server[1])
    s3.recover()
    return name


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
