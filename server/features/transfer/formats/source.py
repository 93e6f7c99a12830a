"""What a reader reads from: files by relative path, and the pictures they may speak of. Knows no file format."""

import codecs
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ....domain.outside.picture_names import is_picture
from ....domain.picture_size import upright_size
from .layout import is_mask
from .matching import Match, Names

Known = Mapping[str, tuple[int, int] | tuple[int, int, str] | None]
"""Width, height and perhaps id of a project's images by their names; None where several are called so."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 1 << 16
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


class Unreadable(Exception):
    """A file, or an element of one, that cannot be used: what was found, and what was expected instead.

    `note`: it could never have been a mask; it is listed, and refuses nothing.
    """

    def __init__(self, found: str, expected: str, note: bool = False) -> None:
        self.found, self.expected, self.note = found, expected, note
        super().__init__(found)


class Source:
    """Files, and images of known size.

    `known` are a project's images. Annotations are matched with the images among the files; where there are none, with
    the project's. Files in folders for masks are masks, and match only a name that is their whole path.
    """

    def __init__(
        self, paths: Iterable[str], open_file: Callable[[str], BinaryIO], known: Known | None = None
    ) -> None:
        self.paths = sorted(paths)
        self._open = open_file
        self.inside: dict[str, Callable[[], BinaryIO]] = {}
        self.kinds: dict[str, str | None] = {}  # of JSON files, as `json_kinds` found them
        pictures = [path for path in self.paths if is_picture(path)]
        self._files = [path for path in pictures if not is_mask(path)]
        self._masks = set(pictures).difference(self._files)
        known = known or {}
        self._sizes: dict[str, tuple[int, int] | None] = {}
        root = _shared_folders(self.paths)
        if known and not self._files:
            self._sizes.update({name: one and (one[0], one[1]) for name, one in known.items()})
            twice = frozenset(name for name, one in known.items() if one is None)
            ids = {one[2]: name for name, one in known.items() if one and len(one) > 2}
            self._names = Names(known, root, of_project=True, twice=twice, ids=ids)
            self._names.see(self.paths)
        else:
            self._names = Names(self._files, root)
        for path in sorted(self._masks):
            self._names.add(path, mask=True)
        self._of_project = sorted(self._sizes)

    @classmethod
    def folder(cls, folder: Path, known: Known | None = None) -> "Source":
        """Every file under a folder, or one file alone; names that start with a dot are the system's."""
        if folder.is_file():
            return cls([folder.name], lambda _: folder.open("rb"), known)
        paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
        seen = [path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)]
        return cls(seen, lambda path: (folder / path).open("rb"), known)

    @classmethod
    def archive(cls, archive: zipfile.ZipFile, known: Known | None = None) -> "Source":
        """The members of a zip file. Names are only names here: nothing is written anywhere."""
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        seen = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
        return cls(seen, lambda path: archive.open(path), known)  # type: ignore[arg-type, return-value]

    @classmethod
    def memory(cls, files: Mapping[str, bytes], known: Known | None = None) -> "Source":
        """Files by their bytes."""
        return cls(files, lambda path: io.BytesIO(files[path]), known)

    def offer(self, name: str, open_file: Callable[[], BinaryIO]) -> tuple[int, int] | None:
        """Take an image that lies inside another file as one of `pictures`, and list it in `inside`; its size.

        None, and it is not taken, when `open_file` raises OSError or gives no image.
        """
        self.inside[name] = open_file
        size = self.size(name)
        if size is None:
            del self.inside[name]
        else:
            self._names.add(name)
        return size

    @contextmanager
    def reading(self, path: str) -> Iterator[BinaryIO]:
        """The file, open. Raises Unreadable when it cannot be opened or its bytes are broken."""
        problem = Unreadable("a file that cannot be read", "an intact file")
        try:
            file = self.inside[path]() if path in self.inside else self._open(path)
        except (*_BROKEN, KeyError, RuntimeError) as error:  # of a zip: no such member, one with a password
            raise problem from error
        with file:
            try:
                yield file
            except _BROKEN as error:
                raise problem from error

    def head(self, path: str) -> str:
        """The first characters of a text file, without white space before them; "" when it cannot be read."""
        with suppress(Unreadable), self.reading(path) as file:
            data = file.read(_HEAD)
            return data.decode(encoding_of(data), "replace").lstrip()
        return ""

    def text(self, path: str, most: int) -> str:
        """A whole text file of at most so many bytes. Raises Unreadable."""
        with self.reading(path) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise Unreadable(f"more than {most >> 20} MB", "a smaller text file")
        try:
            return data.decode(encoding_of(data))
        except UnicodeDecodeError as error:
            raise Unreadable("bytes that are not UTF-8", "text in UTF-8") from error

    def ending(self, *suffixes: str) -> list[str]:
        """Paths with one of the suffixes, whatever their case."""
        return [path for path in self.paths if path.lower().endswith(suffixes)]

    def pictures(self) -> list[str]:
        """Images among the files, or else those of the project, sorted."""
        return sorted({*self._files, *self.inside}) or self._of_project

    def has_images(self) -> bool:
        """Whether images are among the files."""
        return bool(self._files)

    def match(self, name: str, of: str = "", beside: bool = False) -> Match:
        """The image called so in the annotation file `of`; see `Names.match`."""
        return self._names.match(name, of, beside)

    def match_stem(self, path: str, stem: str | None = None, claim: bool = True) -> Match:
        """The image that the file at `path` is about: called as it is, or `stem`, but for the suffix; see `Names`."""
        return self._names.match_stem(path, stem, claim)

    def size(self, picture: str) -> tuple[int, int] | None:
        """(width, height) of the image upright, or None when it cannot be read."""
        if picture not in self._sizes:
            self._sizes[picture] = None
            with suppress(Unreadable, ValueError), self.reading(picture) as file:
                self._sizes[picture] = upright_size(file)
        return self._sizes[picture]


def _shared_folders(paths: list[str]) -> int:
    """How many folders all of them are in; the first and the last of sorted ones tell."""
    ends = [path.split("/")[:-1] for path in (*paths[:1], *paths[-1:])]
    differ = (place for place, names in enumerate(zip(*ends, strict=False)) if len(set(names)) > 1)
    return next(differ, min(map(len, ends), default=0))


def encoding_of(data: bytes) -> str:
    """By the byte order mark that text begins with; UTF-8 without one."""
    return next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
