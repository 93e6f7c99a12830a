"""JSON files larger than memory: the elements of a top-level list, or of the lists in a top-level object, one by one.

The standard library's scanner reads each element from a window of the file, so that it is as fast as `json.load`.
NaN and Infinity, which JSON has not but Python and pandas write, are read as numbers.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..source import Unreadable, encoding_of

_CHUNK = 1 << 18
_LARGEST = 256 << 20  # characters of one element
_MOST_VALUES = 2_000_000  # of one element: short ones take a hundred times their text in memory
_SPACE = re.compile(r"[ \t\n\r]*")


_DECODER = json.JSONDecoder()


def load(file: BinaryIO) -> Any:
    """A whole small file. Raises Unreadable."""
    data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise Unreadable(f"more than {_LARGEST >> 20} MB for one image", "one JSON file an image")
    _check_values(data.count(b","))
    try:
        return json.loads(data.decode(encoding_of(data)))
    except RecursionError as error:
        raise Unreadable("JSON nested too deeply", "JSON") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"no JSON at line {error.lineno} ({error.msg})", "JSON") from error
    except ValueError as error:
        raise Unreadable(f"no JSON ({error})", "JSON in UTF-8") from error


def elements(file: BinaryIO) -> Iterator[tuple[str | None, int, Any]]:
    """(key, place, value): of a list at the top with key None; of an object's lists; and its other values,
    empty lists among them, with -1.

    Raises Unreadable where the file stops being JSON.
    """
    return _Scanner(file).top()


def _check_values(commas: int) -> None:
    if commas > _MOST_VALUES:
        raise Unreadable(f"more than {_MOST_VALUES} values in one element", "smaller ones")


class _Scanner:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text = ""
        self._at = 0
        self._lines = 1  # before the window
        self._ended = False

    def top(self) -> Iterator[tuple[str | None, int, Any]]:
        first = self._character()
        if first == "[":
            yield from self._list(None)
        elif first == "{":
            yield from self._object()
        else:
            raise self._wrong("no JSON object or list")
        if self._peek():
            raise self._wrong("something after the end of the JSON")

    def _object(self) -> Iterator[tuple[str | None, int, Any]]:
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            if self._peek() != '"':
                raise self._wrong("no name where one should be")
            key = self._value()
            self._expect(":")
            if self._peek() == "[":
                self._at += 1
                yield from self._list(key)
            else:
                yield key, -1, self._value()
            if self._expect(",}") == "}":
                return

    def _list(self, key: str | None) -> Iterator[tuple[str | None, int, Any]]:
        if self._peek() == "]":
            self._at += 1
            if key is not None:
                yield key, -1, []
            return
        place = 0
        while True:
            yield key, place, self._value()
            place += 1
            if self._expect(",]") == "]":
                return

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or self._ended:  # a number may go on behind the window
                    self._at = end
                    return value
                problem = "the end of the file"
            except RecursionError as error:
                raise self._wrong("JSON nested too deeply") from error
            except ValueError as error:
                problem = str(getattr(error, "msg", error))
                if self._ended:
                    raise self._wrong(f"no JSON ({problem})") from error
            if len(self._text) - self._at > _LARGEST:
                raise self._wrong(f"one element of more than {_LARGEST >> 20} MB")
            _check_values(self._text.count(",", self._at))
            self._more(len(self._text) - self._at)

    def _peek(self) -> str:
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more(0)

    def _character(self) -> str:
        character = self._peek()
        self._at += 1
        return character

    def _expect(self, characters: str) -> str:
        found = self._peek()
        if not found or found not in characters:
            what = f"{found!r}" if found else "the end of the file"
            raise self._wrong(f"{what} where {' or '.join(characters)} should be")
        self._at += 1
        return found

    def _more(self, pending: int) -> None:
        """Lets go of what was read, and takes at least as much again as is not."""
        self._lines += self._text.count("\n", 0, self._at)
        data = self._file.read(max(_CHUNK, pending))
        self._ended = not data
        self._decoder = self._decoder or codecs.getincrementaldecoder(encoding_of(data))()
        try:
            self._text = self._text[self._at :] + self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise Unreadable("bytes that are not UTF-8", "JSON in UTF-8") from error
        self._at = 0

    def _wrong(self, what: str) -> Unreadable:
        line = self._lines + self._text.count("\n", 0, self._at)
        return Unreadable(f"{what} at line {line}", "JSON")
