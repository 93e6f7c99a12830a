"""What files say that has no place in Samphire, told once for each kind of thing and not for every object."""

from collections.abc import Iterator

from server.formats.objects import FileProblem

_MOST_KINDS = 100  # some are called as the file calls them


class LeftOut:
    """Counts while a reader goes on, and remembers where each kind was met first."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, what: str, file: str, where: str = "") -> None:
        """`what`: "a polyline", "the caption"."""
        if what not in self._first and len(self._first) >= _MOST_KINDS:
            what = "something else"
        self._first.setdefault(what, (file, where))
        self._counts[what] = self._counts.get(what, 0) + 1

    def problems(self) -> Iterator[FileProblem]:
        for what, (file, where) in self._first.items():
            times = f" ({self._counts[what]} times)" if self._counts[what] > 1 else ""
            yield FileProblem(file, where, f"{what} left out{times}", "", note=True)
