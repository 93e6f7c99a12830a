"""What a reader reads from: files by relative path, and the pictures they may speak of. Knows no file format."""

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
_PICTURE_FOLDERS = frozenset({"image", "images", "img", "imgs", "jpegimages", "pictures"})
_ROTATED = (5, 6, 7, 8)  # EXIF orientations that swap the sides
_EXIF_ORIENTATION = 0x0112
_HEAD = 1 << 16
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


class Unreadable(Exception):
    """A file, or an element of one, that cannot be used: what was found, and what was expected instead."""

    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(found)


class Source:
    """Files, and pictures of known size.

    `known` are pictures that need not be among the files (those a project has): name -> (width, height). A picture is
    found by its path, by what is left of it without its first folders, else by its file name, where only one is
    called so, or only one in a folder for pictures: masks often have their pictures' names.
    """

    def __init__(
        self,
        paths: Iterable[str],
        open_file: Callable[[str], BinaryIO],
        known: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self.paths = sorted(paths)
        self._open = open_file
        self._known = dict(known or {})
        self.inside: dict[str, Callable[[], BinaryIO]] = {}
        files = [path for path in self.paths if is_picture(path)]
        called: dict[str, list[str]] = defaultdict(list)
        for path in {**dict.fromkeys(self._known), **dict.fromkeys(files)}:
            for key in (f"/{_name(path)}", f"//{_stem(path)}"):
                called[key].append(path)
        self._names = {name: _only(paths) for name, paths in called.items()}
        self._names |= {path: path for path in (*self._known, *files)}

    @classmethod
    def folder(cls, folder: Path, known: Mapping[str, tuple[int, int]] | None = None) -> "Source":
        """Every file under a folder, or one file alone; names that start with a dot are the system's."""
        if folder.is_file():
            return cls([folder.name], lambda _: folder.open("rb"), known)
        paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
        seen = [path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)]
        return cls(seen, lambda path: (folder / path).open("rb"), known)

    @classmethod
    def archive(
        cls, archive: zipfile.ZipFile, known: Mapping[str, tuple[int, int]] | None = None
    ) -> "Source":
        """The members of a zip file. Names are only names here: nothing is written anywhere."""
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        seen = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
        return cls(seen, lambda path: archive.open(path), known)  # type: ignore[arg-type, return-value]

    @classmethod
    def memory(
        cls, files: Mapping[str, bytes], known: Mapping[str, tuple[int, int]] | None = None
    ) -> "Source":
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
            self._names[name] = name
        return size

    @contextmanager
    def reading(self, path: str) -> Iterator[BinaryIO]:
        """The file, open. Raises Unreadable when it cannot be opened or its bytes are broken."""
        problem = Unreadable("a file that cannot be read", "a sound one")
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
            return file.read(_HEAD).decode("utf-8-sig", "replace").lstrip()
        return ""

    def text(self, path: str, most: int) -> str:
        """A whole text file of at most so many bytes. Raises Unreadable."""
        with self.reading(path) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise Unreadable(f"more than {most >> 20} MB", "a smaller text file")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable("bytes that are not UTF-8", "text in UTF-8") from error

    def ending(self, *suffixes: str) -> list[str]:
        """Paths with one of the suffixes, whatever their case."""
        return [path for path in self.paths if path.lower().endswith(suffixes)]

    def pictures(self) -> list[str]:
        """Pictures among the files and known ones, each once, sorted."""
        return sorted({path for path in self._names.values() if path is not None})

    def picture(self, name: str) -> str | None:
        """The path of the picture called so (see the class), or None."""
        name = name.replace("\\", "/").removeprefix("./")
        for tried in _shorter(name):
            if self._names.get(tried):
                return tried
        return self._names.get(f"/{_name(name)}")

    def picture_of_stem(self, path: str) -> str | None:
        """The picture called as `path` is but for the suffix: in the same folders first."""
        stem = _stem(path)
        for tried in _shorter(path[: len(path) - len(_name(path))] + stem):
            for suffix in ("", *PICTURE_SUFFIXES):
                if self._names.get(tried + suffix):
                    return tried + suffix
        return self._names.get(f"//{stem}")

    def size(self, picture: str) -> tuple[int, int] | None:
        """(width, height) of the picture upright, or None when it cannot be read."""
        if picture not in self._known:
            with suppress(Unreadable, ValueError, Image.DecompressionBombError):
                self._known[picture] = self._measure(picture)
        return self._known.get(picture)

    def _measure(self, picture: str) -> tuple[int, int]:
        with self.reading(picture) as file:
            try:
                with Image.open(file) as image:
                    width, height = image.size
                    turned = image.getexif().get(_EXIF_ORIENTATION) in _ROTATED
            except (UnidentifiedImageError, SyntaxError) as error:
                raise ValueError from error
        return (height, width) if turned else (width, height)


def _only(paths: list[str]) -> str | None:
    """The only one, or the only one in a folder for pictures."""
    likely = [path for path in paths if not _PICTURE_FOLDERS.isdisjoint(path.lower().split("/")[:-1])]
    chosen = likely if len(likely) == 1 else paths
    return chosen[0] if len(chosen) == 1 else None


def is_picture(path: str) -> bool:
    return path.lower().endswith(PICTURE_SUFFIXES)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _shorter(path: str) -> Iterator[str]:
    """The path, and without its first folder, its first two, ..."""
    parts = path.split("/")
    return ("/".join(parts[place:]) for place in range(len(parts)))


def _stem(path: str) -> str:
    """The name without its last suffix; `PurePath.stem` takes ".." and "a." otherwise."""
    name = _name(path)
    return name.rpartition(".")[0] or name
