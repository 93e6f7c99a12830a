"""Names of images as annotation files give them: paths of every system, addresses, uploads of Label Studio."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from .layout import plain

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"[A-Za-z]:/")
_UPLOADS = re.compile(r"^/?data/upload/(\d+/)?")  # Label Studio's address of them
_UPLOAD = re.compile(r"[0-9a-f]{8}-(?=.)")  # what Label Studio puts before the names of uploads
_UNSAFE = re.compile(r"[^-\w.]")


@dataclass(frozen=True)
class Name:
    """A name as an annotation gives it. `rooted`: from the root of some disk or server, not from its file's folder."""

    parts: tuple[str, ...]
    rooted: bool = False

    @property
    def file(self) -> str:
        return self.parts[-1]


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def stem_of(path: str) -> str:
    """The name without its last suffix; `PurePath.stem` takes ".." and "a." otherwise."""
    name = name_of(path)
    return name.rpartition(".")[0] or name


def readings(name: str) -> list[Name]:
    """What a name may mean: the path of an address, without what signs it; itself; percent signs undone."""
    texts = [name]
    if _URL.match(name) or name.startswith("/"):
        with suppress(ValueError):  # brackets that are no address
            address = urlsplit(name)
            inner = parse_qs(address.query).get("d", [address.path])[
                0
            ]  # /data/local-files/?d=, Label Studio's
            texts = [inner, name] if name.startswith("/") else [inner]
    if "%" in texts[0]:
        texts.append(unquote(texts[0]))
    read = [_as_name(_UPLOADS.sub("", text.replace("\\", "/"), count=1)) for text in texts]
    return [each for each in dict.fromkeys(read) if each.parts and each.file != ".."]


def _as_name(text: str) -> Name:
    text = plain(text)
    rooted = text.startswith("/") or _DRIVE.match(text) is not None
    return Name(_resolved(_DRIVE.sub("", text).split("/")), rooted)


def below(wanted: Name, of: str) -> Name:
    """The name from the folder of the file that says it."""
    return wanted if wanted.rooted else Name(_resolved([*plain(of).split("/")[:-1], *wanted.parts]))


def _resolved(parts: Sequence[str]) -> tuple[str, ...]:
    """Without empty parts and "."; ".." takes the folder before it away, or stands first."""
    found: list[str] = []
    for part in parts:
        if part == ".." and found and found[-1] != "..":
            found.pop()
        elif part not in ("", "."):
            found.append(part)
    return tuple(found)


def uploaded(name: str) -> str:
    """A file name as Label Studio stores it."""
    return _UNSAFE.sub("", name.strip().replace(" ", "_"))


def without_upload(name: str) -> str:
    """The name that an upload had, if it is called as one."""
    return _UPLOAD.sub("", name, count=1)
