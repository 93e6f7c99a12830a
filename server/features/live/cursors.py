"""Cursors to whoever is on an image: what somebody could not take meanwhile is left out, never queued."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...contract import to_json
from ...web.socket.fleeting import Fleeting, clients_in
from .schema import Cursors

_Places = Mapping[int, Sequence[float]]  # by the person's number


class CursorsOfRoom:
    def __init__(self, server: Any, room: str) -> None:
        self._server, self._room = server, room
        self._owed: dict[str, _Places] = {}  # by client, to those that could not take the last

    def tell(self, moved: _Places) -> bool:
        """Tells each where the cursors are that moved since it was told last; whether there was anything to tell."""
        if not moved and not self._owed:
            return False
        owed, self._owed = self._owed, {}
        same = _message(moved) if moved else None
        for client in clients_in(self._server, self._room):
            places = moved
            message = same
            if client in owed:
                places = {**owed[client], **moved}
                message = _message(places)
            if message is not None and not message.offer(self._server, client):
                self._owed[client] = places
        return True


def _message(places: _Places) -> Fleeting:
    return Fleeting("cursors", to_json(Cursors([[n, *at] for n, at in places.items()])))
