"""Where the files of an import come from, and which of them are pictures. Names are only names here: nothing is written
where they point to."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ....domain.outside.file_names import MOST_BYTES, canonical, fault
from ....domain.outside.name_encodings import decode_names
from ....domain.outside.picture_names import PICTURE_SUFFIXES
from ....errors import InvalidArchive
from ..formats.source import Known, Source

_Identity = tuple[int, int]  # of a folder: its device and its number there
MOST_FILES = 500_000
TWICE = "Another file has the same name; only the first is imported."
_OTHER_PICTURES = (".jxl", ".svg", ".psd", ".dng", ".cr2", ".nef", ".dcm")
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".zst")
_OF_SYSTEMS = re.compile(r"(^|/)(\.[^./][^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(/|$)")


@dataclass(frozen=True)
class Member:
    """One file; `name` is canonical. `problem`: a sentence why it is not read. What `open` gives is good until the next
    member."""

    name: str
    open: Callable[[], BinaryIO]
    problem: str | None = None


class Files(Protocol):
    """`total`: how many files there are, where that is known before they were all met."""

    total: int | None

    def members(self) -> Iterator[Member]:
        """Raises InvalidArchive, also half-way: what came before it is good."""
        ...

    def source(self, known: Known | None = None) -> Source:
        """The same files for a reader of a format, in any order. Raises InvalidArchive."""
        ...

    def close(self) -> None: ...


class NamedFiles:
    """Files of this machine by the names they are to have; `problems`: names of others, and why they are not read."""

    def __init__(self, paths: Mapping[str, Path], problems: Sequence[tuple[str, str]] = ()) -> None:
        self._paths, self._problems = dict(sorted(paths.items())), problems
        self.total: int | None = len(self._paths) + len(self._problems)

    def members(self) -> Iterator[Member]:
        for name, problem in self._problems:
            yield Member(name, _nothing, problem)
        for name, path in self._paths.items():
            yield Member(name, lambda path=path: path.open("rb"), problem_of(name))

    def source(self, known: Known | None = None) -> Source:
        return Source(self._paths, lambda name: self._paths[name].open("rb"), known)

    def close(self) -> None:
        pass


def folder_files(folder: Path) -> NamedFiles:
    """Every file under a folder, by its path in there; names that start with a dot are the system's.

    Links are followed: whoever names the folder may read what they lead to. Never for what was sent by others."""
    paths: dict[str, Path] = {}
    problems: list[tuple[str, str]] = []
    found = list(_walk(folder))
    for name, (_, path, problem) in zip(decode_names([raw for raw, *_ in found]), found, strict=True):
        name = canonical(name)
        problem = TWICE if problem is None and name in paths else problem
        if problem is not None:
            problems.append((name, problem))
        else:
            paths[name] = path
    return NamedFiles(paths, problems)


def _walk(root: Path) -> Iterator[tuple[bytes, Path, str | None]]:
    """(name, path, problem) of each file under a folder."""
    # With the folders that each lies in, to tell links that lead back.
    waiting: list[tuple[Path, bytes, tuple[_Identity, ...]]] = [(root, b"", (_identity(root),))]
    while waiting:
        folder, before, above = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            yield before, folder, f"This folder cannot be read ({error.strerror})."
            continue
        for entry in entries:
            path, name = Path(entry.path), before + os.fsencode(entry.name)
            if is_of_system(entry.name):
                continue
            path = _written_link(path) if entry.is_file() else path
            if path.is_dir():
                if (identity := _identity(path)) in above:
                    yield name, path, "This link leads back to a folder that contains it."
                else:
                    waiting.append((path, name + b"/", (*above, identity)))
            elif path.is_file():
                yield name, path, None
            elif entry.is_symlink():
                yield name, path, "This link leads nowhere."


def _written_link(path: Path) -> Path:
    """The folder that a file stands for: git writes a link so where the system has none, as a file with the path."""
    if path.suffix or path.stat().st_size > MOST_BYTES:
        return path
    try:
        folder = path.parent / path.read_text("utf-8")
        return folder if folder.is_dir() else path
    except (OSError, ValueError):
        return path


def _identity(folder: Path) -> _Identity:
    status = folder.stat()
    return status.st_dev, status.st_ino


class Budget:
    """What an archive may unpack to: so many times its size, so many files, and so much for their names.

    All methods raise InvalidArchive."""

    _TIMES, _BESIDES = 100, 1_000_000_000
    _NAME_TIMES, _NAMES_BESIDES = 4, 4_000_000

    def __init__(self, archive_bytes: int) -> None:
        self._left = self._TIMES * archive_bytes + self._BESIDES
        self._left_for_names = self._NAME_TIMES * archive_bytes + self._NAMES_BESIDES
        self._files = MOST_FILES

    def take(self, size: int, name_bytes: int) -> None:
        """For a file."""
        self.spend(size)
        self._left_for_names -= name_bytes
        self._files -= 1
        if self._left_for_names < 0:
            raise InvalidArchive(
                f"The names in this archive are more than {self._NAME_TIMES} times its size."
            )
        if self._files < 0:
            raise InvalidArchive(
                f"This archive holds more than {MOST_FILES} files.", hint="Pack them into several archives."
            )

    def spend(self, size: int) -> None:
        """For bytes of any kind."""
        self.expect(size)
        self._left -= size

    def expect(self, size: int) -> None:
        """That so many bytes are to come."""
        if size > self._left:
            raise InvalidArchive(
                f"This archive unpacks to more than {self._TIMES} times its size, so it was not opened.",
                hint="Import the images themselves, or several smaller archives.",
            )


def problem_of(name: str) -> str | None:
    """A sentence about a file that is not read whatever it holds."""
    if name.lower().endswith(_ARCHIVES):
        return fault(name) or "Archives inside archives are not opened. Unpack it first."
    return fault(name)


def is_picture(name: str) -> bool:
    """Whether it should be one: also of kinds that are refused, so that people are told."""
    return name.lower().endswith((*PICTURE_SUFFIXES, *_OTHER_PICTURES))


def is_of_system(name: str) -> bool:
    """Files that operating systems put beside people's."""
    return _OF_SYSTEMS.search(name) is not None


def _nothing() -> BinaryIO:
    raise FileNotFoundError
