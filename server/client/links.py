"""Share links of a project."""

from typing import Any

from .connection import Connection
from .projects import ProjectLike, id_of
from .resources import Image, Link, read, read_each


class Links:
    """Raises NoAccounts, which is NotFound, where nobody signs in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike) -> list[Link]:
        """The newest first, without their addresses; those that have ended, too."""
        return read_each(Link, self._connection.get(_path(project)), "links")

    def create(
        self,
        project: ProjectLike,
        kind: str = "view",
        *,
        days: int = 7,
        image: Image | None = None,
        name: str = "",
        max_uses: int | None = None,
        password: str | None = None,
    ) -> Link:
        """A new link, with its address in `url`, which nobody is told again.

        `kind`: view, try, annotate or review; `image`: of that image alone; `max_uses`: how many visits may begin.
        Raises Conflict where too many work already."""
        asked: dict[str, Any] = {
            "kind": kind,
            "days": days,
            "name": name,
            "max_uses": max_uses,
            "password": password,
        }
        asked["image"] = None if image is None else image.id
        told = self._connection.ask("POST", _path(project), asked, repeatable=False)
        return read(Link, {**told, "url": f"{self._connection.url}{told.get('path')}"})

    def revoke(self, project: ProjectLike, link: Link) -> None:
        """It leads nowhere any more, and its visitors are out."""
        self._connection.ask("DELETE", f"{_path(project)}/{link.id}", repeatable=True)


def _path(project: ProjectLike) -> str:
    return f"/api/projects/{id_of(project)}/links"
