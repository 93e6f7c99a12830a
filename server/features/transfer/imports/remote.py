"""Files behind a URL, as s3://bucket/folder: whatever fsspec reaches, an extra that is imported only here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from ....domain.outside.file_names import canonical
from ....errors import InvalidDataset, InvalidSetting
from ..formats.source import Source
from .archives import is_archive, open_archive
from .files import Files, Known, Member, NamedFiles, is_of_system, problem_of
from .streams import Guarded, reason


def is_url(text: str) -> bool:
    return "://" in text


@contextmanager
def remote_files(url: str, unpack: bool) -> Iterator[Files]:
    """A folder's files, or what is in an archive; `unpack`: for a reader in any order.

    Raises InvalidSetting when a package is missing, InvalidDataset when the URL leads nowhere.
    """
    fs, root = _connect(url)
    with TemporaryDirectory(prefix="samphire-") as folder:
        if not _tried(url, fs.isfile, root):
            yield RemoteFiles(fs, root, _tried(url, fs.find, root), url)
            return
        name = root.rstrip("/").rpartition("/")[2]
        path = Path(folder) / "file"
        _tried(url, fs.get_file, root, str(path))
        if not is_archive(path):
            yield NamedFiles({name: path})
            return
        into = Path(folder) / "unpacked"
        into.mkdir()
        opened = open_archive(path, into if unpack else None)
        try:
            yield opened
        finally:
            opened.close()


class RemoteFiles:
    def __init__(self, fs: Any, root: str, paths: list[str], url: str) -> None:
        self._fs = fs
        start = root.strip("/") + "/"
        names = {canonical(path.strip("/").removeprefix(start)): path for path in paths}
        self._paths = {name: path for name, path in sorted(names.items()) if not is_of_system(name)}
        self.total: int | None = len(self._paths)
        if not self._paths:
            raise InvalidDataset(f"There is nothing at {url}.", hint="Check the address.")

    def members(self) -> Iterator[Member]:
        for name in self._paths:
            yield Member(name, lambda name=name: self._open(name), problem_of(name))

    def source(self, known: Known | None = None) -> Source:
        return Source(self._paths, self._open, known)

    def close(self) -> None:
        pass

    def _open(self, name: str) -> BinaryIO:
        """Raises OSError, and so does reading on: each kind of store has errors of its own."""
        try:
            stream = self._fs.open(self._paths[name], "rb")
            return Guarded(stream, (Exception,), lambda error: OSError(reason(error)))  # type: ignore[return-value]
        except Exception as error:
            raise OSError(reason(error)) from error


def _connect(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise InvalidSetting(
            f"Reading {url} needs fsspec, which is not installed.",
            hint='Install it with: pip install "samphire[remote]"',
        ) from None
    try:
        return url_to_fs(url)
    except ImportError as error:
        raise InvalidSetting(
            f"Reading {url} needs another package: {reason(error)}.",
            hint="Install it with pip, then try again.",
        ) from None
    except Exception as error:
        raise InvalidDataset(f"{url} cannot be read ({reason(error)}).", hint="Check the address.") from error


def _tried(url: str, fn: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return fn(*arguments)
    except Exception as error:
        raise InvalidDataset(
            f"{url} cannot be read ({reason(error)}).", hint="Check the address and the access to it."
        ) from error
