"""What files say that has no place in Samphire, or was read otherwise: told once for each kind, not each object."""

from collections.abc import Iterator

from .objects import FileProblem

_MOST_KINDS = 100  # some are called as the file calls them


class LeftOut:
    """Counts while a reader goes on, and remembers where each kind was met first."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, what: str, file: str, where: str = "") -> None:
        """`what`: "a polyline", "the caption"."""
        self.note(f"{what} left out", file, where)

    def note(self, what: str, file: str, where: str = "") -> None:
        """A whole sentence."""
        if what not in self._first and len(self._first) >= _MOST_KINDS:
            what = "more of the kind"
        self._first.setdefault(what, (file, where))
        self._counts[what] = self._counts.get(what, 0) + 1

    def problems(self) -> Iterator[FileProblem]:
        for what, (file, where) in self._first.items():
            times = f" ({self._counts[what]} times)" if self._counts[what] > 1 else ""
            yield FileProblem(file, where, f"{what}{times}", "", note=True)
