"""Members of projects, on a server with accounts."""

from .connection import Connection
from .projects import ProjectLike, path_of
from .resources import Member, read, read_each


class Members:
    """Raises NoAccounts, which is NotFound, on a server without accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike) -> list[Member]:
        """Ordered by name."""
        return read_each(Member, self._connection.get(path_of(project, "members")), "members")

    def add(self, project: ProjectLike, account: str, role: str) -> Member:
        """`account`: its id or full name; `role`: viewer, annotator, reviewer, manager or owner."""
        asked = {"account": account, "role": role}
        return read(
            Member, self._connection.ask("POST", path_of(project, "members"), asked, repeatable=False)
        )

    def change(self, project: ProjectLike, member: Member, role: str) -> Member:
        path = path_of(project, "members", member.id)
        return read(Member, self._connection.ask("PATCH", path, {"role": role}, repeatable=True))

    def remove(self, project: ProjectLike, member: Member) -> None:
        self._connection.ask("DELETE", path_of(project, "members", member.id), repeatable=False)
