"""Share links of a project."""

from .connection import Connection
from .projects import ProjectLike, path_of
from .resources import Image, Link, read, read_each


class Links:
    """Raises NoAccounts, which is NotFound, on a server without accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike) -> list[Link]:
        """Newest first, including ended ones; without their addresses."""
        return read_each(Link, self._connection.get(path_of(project, "links")), "links")

    def create(
        self,
        project: ProjectLike,
        kind: str = "view",
        *,
        days: int = 7,
        image: Image | None = None,
        sandbox: bool = False,
        name: str = "",
        max_uses: int | None = None,
        password: str | None = None,
    ) -> Link:
        """Create a link. Its address, `url`, is not shown again.

        `kind`: view, try, annotate or review; `image`: share only this image; `sandbox`: with try, each visitor adds
        images of their own; `max_uses`: limit of visits. Raises Conflict if the project has too many working links."""
        asked = {
            "kind": kind,
            "days": days,
            "image": None if image is None else image.id,
            "name": name,
            "sandbox": sandbox,
            "max_uses": max_uses,
            "password": password,
        }
        told = self._connection.ask("POST", path_of(project, "links"), asked, repeatable=False)
        return read(Link, {**told, "url": f"{self._connection.url}{told.get('path')}"})

    def revoke(self, project: ProjectLike, link: Link) -> None:
        """End the link, and all visits by it."""
        self._connection.ask("DELETE", path_of(project, "links", link.id), repeatable=True)
