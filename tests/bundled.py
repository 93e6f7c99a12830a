"""`python -m tests.bundled`: `samphire` with the pages as a wheel carries them, from the folder that FOLDER names."""

import os
import sys
from pathlib import Path

from server import paths
from server.cli.main import main
from server.modelkit.bundling import BUNDLED, bundle
from server.modelkit.vendoring import ensure

FOLDER = "BUNDLED_STATIC"  # the environment variable; without it the checkout's own files are served
ROOT = Path(__file__).resolve().parents[1]


def make_static(folder: Path) -> None:
    """What `server/static` of a wheel is, in `folder`."""
    ensure(ROOT, lambda line: None)
    bundle(ROOT, folder)
    for own in (ROOT / "static").iterdir():
        if own.name not in BUNDLED:
            (folder / own.name).symlink_to(own, target_is_directory=True)


def serve_bundled() -> None:
    """Have this process serve what FOLDER names, if it names something."""
    if folder := os.environ.get(FOLDER):
        paths.STATIC = Path(folder)


if __name__ == "__main__":
    serve_bundled()
    sys.exit(main(sys.argv[1:]))
