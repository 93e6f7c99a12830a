"""Runs of proposals in other processes of the server: for an image there is one, wherever it was begun."""

import time
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from typing import Any

from ...domain.policy import Actor
from ...runtime import greenlets
from ...runtime.bus import Bus
from ...runtime.peers import Away, Claims

Key = tuple[str, ...]

_ENDINGS = "runs ended"  # what processes tell each other
_LONGEST_SECONDS = 3600.0  # of a run, the wait for its place included
_PATIENCE_SECONDS, _LOOK_SECONDS = 5.0, 0.1


class RunsElsewhere:
    """`end(key, actor, wanted)`: the run of this process is to end, if it is that actor's; None: whoever's.

    Without other processes, or while they cannot be asked, there are no other runs."""

    def __init__(self, bus: Bus, claims: Claims | None, end: Callable[[Key, str | None, bool], None]) -> None:
        self._bus, self._claims = bus, claims
        bus.on(_ENDINGS, lambda data: end(tuple(data["run"]), data["of"], data["wanted"]))

    def begin(self, key: Key, actor: Actor) -> str | None:
        """What to give back when the run has ended; None while somebody else has one. The actor's own is ended."""
        claim, told = f"{actor} {token_hex(4)}", False
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with suppress(Away):
            while self._claims is not None and not self._claims.take(claim, [_name(key)], _LONGEST_SECONDS):
                whose = (self._claims.owner(_name(key)) or str(actor)).partition(" ")[0]
                if whose != str(actor) or time.monotonic() > deadline:
                    return None
                if not told:
                    self._tell(key, str(actor), wanted=False)
                told = True
                greenlets.sleep(_LOOK_SECONDS)
        return claim

    def ended(self, key: Key, claim: str) -> None:
        """A run of this process."""
        claims = self._claims
        if claims is not None:

            def leave() -> None:
                with suppress(Away):
                    claims.leave(claim, [_name(key)])

            greenlets.spawn(leave)

    def running(self, key: Key) -> bool:
        with suppress(Away):
            return self._claims is not None and self._claims.owner(_name(key)) is not None
        return False

    def stop(self, key: Key) -> None:
        """What was found until then is kept."""
        self._tell(key, None, wanted=True)

    def _tell(self, key: Key, actor: str | None, wanted: bool) -> None:
        told: dict[str, Any] = {"run": [*key], "of": actor, "wanted": wanted}
        self._bus.spread(_ENDINGS, told)


def _name(key: Key) -> str:
    return "run:" + ":".join(key)
