"""Files that nobody knows any more, kept for a while before they are really removed: `<folder>/<day>/<name>`."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

DAYS = 30
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Quarantine:
    """On the disk of what is put into it, so that moving it there takes no room and no time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, path: Path, name: str) -> None:
        """Move a file here. `name`: where it was, relative to the data folder. Raises OSError."""
        path.replace(self.place(name))

    def place(self, name: str) -> Path:
        """Where to move what was there. Raises OSError."""
        target = self.folder / _day(datetime.now(UTC)) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def files(self) -> dict[str, Path]:
        """By name; of several with one name the latest."""
        return {
            path.relative_to(day).as_posix(): path
            for day in self._days()
            for path in sorted(day.rglob("*"))
            if path.is_file()
        }

    def expire(self) -> int:
        """Remove for good what has been here for longer than `DAYS`. How many files that were."""
        oldest, removed = _day(datetime.now(UTC) - timedelta(days=DAYS)), 0
        for day in self._days():
            if day.name < oldest:
                removed += sum(path.is_file() for path in day.rglob("*"))
                shutil.rmtree(day, ignore_errors=True)
        return removed

    def empty(self) -> None:
        for day in self._days():
            shutil.rmtree(day, ignore_errors=True)

    def _days(self) -> Iterator[Path]:
        """The oldest first."""
        if self.folder.is_dir():
            yield from sorted(path for path in self.folder.iterdir() if _DAY.fullmatch(path.name))


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
