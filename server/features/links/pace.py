"""How much visitors have saved: so many bytes by one link, and from one address, however many visits they begin."""

from flask import Flask, current_app, request

from ...domain.policy import Action
from ...errors import TooMuchSaved
from ...web.acting import action_of, actor
from ..accounts.http import address
from ..accounts.limits import Limits

_SAVING: frozenset[Action] = frozenset(
    {"annotation.change", "image.change", "comment.write", "review.decide"}
)
_LEAST_BYTES, _MOST_BYTES = 500, 5_000_000  # of a change: it leaves an event; where its request does not say
_OF_LINK, _OF_ADDRESS, _SECONDS = 200_000_000, 50_000_000, 3600.0


class Pace:
    def __init__(self, limits: Limits) -> None:
        self._of_link = limits.of("saved by link", _OF_LINK, _SECONDS, TooMuchSaved)
        self._of_address = limits.of("saved", _OF_ADDRESS, _SECONDS, TooMuchSaved)

    def check(self) -> None:
        """Before a request is answered. Raises TooMuchSaved."""
        view = current_app.view_functions.get(request.endpoint or "")
        if view is None or action_of(view) not in _SAVING:
            return
        visit = actor().visit
        if visit is None:
            return
        size = _MOST_BYTES if "Transfer-Encoding" in request.headers else request.content_length or 0
        self._of_address.begin(
            address(), max(_LEAST_BYTES, size)
        )  # first: who is refused takes nothing from others
        self._of_link.begin(visit.link_id, max(_LEAST_BYTES, size))


def register(app: Flask, limits: Limits) -> None:
    """After `acting`, which finds out who asks."""
    app.before_request(Pace(limits).check)
