"""The few lines of YAML that a YOLO `data.yaml` is: the names of its classes, written and read, and what else it says.

Reads lists, or numbers and names, in one line, over several, or indented below; scalars plain or in quotes. What is not
asked for is passed over. Anchors, tags and multi-line texts are not read.
"""

import json
import re
from collections.abc import Sequence

from ..source import Unreadable

_ITEM = re.compile(r"-\s+(.*)$")
_PAIR = re.compile(r"""["']?(\d{1,6})["']?\s*:\s+(.*)$""")
_EXPECTED = "names: as a list, or as numbers and names"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", " ": " ", "_": "\xa0"}
_CODE = {"x": 2, "u": 4, "U": 8}
_MOST = 100_000


def write_names(names: Sequence[str]) -> str:
    """`names:` with a line for each; a JSON string is a double-quoted YAML scalar."""
    if not names:
        return "names: {}\n"
    lines = (f"  {number}: {json.dumps(name, ensure_ascii=False)}\n" for number, name in enumerate(names))
    return "names:\n" + "".join(lines)


def read_names(yaml: str) -> dict[int, str]:
    """Names by class number. Raises Unreadable, also when there are none."""
    found = _after(yaml, "names")
    if found is None:
        raise Unreadable("no names", _EXPECTED)
    rest, following = found
    return _flow(rest, following) if rest else _block(following)


def has_names(yaml: str) -> bool:
    return _after(yaml, "names") is not None


def read_values(yaml: str, key: str) -> list[str]:
    """What stands behind a key of the top level, a scalar or a list; [] when it is not there or something else."""
    found = _after(yaml, key)
    if found is None:
        return []
    rest, following = found
    try:
        if rest and rest[0] not in "[{":
            return [_scalar(rest)]
        return list((_flow(rest, following) if rest else _block(following)).values())
    except Unreadable:
        return []


def _after(yaml: str, key: str) -> tuple[str, list[str]] | None:
    """The rest of the line that begins with the key, and the lines that follow."""
    lines = yaml.removeprefix("\ufeff").splitlines()
    for number, line in enumerate(lines):
        match = re.match(rf"""["']?{key}["']?\s*:(?:\s(.*))?$""", line)
        if match:
            return _without_comment(match[1] or "").strip(), lines[number + 1 :]
    return None


def _block(lines: list[str]) -> dict[int, str]:
    names: dict[int, str] = {}
    for line in lines:
        inner = _without_comment(line).strip()
        if not inner or inner == "---":
            continue
        item, pair = _ITEM.match(inner), _PAIR.match(inner)
        if item:
            names[len(names)] = _scalar(item[1])
        elif pair and line[:1] in " \t":
            names[int(pair[1])] = _scalar(pair[2])
        elif line[:1] in " \t":
            raise Unreadable(f"the line {inner[:60]!r} among the names", _EXPECTED)
        else:
            break
    if not names:
        raise Unreadable("names without a name", _EXPECTED)
    return names


def _flow(rest: str, following: list[str]) -> dict[int, str]:
    """`[a, b]` or `{0: a, 1: b}`, which may go on in the lines that follow."""
    if rest[0] not in "[{":
        raise Unreadable(f"names: {rest[:60]}", _EXPECTED)
    text = "\n".join([rest, *map(_without_comment, following)])
    names: dict[int, str] = {}
    for place, (key, value) in enumerate(_entries(text, "]" if rest[0] == "[" else "}")):
        if rest[0] == "{" and (key is None or not key.isdecimal() or len(key) > 6):
            raise Unreadable(f"{(key or value)[:60]!r} among the names", "a number before each name")
        names[int(key) if rest[0] == "{" and key else place] = value
    return names


def _entries(text: str, closing: str) -> list[tuple[str | None, str]]:
    """(key or None, value) up to the closing bracket."""
    found: list[tuple[str | None, str]] = []
    at, key = 1, None
    while len(found) < _MOST:
        while at < len(text) and text[at] in " \t\n\r":
            at += 1
        if at < len(text) and text[at] == closing:
            return found
        scalar, at = _read_scalar(text, at, closing)
        while at < len(text) and text[at] in " \t\n\r":
            at += 1
        mark = text[at : at + 1]
        if mark == ":" and key is None and closing == "}":
            key = scalar
        elif mark in (",", closing) and mark:
            found.append((key, scalar))
            key = None
            if mark == closing:
                return found
        else:
            break
        at += 1
    raise Unreadable("a list of names that does not end", _EXPECTED)


def _read_scalar(text: str, at: int, closing: str) -> tuple[str, int]:
    if text[at : at + 1] in ("'", '"') and text[at : at + 1]:
        end = _quoted_end(text, at)
        return _scalar(text[at:end]), end
    end = at
    while end < len(text) and text[end] not in f",{closing}\n":
        if text[end] == ":" and closing == "}" and text[end + 1 : end + 2] in (" ", "\t", "\n"):
            break
        end += 1
    return text[at:end].strip(), end


def _quoted_end(text: str, at: int) -> int:
    quote, end = text[at], at + 1
    while end < len(text):
        if text[end] == "\\" and quote == '"':
            end += 2
        elif text[end] == quote:
            if quote == "'" and text[end + 1 : end + 2] == "'":
                end += 2
            else:
                return end + 1
        else:
            end += 1
    raise Unreadable("a quotation mark that is not closed", _EXPECTED)


def _scalar(text: str) -> str:
    text = text.strip()
    if text[:1] not in ("'", '"') or not text:
        return text
    if _quoted_end(text, 0) != len(text):
        raise Unreadable(f"{text[:60]} after a quotation", _EXPECTED)
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return re.sub(r"\\(x..|u.{4}|U.{8}|.)", _escape, text[1:-1], flags=re.DOTALL)


def _escape(match: re.Match[str]) -> str:
    letter, digits = match[1][0], match[1][1:]
    try:
        return chr(int(digits, 16)) if letter in _CODE else _ESCAPES.get(letter, letter)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"the escape {match[0][:12]}", _EXPECTED) from error


def _without_comment(line: str) -> str:
    """`#` begins one at the line's start or after a space, outside quotation marks."""
    quote = ""
    at = 0
    while at < len(line):
        character = line[at]
        if quote:
            if character == "\\" and quote == '"':
                at += 1
            elif character == quote:
                quote = ""
        elif character in "'\"" and line[:at].rstrip()[-1:] in ("", ":", "-", "[", "{", ","):
            quote = character
        elif character == "#" and (at == 0 or line[at - 1] in " \t"):
            return line[:at]
        at += 1
    return line
