"""Who acts, and what they may do: one policy decides. Routes and events of the socket declare their action."""

from dataclasses import dataclass
from typing import Literal, get_args

from ..errors import Forbidden

Kind = Literal["owner", "guest", "machine"]
Action = Literal[
    "public",  # what everybody may have: pages' scripts, the description of the API, a sign of life
    "server.read",
    "segmenter.read",
    "segmenter.install",
    "project.list",
    "project.create",
    "project.read",
    "project.change",
    "project.delete",
    "label.change",
    "image.read",
    "image.add",
    "image.change",
    "image.remove",
    "annotation.read",
    "annotation.change",
    "image.segment",
    "project.import",
    "project.export",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
_KINDS: tuple[Kind, ...] = get_args(Kind)
# What only the owner may do, and the command that does the same on the server's machine.
_OWNERS: dict[Action, str] = {"segmenter.install": "samphire segmenters pull ID"}


@dataclass(frozen=True)
class Actor:
    """Whoever a use case is done for. An owner runs this server: somebody at its machine, or a program with the access
    token; a guest was let in; the machine does jobs. `id`: who of several it is; empty where that is not known."""

    kind: Kind
    id: str = ""

    def __str__(self) -> str:
        """As it is stored with what was done, or is to be done."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @classmethod
    def read(cls, text: str) -> "Actor":
        """From what is stored. Raises ValueError."""
        kind, _, actor_id = text.partition(":")
        if kind not in _KINDS:
            raise ValueError(f"There is no kind of actor called {kind!r}.")
        return cls(kind, actor_id)


OWNER = Actor("owner")
MACHINE = Actor("machine")


def allows(actor: Actor, action: Action) -> bool:
    return action not in _OWNERS or actor.kind != "guest"


def check(actor: Actor, action: Action) -> None:
    """Raises Forbidden, which tells the command that does the same on the server's machine."""
    if not allows(actor, action):
        raise Forbidden(
            "Only whoever runs this server may do this, at its own machine.",
            hint=f"There, run `{_OWNERS[action]}`.",
        )
