"""Who acts, and what they may do: one policy decides. Routes and events of the socket declare their action."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from ..errors import Forbidden, NotByLink, Unauthorized
from .visits import LinkKind, Visit

Kind = Literal["owner", "account", "visitor", "guest", "machine"]
Role = Literal["viewer", "annotator", "reviewer", "manager", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)  # in a project; each may do what those before it may
REVIEWERS = ROLES[ROLES.index("reviewer") :]  # who may look into what annotators make unseen by each other
Action = Literal[
    "public",  # what everybody may have: pages' scripts, the description of the API, signing in
    "account.use",
    "account.manage",
    "server.read",
    "segmenter.read",
    "segmenter.install",
    "project.list",
    "project.create",
    "project.read",
    "project.change",
    "project.delete",
    "member.change",
    "link.change",
    "webhook.manage",
    "label.change",
    "image.read",
    "image.add",
    "image.change",
    "image.render",
    "image.remove",
    "annotation.read",
    "annotation.change",
    "comment.read",
    "comment.write",
    "comment.moderate",
    "image.segment",
    "work.take",
    "work.assign",
    "work.measure",
    "review.decide",
    "agreement.read",
    "project.import",
    "project.export",
    "project.train",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
Scope = Literal["read", "write", "manage"]
SCOPES: tuple[Scope, ...] = get_args(Scope)  # of an API token; each may do what those before it may
_KINDS: tuple[Kind, ...] = get_args(Kind)

VISITOR_ID = "v"  # ids of visitors begin with it; those of accounts are hexadecimal

# Who may do what: anybody, whoever has an account, an administrator of the server, or who has at least this role in the
# project that it is about; and the least scope with which a token may. A token never signs in or changes accounts.
_WHO: dict[Action, tuple[Literal["anybody", "account", "admin"] | Role, Scope | None]] = {
    "public": ("anybody", "read"),
    "account.use": ("account", None),
    "account.manage": ("admin", None),
    "server.read": ("account", "read"),
    "segmenter.read": ("account", "read"),
    "segmenter.install": ("admin", "manage"),
    "project.list": ("account", "read"),
    "project.create": ("account", "manage"),
    "project.read": ("viewer", "read"),
    "image.read": ("viewer", "read"),
    "annotation.read": ("viewer", "read"),
    "comment.read": ("viewer", "read"),
    "image.segment": ("annotator", "read"),
    "annotation.change": ("annotator", "write"),
    "image.change": ("annotator", "write"),
    "comment.write": ("annotator", "write"),
    "work.take": ("annotator", "write"),
    "image.add": ("manager", "write"),
    "image.render": ("manager", "write"),  # for everybody: it is encoded anew
    "image.remove": ("manager", "write"),
    "review.decide": ("reviewer", "write"),
    "comment.moderate": ("manager", "write"),
    "agreement.read": ("reviewer", "read"),
    "label.change": ("manager", "write"),
    "work.assign": ("manager", "write"),
    "work.measure": ("manager", "read"),  # what others do; of oneself everybody may know
    "project.import": ("manager", "write"),
    "project.export": ("manager", "read"),
    "project.train": ("manager", "manage"),  # it takes the machine, and installs a segmenter
    "project.change": ("manager", "manage"),
    "member.change": ("manager", "manage"),
    "link.change": ("manager", "manage"),
    "webhook.manage": ("manager", "manage"),
    "project.delete": ("owner", "manage"),
}

# What visitors may, in what their link is of; where a view is open to them at all (`web.acting.may`).
_LOOK: frozenset[Action] = frozenset({"project.read", "image.read", "annotation.read", "segmenter.read"})
_TRY: frozenset[Action] = frozenset({*_LOOK, "image.segment"})
_SAVE: frozenset[Action] = frozenset(
    {*_TRY, "annotation.change", "image.change", "comment.read", "comment.write"}
)
_VISITORS: dict[LinkKind, frozenset[Action]] = {
    "view": _LOOK,
    "try": _TRY,
    "annotate": _SAVE,
    "review": frozenset({*_SAVE, "review.decide"}),
}
_SANDBOX: frozenset[Action] = frozenset({"image.add", "image.remove"})  # and in a project of their own


@dataclass(frozen=True)
class Actor:
    """Whoever a use case is done for.

    An owner is somebody at this server's machine: the one person of local mode, and its commands. An account is a
    person of a team; a visitor follows a share link; a guest is nobody that is known; the machine does jobs. `id`: the
    account's, or the visitor's. `name`: what others read. `scope`: of the API token that speaks for the account; None:
    it is the person. `visit`: where the link of a visitor leads."""

    kind: Kind
    id: str = ""
    name: str = field(default="", compare=False)
    admin: bool = field(default=False, compare=False)
    scope: Scope | None = field(default=None, compare=False)
    visit: Visit | None = field(default=None, compare=False)

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

    @classmethod
    def of_author(cls, author_id: str) -> "Actor":
        """Who did something, by the id that is kept with it."""
        return cls("visitor" if author_id.startswith(VISITOR_ID) else "account", author_id)

    @property
    def account(self) -> str | None:
        """Id of the account; None: no account's."""
        return self.id if self.kind == "account" else None

    @property
    def author(self) -> str | None:
        """Id of the account or the visitor that did something, as it is kept with that; None: of neither."""
        return self.id if self.kind in ("account", "visitor") else None

    @property
    def everywhere(self) -> bool:
        """Whether every project is theirs, without being a member."""
        return self.kind in ("owner", "machine") or self.admin


OWNER = Actor("owner")
MACHINE = Actor("machine")
GUEST = Actor("guest")


def is_about_project(action: Action) -> bool:
    """Whether it takes a role in a project."""
    return _WHO[action][0] in ROLES


def at_least(role: Role | None, least: Role) -> bool:
    """Whether the role may what `least` may; None: no role."""
    return role is not None and ROLES.index(role) >= ROLES.index(least)


def allows(actor: Actor, action: Action, role: Role | None = None) -> bool:
    """`role`: of the actor in the project that the action is about; None: none."""
    who, scope = _WHO[action]
    if actor.kind in ("owner", "machine") or who == "anybody":
        return True
    if actor.kind == "guest":
        return False
    if actor.kind == "visitor":
        visit = actor.visit
        known = visit is not None and (
            action in _VISITORS[visit.kind] or (visit.sandbox and action in _SANDBOX)
        )
        return known and (role is not None or not is_about_project(action))
    if actor.scope is not None and (scope is None or SCOPES.index(actor.scope) < SCOPES.index(scope)):
        return False
    if actor.admin or who == "account":
        return True
    return who != "admin" and at_least(role, who)


def check(actor: Actor, action: Action, role: Role | None = None) -> None:
    """Raises Forbidden, which says who may; Unauthorized for a guest."""
    if allows(actor, action, role):
        return
    if actor.kind == "guest":
        raise Unauthorized()
    if actor.kind == "visitor":
        raise NotByLink()
    who, scope = _WHO[action]
    if actor.scope is not None and scope is None:
        raise Forbidden("An API token may not do this.", hint="Sign in with a browser.")
    if actor.scope is not None and allows(Actor(actor.kind, actor.id, admin=actor.admin), action, role):
        raise Forbidden("This API token may not do this.", hint="Create one with a wider scope.")
    if who == "admin":
        raise Forbidden("Only an administrator of this server may do this.", hint="Ask one of them.")
    raise Forbidden(
        f"Only people with the role {who} or a higher one in this project may do this.",
        hint="Ask an owner or a manager of the project.",
    )
