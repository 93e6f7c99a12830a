"""A server that is running already, asked over HTTP by commands that cannot have its data folder meanwhile."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from ..config import Settings
from ..errors import Conflict, SamphireError, Unavailable
from ..storage.data_lock import holders_of
from .commands import open_services

if TYPE_CHECKING:
    from ..services import Services

Here = TypeVar("Here")
There = TypeVar("There")
_SECONDS = 60.0


class RunningServer:
    """`address`: of its first page. `secret`: by which it knows that this machine's owner asks."""

    def __init__(self, address: str, secret: str) -> None:
        self.address, self._secret = address.rstrip("/"), secret
        self._opener = build_opener(ProxyHandler({}))  # it is on this machine

    def answers(self) -> bool:
        try:
            self.ask("GET", "/healthz")
        except Unavailable:
            return False
        return True

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON. Raises what the server says as a SamphireError; Unavailable when there is no answer."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.address + path, data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self._secret}")
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return None if answer.status == 204 else json.load(answer)
        except HTTPError as refused:
            raise _said(refused) from None
        except (URLError, OSError, ValueError):
            raise Unavailable(f"The server at {self.address} does not answer.") from None


def running_server(settings: Settings) -> RunningServer | None:
    """A server that holds the data folder, if one does that answers."""
    servers = (RunningServer(*holder) for holder in holders_of(settings.data_path))
    return next((server for server in servers if server.answers()), None)


@contextmanager
def here_or_there(
    settings: Settings, here: Callable[["Services"], Here], there: Callable[[RunningServer], There]
) -> Iterator[Here | There]:
    """`here` of the services; where a server has the data folder, `there` of that. Raises Conflict when another process
    has it which is no server that answers."""
    with ExitStack() as stack:
        try:
            services = stack.enter_context(open_services(settings))
        except Conflict:
            server = running_server(settings)
            if server is None:
                raise
            made: Here | There = there(server)
        else:
            made = here(services)
        yield made


def _said(refused: HTTPError) -> SamphireError:
    try:
        error = json.load(refused)["error"]
        return SamphireError(str(error["message"]), hint=str(error["hint"]))
    except (ValueError, KeyError, TypeError):
        return SamphireError(f"The server returned {refused.code} {refused.reason}.")
