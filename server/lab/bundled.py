"""The pages as a wheel carries them, made of a checkout; and `samphire` serving them, as a program of its own.

`samphire bench` and the browser tests look at these: a checkout's 250 modules are no page that people are sent.
"""

import os
import runpy
from importlib.util import resolve_name
from pathlib import Path

from .. import paths
from ..modelkit.bundling import BUNDLED, bundle
from ..modelkit.vendoring import ensure

FOLDER = "BUNDLED_STATIC"  # the environment variable; without it the program's own files are served
PROGRAM = resolve_name(".bundled", __package__)  # for `python -m`


def make_static(folder: Path) -> None:
    """What `samphire/static` of a wheel is, in `folder`, from this checkout. Raises VendoringFailed."""
    checkout = paths.STATIC.parent
    ensure(checkout, lambda line: None)
    bundle(checkout, folder)
    for own in paths.STATIC.iterdir():
        if own.name not in BUNDLED:
            (folder / own.name).symlink_to(own, target_is_directory=True)


def serve_bundled() -> None:
    """Have this process serve what FOLDER names, if it names something."""
    if folder := os.environ.get(FOLDER):
        paths.STATIC = Path(folder)


if __name__ == "__main__":
    serve_bundled()
    runpy.run_module(resolve_name("..cli.main", __package__), run_name="__main__")
