"""Finished steps of an export, so that one that was killed goes on from the last of them.

A step is a folder that appears by a rename when its files are all there. `made.json` in it tells what they were made of
and their hashes; a step that was made of something else, or is not what it was, is made again.
"""

import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import Conflict, SamphireError
from ...storage.data_lock import DataLock
from .progress import Progress

_MADE = "made.json"
_MAKING = ".making"  # what the name of an unfinished step ends with


class Workspace:
    """The folder `path`, held by one export at a time."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self.path = path
        self._progress = progress
        self._made_of: dict[str, Any] = {}

    def step(self, name: str, made_of: Mapping[str, Any], make: Callable[[Path], None]) -> Path:
        """The step's folder, filled by `make` unless an earlier export did so from the same things.

        `made_of` is JSON, and what earlier steps were made of counts as well. Raises OSError and what `make` raises.
        """
        self._progress.step(name)
        self._made_of[name] = made_of
        folder, made_of = self.path / name, dict(self._made_of)
        if _is_made(folder, made_of):
            self._progress.say(f"{name}: finished by an earlier export, taken from {self.path.name}")
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        making = self.path / (name + _MAKING)
        making.mkdir()
        make(making)
        files = {path.name: sha256(path) for path in sorted(making.iterdir())}
        (making / _MADE).write_text(json.dumps({"made_of": made_of, "files": files}, indent=2), "utf-8")
        making.rename(folder)
        return folder

    def finished(self) -> list[str]:
        """Names of the steps that are there."""
        return sorted(
            path.parent.name for path in self.path.glob(f"*/{_MADE}") if path.parent.suffix != _MAKING
        )


@contextmanager
def held(path: Path, progress: Progress) -> Iterator[Workspace]:
    """A Workspace, made or found at `path`.

    It is deleted when all went well, when nothing is to come of it (a SamphireError), and at Ctrl-C. After anything
    else, a full disk or the end of the process, finished steps are kept. Raises Conflict, OSError.
    """
    if path.exists() and not _is_workspace(path, progress.steps):
        raise Conflict(
            f"{path} is in the way: it is not from an export.", hint="Move it, or name another folder."
        )
    path.mkdir(parents=True, exist_ok=True)
    lock = DataLock(path)
    try:
        lock.__enter__()
    except Conflict:
        hint = "Wait for it, or name another folder."
        raise Conflict(f"Another export is working in {path}.", hint=hint) from None
    workspace = Workspace(path, progress)
    keep = False
    try:
        # also those of steps not asked for: onnx refuses weights that have a second link
        for folder in list(path.glob(f"*{_MAKING}")):
            shutil.rmtree(folder)
        yield workspace
    except (KeyboardInterrupt, SamphireError):
        raise
    except BaseException:
        keep = bool(workspace.finished())
        raise
    finally:
        with _uninterrupted():
            lock.__exit__(None, None, None)  # first: Windows deletes no file that is open
            for folder in list(path.glob(f"*{_MAKING}")) if keep else [path]:
                shutil.rmtree(folder, ignore_errors=True)


def content(step: Path) -> list[Path]:
    """A finished step's own files."""
    return sorted(path for path in step.iterdir() if path.name != _MADE)


def take(step: Path, target: Path) -> None:
    """Make the finished step's folder the new folder `target`, of its own files alone. Raises OSError."""
    (step / _MADE).unlink()
    step.rename(target)


def link(file: Path, new: Path) -> None:
    """The same file under another name too, or a copy where the disk knows no links. Raises OSError."""
    try:
        os.link(file, new)
    except OSError:
        shutil.copyfile(file, new)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_workspace(path: Path, steps: Collection[str]) -> bool:
    """Whether nothing but steps lies in the folder, which may then be deleted."""
    known = {"server.lock", *steps, *(step + _MAKING for step in steps)}
    return path.is_dir() and known.issuperset(one.name for one in path.iterdir())


def _is_made(folder: Path, made_of: Mapping[str, Any]) -> bool:
    try:
        said = json.loads((folder / _MADE).read_text("utf-8"))
        if said["made_of"] != json.loads(json.dumps(made_of)):
            return False
        return {path.name: sha256(path) for path in content(folder)} == said["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A second Ctrl-C waits until what the first one asked for is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
