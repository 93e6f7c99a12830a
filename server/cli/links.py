"""`samphire link`: share links of a project, through the running server if there is one."""

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..contract import parse
from ..domain.policy import OWNER
from ..domain.visits import LINK_KINDS
from ..errors import BadRequest, InvalidSetting, NoAccounts
from ..features.links.schema import Link, LinkList, MadeLink
from .projects import RemoteProjects, find_project
from .running_server import RunningServer, here_or_there
from .users import ask_password

if TYPE_CHECKING:
    from ..services import Services

_DAYS = 7


class _Here:
    """Links of a data folder that no server has. `address`: where one would answer."""

    def __init__(self, services: "Services") -> None:
        self.projects, self._links = services.projects, services.links
        self.address = services.settings.local_address(services.settings.port)
        if not services.accounts.exist():
            raise NoAccounts()

    def list(self, project_id: str) -> list[Link]:
        return self._links.of_project(project_id).links

    def create(self, project_id: str, data: Mapping[str, Any]) -> MadeLink:
        return self._links.create(OWNER, project_id, data)

    def revoke(self, project_id: str, link_id: str) -> None:
        self._links.revoke(OWNER, project_id, link_id)


class _Remote:
    """The same, by a running server."""

    def __init__(self, server: RunningServer) -> None:
        self.projects, self._server, self.address = RemoteProjects(server), server, server.address

    def list(self, project_id: str) -> list[Link]:
        listed = self._server.ask("GET", f"/api/projects/{project_id}/links")
        return parse(LinkList, listed, BadRequest).links

    def create(self, project_id: str, data: Mapping[str, Any]) -> MadeLink:
        made = self._server.ask("POST", f"/api/projects/{project_id}/links", data)
        return parse(MadeLink, made, BadRequest)

    def revoke(self, project_id: str, link_id: str) -> None:
        self._server.ask("DELETE", f"/api/projects/{project_id}/links/{link_id}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=("list", "make", "revoke"), help="What to do.")
    parser.add_argument(
        "id", nargs="?", metavar="ID", help="With revoke: of the share link, as `list` prints it."
    )
    parser.add_argument(
        "--project", default="default", metavar="P", help="Name or id of the project. [%(default)s]"
    )
    parser.add_argument(
        "--kind", choices=LINK_KINDS, default="view", help="What visitors may do. [%(default)s]"
    )
    parser.add_argument("--image", metavar="ID", help="Only this image of the project.")
    parser.add_argument(
        "--sandbox",
        action="store_true",
        help="With --kind try: each visitor tries it on images of their own.",
    )
    parser.add_argument("--name", default="", help="What it is for; visitors read it.")
    parser.add_argument(
        "--days", type=int, default=_DAYS, metavar="N", help="How long it works. [%(default)s]"
    )
    parser.add_argument("--uses", type=int, metavar="N", help="How many visits may begin by it. [any number]")
    parser.add_argument("--password", action="store_true", help="Ask for a password for it.")


def link(settings: Settings, arguments: argparse.Namespace) -> int:
    """List a project's share links, make one, or revoke one."""
    if arguments.verb == "revoke" and not arguments.id:
        raise InvalidSetting("`samphire link revoke` needs the ID of a share link.")
    asked = {"password": ask_password()} if arguments.verb == "make" and arguments.password else {}
    with here_or_there(settings, _Here, _Remote) as links:
        project_id = find_project(links.projects, arguments.project)
        if arguments.verb == "list":
            for each in links.list(project_id):
                print(_told(each))
        elif arguments.verb == "revoke":
            links.revoke(project_id, arguments.id)
        else:
            data = {name: getattr(arguments, name) for name in ("kind", "image", "sandbox", "name", "days")}
            made = links.create(project_id, data | {"max_uses": arguments.uses} | asked)
            print(f"{links.address.rstrip('/')}{made.path}")
            print(
                f"Works until {made.expires_at[:10]}. Not shown again; to revoke it: samphire link revoke {made.id}",
                file=sys.stderr,
            )
    return 0


def _told(each: Link) -> str:
    uses = f"{each.uses} uses" if each.max_uses is None else f"{each.uses} of {each.max_uses} uses"
    about = f"image {each.image}" if each.image else "a sandbox" if each.sandbox else "the project"
    notes = ", ".join([each.state, *(["password"] if each.has_password else [])])
    return f"{each.id}  {each.kind} {about}  until {each.expires_at[:10]}  {uses}  {each.name}  ({notes})"
