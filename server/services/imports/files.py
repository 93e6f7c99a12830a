"""Where the files of an import come from, and which of them are pictures. Names are only names here: nothing is written
where they point to."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from server.domain.file_names import canonical, decoded, fault
from server.errors import InvalidArchive
from server.formats.layout import PICTURE_SUFFIXES
from server.formats.source import Known, Source

MOST_FILES = 500_000
_OTHER_PICTURES = (".heic", ".heif", ".avif", ".jp2", ".jxl", ".svg", ".psd", ".dng", ".cr2", ".nef", ".dcm")
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
    """Files of this machine by the names they are to have, and by other names why they are not read."""

    def __init__(self, paths: Mapping[str, Path], problems: Mapping[str, str] | None = None) -> None:
        self._paths, self._problems = dict(sorted(paths.items())), dict(problems or {})
        self.total: int | None = len(self._paths) + len(self._problems)

    def members(self) -> Iterator[Member]:
        for name, problem in self._problems.items():
            yield Member(name, _nothing, problem)
        for name, path in self._paths.items():
            yield Member(name, lambda path=path: path.open("rb"), problem_of(name))

    def source(self, known: Known | None = None) -> Source:
        return Source(self._paths, lambda name: self._paths[name].open("rb"), known)

    def close(self) -> None:
        pass


def folder_files(folder: Path) -> NamedFiles:
    """Every file under a folder, by its path in there; names that start with a dot are the system's."""
    paths: dict[str, Path] = {}
    for path in folder.rglob("*"):
        name = canonical(decoded(os.fsencode(path.relative_to(folder))))
        if path.is_file() and not is_of_system(name):
            paths[name] = path
    return NamedFiles(paths)


class Budget:
    """What an archive may unpack to: so many times its size, and so many files. `take` raises InvalidArchive."""

    _TIMES, _BESIDES = 100, 1_000_000_000

    def __init__(self, archive_bytes: int) -> None:
        self._left = self._TIMES * archive_bytes + self._BESIDES
        self._files = MOST_FILES

    def take(self, size: int) -> None:
        self._left -= max(0, size)
        self._files -= 1
        if self._left < 0:
            raise InvalidArchive(
                f"This archive unpacks to more than {self._TIMES} times its size, so it is not unpacked.",
                hint="Import the pictures themselves, or several smaller archives.",
            )
        if self._files < 0:
            raise InvalidArchive(
                f"This archive holds more than {MOST_FILES} files.", hint="Pack them into several archives."
            )


def problem_of(name: str) -> str | None:
    """A sentence about a file that is not read whatever it holds."""
    if name.lower().endswith(_ARCHIVES):
        return fault(name) or "An archive inside an archive is not opened: unpack it first."
    return fault(name)


def is_picture(name: str) -> bool:
    """Whether it should be one: also of kinds that are refused, so that people are told."""
    return name.lower().endswith((*PICTURE_SUFFIXES, *_OTHER_PICTURES))


def is_of_system(name: str) -> bool:
    """Files that operating systems put beside people's."""
    return _OF_SYSTEMS.search(name) is not None


def _nothing() -> BinaryIO:
    raise FileNotFoundError
