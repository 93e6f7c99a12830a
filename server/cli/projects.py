"""`samphire project`: creates, archives, deletes and restores projects, through the running server if there is one."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..contract import parse
from ..contract.answers import Undoable
from ..domain.policy import OWNER, Actor
from ..errors import BadRequest, Conflict, InvalidSetting, ProjectNotFound, unknown
from ..features.projects.schema import Project, ProjectList, ProjectSummary
from .commands import beside_a_server
from .running_server import RunningServer, here_or_there

if TYPE_CHECKING:
    from ..features.projects.service import Projects


class RemoteProjects:
    """What `Projects` does, by a running server, which sees itself who asks."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server

    def list(self, _actor: Actor, which: str = "active") -> list[ProjectSummary]:
        listed = self._server.ask("GET", f"/api/projects?which={which}")
        return parse(ProjectList, listed, BadRequest).projects

    def create(self, _actor: Actor, data: Mapping[str, Any]) -> ProjectSummary:
        return parse(Project, self._server.ask("POST", "/api/projects", data), BadRequest)

    def change(self, _actor: Actor, project_id: str, data: Mapping[str, Any]) -> Project:
        return parse(Project, self._server.ask("PATCH", f"/api/projects/{project_id}", data), BadRequest)

    def delete(self, _actor: Actor, project_id: str) -> Undoable:
        return parse(Undoable, self._server.ask("DELETE", f"/api/projects/{project_id}"), BadRequest)

    def restore(self, _actor: Actor, project_id: str) -> ProjectSummary:
        return self._to("restore", project_id)

    def archive(self, _actor: Actor, project_id: str) -> ProjectSummary:
        return self._to("archive", project_id)

    def unarchive(self, _actor: Actor, project_id: str) -> ProjectSummary:
        return self._to("unarchive", project_id)

    def _to(self, verb: str, project_id: str) -> ProjectSummary:
        return parse(Project, self._server.ask("POST", f"/api/projects/{project_id}/{verb}"), BadRequest)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = ("list", "create", "archive", "unarchive", "delete", "restore")
    parser.add_argument("verb", choices=verbs, help="What to do.")
    parser.add_argument("name", nargs="?", metavar="P", help="Name of a new project; name or id of another.")


def project(settings: Settings, arguments: argparse.Namespace) -> int:
    """List, create, archive, unarchive, delete or restore; through the server that has the data folder, if one runs."""
    if arguments.verb == "list":
        with beside_a_server(settings) as (projects, _):
            for which in ("active", "archived", "deleted"):
                for each in projects.list(OWNER, which):
                    print(_told(each, which))
        return 0
    if not arguments.name:
        raise InvalidSetting(f"`samphire project {arguments.verb}` needs a name.")
    with here_or_there(settings, lambda services: services.projects, RemoteProjects) as projects:
        if arguments.verb == "create":
            print(_told(projects.create(OWNER, {"name": arguments.name}), "active"))
            return 0
        which = {"unarchive": "archived", "restore": "deleted"}.get(arguments.verb, "active")
        project_id = find_project(projects, arguments.name, which)
        done = getattr(projects, arguments.verb)(OWNER, project_id)
    if arguments.verb == "delete":
        print(f"Deleted. Until {done.until[:10]}: samphire project restore {project_id}")
    else:
        print(_told(done, "archived" if done.archived_at else "active"))
    return 0


def find_project(projects: "Projects | RemoteProjects", name: str, which: str = "active") -> str:
    """The id of the project with this id or name. Raises ProjectNotFound, which lists those there are; Conflict."""
    listed = projects.list(OWNER, which)
    listed += projects.list(OWNER, "archived") if which == "active" else []
    if any(each.id == name for each in listed):
        return name
    found = [each.id for each in listed if each.name == name]
    if not found:
        raise ProjectNotFound(
            unknown("project", name, [each.name for each in listed]),
            hint="Create one with `samphire project create NAME`.",
        )
    if len(found) > 1:
        raise Conflict(
            f"There are {len(found)} projects called {name!r}.", hint=f"Use an id: {', '.join(found)}."
        )
    return found[0]


def _told(summary: ProjectSummary, which: str) -> str:
    note = "" if which == "active" else f"  ({which})"
    return (
        f"{summary.id:12}  {summary.name}  "
        f"{summary.image_count} images, {summary.annotation_count} objects{note}"
    )
