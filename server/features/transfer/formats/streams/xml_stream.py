"""XML files larger than memory: one element after the other, with the line it begins in.

Document type declarations are refused, and with them every entity a file could define.
"""

import xml.parsers.expat as expat
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder

from ..source import Unreadable

_CHUNK = 1 << 16
_DEEPEST = 30
_LARGEST = 64 << 20  # bytes of one element
_MOST_PARTS = 500_000  # elements in one element
Found = tuple[Element, int]


def elements(file: BinaryIO, *names: str) -> Iterator[Found]:
    """(element, line) of each element called so, whole; the outermost of them. Raises Unreadable."""
    collector = _Collector(names)
    try:
        while data := file.read(_CHUNK):
            collector.parser.Parse(data, False)
            collector.check_size()
            yield from collector.taken()
        collector.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(f"no XML at line {error.lineno} ({expat.ErrorString(error.code)})", "XML") from error
    except (LookupError, ValueError) as error:
        raise Unreadable(f"XML in an encoding that is not known ({error})", "XML in UTF-8") from error
    yield from collector.taken()


class _Collector:
    def __init__(self, names: tuple[str, ...]) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._names = names
        self._path: list[str] = []
        self._builder: TreeBuilder | None = None
        self._depth = self._line = self._begun = self._parts = 0
        self._found: list[Found] = []

    def taken(self) -> list[Found]:
        found, self._found = self._found, []
        return found

    def check_size(self) -> None:
        if self._builder is not None and self.parser.CurrentByteIndex - self._begun > _LARGEST:
            raise Unreadable(
                f"an element of more than {_LARGEST >> 20} MB at line {self._line}", "smaller ones"
            )

    def _doctype(self, *_: object) -> None:
        raise Unreadable("a document type declaration", "XML without one")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise Unreadable("XML nested too deeply", f"at most {_DEEPEST} levels")
        if self._builder is None and name in self._names:
            self._builder = TreeBuilder()
            self._depth, self._line = len(self._path), self.parser.CurrentLineNumber
            self._begun = self.parser.CurrentByteIndex
            self._parts = 0
        if self._builder is not None:
            self._parts += 1
            if self._parts > _MOST_PARTS:
                raise Unreadable(
                    f"an element of more than {_MOST_PARTS} parts at line {self._line}", "smaller ones"
                )
            self._builder.start(name, attributes)

    def _end(self, name: str) -> None:
        if self._builder is not None:
            self._builder.end(name)
            if len(self._path) == self._depth:
                self._found.append((self._builder.close(), self._line))
                self._builder = None
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)


def printable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(c if c in "\t\n\r" or 0x20 <= ord(c) < 0xD800 or 0xE000 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF
                   else "\ufffd" for c in text)  # fmt: skip
