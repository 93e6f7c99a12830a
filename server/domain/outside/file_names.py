"""Names of files from outside: the one form they have from the moment they are read, and what they may be.

A name is a relative path with forward slashes, without "." and empty parts, NFC, without control characters. Names are
only names: nothing is written where they point to.
"""

import re

from .strings import fit, without_refused

MOST_BYTES = 1024  # of a path in UTF-8
_PART_CHARACTERS = 120
_STORED_CHARACTERS = 255
_OUTWARD = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)", re.DOTALL)


def canonical(name: str) -> str:
    """One form of a path, whichever system wrote it: "images/a.jpg" for ".\\images\\a.jpg". Paths that lead outwards
    still do."""
    name = without_refused(name).replace("\\", "/")
    if "//" not in name and "./" not in name and not name.endswith(("/", ".")):
        return name
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return ("/" if name.startswith("/") else "") + "/".join(parts)


def fault(name: str) -> str | None:
    """A sentence about a canonical name that nothing may have."""
    if not name:
        return "The name of this file is not valid."
    if len(name.encode("utf-8", "replace")) > MOST_BYTES:
        return f"The name of this file is longer than {MOST_BYTES} bytes."
    if _OUTWARD.match(name):
        return "The path of this file leads out of the archive."
    return None


def shown(name: str) -> str:
    """A name as it is stored and shown: as it is where it may be, else made fit."""
    return fit(name, MOST_BYTES)


def picture_name(name: str | None, extension: str) -> str:
    """A file name fit to be shown and to be exported: no folders, no control or direction characters, not
    long. `extension`: for a name without one.
    """
    name = _part((name or "").replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, own = name.rpartition(".")
    if not dot or len(own) > 8:
        stem, own = name, ""
    stem = stem.strip(". ")[: _PART_CHARACTERS - 9].strip() or "image"
    return f"{stem}.{own or extension}"


def picture_path(name: str | None, extension: str) -> str:
    """A file name with the folders before it, each made fit in the same way; where it is too long, the outer ones
    are left out."""
    *folders, last = (name or "").replace("\\", "/").split("/")
    parts = [_part(folder).strip(". ")[:_PART_CHARACTERS].strip() for folder in folders]
    path = picture_name(last, extension)
    for part in reversed([part for part in parts if part]):
        if len(part) + 1 + len(path) > _STORED_CHARACTERS:
            break
        path = f"{part}/{path}"
    return path


def _part(name: str) -> str:
    """Without what the eye cannot see; blanks as one."""
    return " ".join(without_refused(name[-4 * _PART_CHARACTERS :].replace("\t", " ")).split())
