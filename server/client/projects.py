"""Projects, their labels and events."""

from collections.abc import Iterator
from typing import Any
from zlib import crc32

from ..domain.palette import PALETTE
from ..errors import VersionConflict
from .connection import Connection
from .resources import Event, Label, Project, read, read_each, read_field

ProjectLike = Project | str  # or its id
_Labels = list[Label]
_TRIES = 5


def path_of(project: ProjectLike, *parts: str) -> str:
    return "/".join(["/api/projects", project if isinstance(project, str) else project.id, *parts])


def usual_color(label: str) -> str:
    """The colour of a new label that is given none: always the same for a name."""
    return PALETTE[crc32(label.encode()) % len(PALETTE)]


class Projects:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, which: str = "active") -> list[Project]:
        """The projects you can see. `which`: active, archived or deleted."""
        return read_each(Project, self._connection.get("/api/projects", {"which": which}), "projects")

    def get(self, project_id: str) -> Project:
        """Raises ProjectNotFound, which is NotFound."""
        return read(Project, self._connection.get(path_of(project_id)))

    def named(self, name: str) -> Project | None:
        """The active project with this name, the newest if there are several; None if there is none."""
        return next((each for each in self.list() if each.name == name), None)

    def create(self, name: str, *, description: str = "", **settings: Any) -> Project:
        """`settings`: as in the API, such as review=True."""
        asked = {"name": name, "description": description, "settings": settings}
        return read(Project, self._connection.ask("POST", "/api/projects", asked, repeatable=False))

    def change(self, project: ProjectLike, **settings: Any) -> Project:
        """`settings`: as in the API, such as segmenter="dogs_1"."""
        return read(
            Project,
            self._connection.ask("PATCH", path_of(project), {"settings": settings}, repeatable=True),
        )

    def labels(self, project: ProjectLike) -> _Labels:
        """The labels in the project's order."""
        return read_each(Label, self._connection.get(path_of(project, "labels")), "labels")

    def add_label(self, project: ProjectLike, name: str, *, color: str | None = None, **more: Any) -> Label:
        """The label with this name, added if it is missing. `more`: key, description, group, attributes."""
        path = path_of(project, "labels")
        for _ in range(_TRIES):
            told = self._connection.get(path)
            known = next((each for each in read_each(Label, told, "labels") if each.name == name), None)
            if known is not None:
                return known
            new = {"name": name, "color": color or usual_color(name), **more}
            wanted = {"labels": [*told["labels"], new], "version": told.get("version")}
            try:
                told = self._connection.ask("PUT", path, wanted, repeatable=True)
            except VersionConflict:
                continue  # somebody else changed the list
            return read_each(Label, told, "labels")[-1]
        raise VersionConflict("The labels of this project are being changed by others.")

    def events(self, project: ProjectLike, since: int = 0) -> Iterator[Event]:
        """The events after number `since` until now, oldest first. Raises EventsExpired, which is Gone, if some are no
        longer kept."""
        while True:
            told = self._connection.get(path_of(project, "events"), {"since": since})
            events = [Event.of(each) for each in read_each(dict, told, "events")]
            yield from events
            if not events or events[-1].seq >= read_field(int, told, "seq"):
                return
            since = events[-1].seq
