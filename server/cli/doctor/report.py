"""Every check, printed with how to mend what is not as it should be."""

import importlib
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ...config import Settings
from ...errors import UnsupportedSegmenter
from ...inference.catalog import DEFAULT, DESCRIPTION, open_catalog, read_spec
from ...lab.chromium import HOW_TO_GET_IT, find_chromium
from ...modelkit.vendoring import damaged_files
from ...paths import PUBLISHED_DECODER, STATIC, TEMPLATES, VERSION
from . import data
from .check import Check

_PACKAGES = {  # distribution -> what is imported of it
    "flask": "flask",
    "flask-socketio": "flask_socketio",
    "gevent": "gevent",
    "simple-websocket": "simple_websocket",
    "onnxruntime": "onnxruntime",
    "numpy": "numpy",
    "pillow": "PIL.Image",
    "pycocotools": "pycocotools.mask",
    "sqlalchemy": "sqlalchemy",
    "alembic": "alembic",
    "brotli": "brotli",
    "zstandard": "zstandard",
}
_INSTALL_AGAIN = (
    "Reinstall it: `pip install --force-reinstall samphire`, or `pip install .` in the source tree."
)


def main(settings: Settings) -> int:
    """Print the report; 0 when everything that is needed is there, else 1."""
    checks = report(settings)
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark = "ok" if check.ok else "!!" if check.needed else "--"
        print(f"{mark}  {check.name:<{width}}  {check.value}")
        if not check.ok and check.mend:
            print(f"    {'':<{width}}  {check.mend}")
    broken = [check.name for check in checks if check.needed and not check.ok]
    print(f"\nMissing or broken: {', '.join(broken)}." if broken else "\nEverything needed is in place.")
    return 1 if broken else 0


def report(settings: Settings) -> list[Check]:
    """Every check, in the order a person reads them."""
    return [
        Check("samphire", True, f"{VERSION} in {Path(__file__).resolve().parent}"),
        Check(
            "python",
            sys.version_info >= (3, 11),
            f"{platform.python_version()} ({sys.executable})",
            "Use 3.11 or newer.",
        ),
        Check("platform", True, f"{platform.platform()}, {os.cpu_count()} cores"),
        *(_package(name, module) for name, module in _PACKAGES.items()),
        _providers(),
        _pages(),
        _vendor(),
        *_segmenters(settings),
        data.data_folder(settings.data_path),
        data.database(settings),
        *data.bucket(settings),
        *data.redis(settings),
        data.free_disk(settings.data_path),
        *data.files(settings),
        _reference_decoder(),
        _chromium(),
    ]


def _package(name: str, module: str) -> Check:
    try:
        importlib.import_module(module)
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(name, False, "not installed", f"`pip install {name}`")
    except (ImportError, OSError) as error:  # OSError: a shared library that does not load
        return Check(name, False, f"does not load: {error}", f"`pip install --force-reinstall {name}`")


def _providers() -> Check:
    try:
        import onnxruntime

        providers = onnxruntime.get_available_providers()
    except (ImportError, OSError) as error:
        return Check(
            "onnxruntime providers", False, str(error), "`pip install --force-reinstall onnxruntime`"
        )
    return Check(
        "onnxruntime providers", "CPUExecutionProvider" in providers, ", ".join(providers), _INSTALL_AGAIN
    )


def _pages() -> Check:
    missing = [
        str(path) for path in (STATIC / "js" / "pages" / "annotate.js", TEMPLATES) if not path.exists()
    ]
    return Check(
        "pages", not missing, f"missing: {', '.join(missing)}" if missing else str(STATIC), _INSTALL_AGAIN
    )


def _vendor() -> Check:
    damaged = damaged_files(STATIC / "vendor", in_wheel_only=True)
    value = (
        f"missing or changed: {', '.join(damaged)}"
        if damaged
        else "onnxruntime-web, socket.io-client, signals-core, lean-qr"
    )
    return Check("browser packages", not damaged, value, _INSTALL_AGAIN)


def _segmenters(settings: Settings) -> Iterator[Check]:
    """A line for each segmenter, half-there ones too, then one for each of its files with its hash."""
    from ...modelkit.catalogue.checking import (
        another_encoder,
        foreign_encoders,
        mend,
        segmenter_folders,
        wrong_files,
    )

    installed, found = open_catalog(settings.data_path).installed(), set()
    for folder in segmenter_folders(settings):
        name = f"segmenter {folder.name}"
        needed = folder.name in (settings.segmenter, DEFAULT)
        try:
            spec = read_spec(folder)
        except (OSError, UnsupportedSegmenter) as error:
            said = (
                error.message
                if isinstance(error, UnsupportedSegmenter)
                else f"{DESCRIPTION}: {error.strerror}"
            )
            yield Check(name, False, said, mend(folder), needed)
            continue
        found.add(spec.id)
        yield Check(name, True, f"{spec.title}, {spec.licence}, weights {spec.weights}")
        wrong = {file: list(wrong_files(spec, [file])) for file in spec.sha256}
        for file, expected in spec.sha256.items():
            yield Check(
                f"  {file}",
                not wrong[file],
                "; ".join(wrong[file]) or f"sha256 {expected}",
                mend(folder),
                needed,
            )
        foreign = foreign_encoders(spec, installed)
        if foreign:
            yield Check("  encoder", False, another_encoder(spec, foreign), mend(folder), needed)
    if settings.segmenter not in found:
        known = ", ".join(sorted(found)) or "none"
        mending = (
            _INSTALL_AGAIN if settings.segmenter == DEFAULT else "Choose an installed one with --segmenter."
        )
        yield Check(f"segmenter {settings.segmenter}", False, f"not installed (installed: {known})", mending)


def _reference_decoder() -> Check:
    path = PUBLISHED_DECODER
    mend = "Only `samphire bench` compares with it, from a source checkout that `pip install .` was run in."
    return Check(
        "reference decoder", path.is_file(), str(path) if path.is_file() else "not here", mend, needed=False
    )


def _chromium() -> Check:
    program = find_chromium()
    mend = f"Only the browser tests and `samphire bench` need it. {HOW_TO_GET_IT}"
    return Check("chromium", program is not None, str(program or "not found"), mend, needed=False)
