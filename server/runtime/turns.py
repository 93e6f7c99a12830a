"""Whose turn it is: a queue in which clients take turns, however much each asks for. No threads, and any clock.

A client is a path, from what many share to what is its own: address, who says to be there, connection. At every level
those who wait take turns, so two hundred connections from one address weigh as much as another address's only one.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from math import inf
from typing import Generic, TypeVar

T = TypeVar("T")
Path = tuple[str, ...]

client: ContextVar[Path] = ContextVar("client", default=("server",))
"""For whom this greenlet works; what the server does by itself is one client among the others."""

_MOST_IN_A_ROW = 3  # of the rested, while others wait
_REST = 0.25  # of an item's time: who pauses so long has rested, a program's loop is faster
_LATELY_SECONDS = 5.0  # so long is a place kept for who rests
_PRESSES = -inf
_MOST_IDLE = 1000  # clients of one level that are remembered though nothing of theirs is here


class _Node(Generic[T]):
    """A client, or what several share."""

    def __init__(self, now: float) -> None:
        self.waiting = self.running = 0
        self.idle_since = now
        self.items: dict[T, None] = {}
        self.children: dict[str, _Node[T]] = {}
        self.ring: dict[
            str, float
        ] = {}  # the children with something waiting, by turns, and what `_rest` says of each
        self.in_a_row = 0
        self.new = True

    @property
    def idle(self) -> bool:
        return not self.waiting and not self.running

    def next_child(self, rested_only: bool) -> str:
        """The child whose turn it is: the first of those who rested longest, now and then of those who did least."""
        others = self.in_a_row >= _MOST_IN_A_ROW and not rested_only
        return (min if others else max)(self.ring, key=self.ring.__getitem__)


class FairQueue(Generic[T]):
    """Items wait under their client's path; `pop` begins one and `done` ends it.

    Who has rested goes before who asks for the first time, and both before who presses: someone who looks before the
    next click does rest, a program in a loop or with many requests at once does not. So a person waits for one item,
    not for one of each program.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, newcomers_first: bool = True) -> None:
        """`newcomers_first`: for short items, where a person waits for the first; else newcomers wait their turn."""
        self._now, self._newcomers_first = now, newcomers_first
        self._item_seconds: float | None = None  # how long an item usually takes
        self._rested: Path = ()  # who had rested and was served last
        self._rested_at = now()
        self._newcomers = 0
        self._root: _Node[T] = _Node(now())
        self._begun: dict[Path, list[float]] = {}

    def __len__(self) -> int:
        return self._root.waiting

    def waiting(self, path: Path) -> int:
        """How many items of a client, or of what several share, wait."""
        node = self._root
        for name in path:
            if name not in node.children:
                return 0
            node = node.children[name]
        return node.waiting

    def push(self, path: Path, item: T) -> None:
        nodes = self._walk(path)
        for parent, name, node in zip([self._root, *nodes], path, nodes, strict=False):
            if not node.waiting:
                parent.ring[name] = self._rest(node)
        for node in (self._root, *nodes):
            node.waiting += 1
            node.new = False
        nodes[-1].items[item] = None

    def pop(self, last_place: bool = False) -> T | None:
        """Begin the item whose turn it is; None when none waits.

        The last place is kept for others who rest, as long as one who had rested was served lately."""
        now = self._now()
        kept = bool(last_place and self._rested and now - self._rested_at < _LATELY_SECONDS)
        path, rested = self._next(kept)
        own = path[: len(self._rested)] == self._rested
        if not len(self) or (kept and not rested and not own):
            return None
        if rested:
            self._rested, self._rested_at = rested, now
        node = self._root
        node.waiting -= 1
        for name in path:
            node.in_a_row = 0 if node.ring.pop(name) == _PRESSES else node.in_a_row + 1
            parent, node = node, node.children[name]
            node.waiting -= 1
            node.running += 1
            if node.waiting:
                parent.ring[name] = _PRESSES
        self._begun.setdefault(path, []).append(now)
        item = next(iter(node.items))
        del node.items[item]
        return item

    def _rest(self, node: _Node[T]) -> float:
        """How many seconds a client that asks now has rested; below 0 for one that asks for the first time, the last to
        come above the others; _PRESSES for who has not rested long."""
        if self._item_seconds is None or (node.new and not self._newcomers_first):
            return _PRESSES
        if node.new:
            self._newcomers += 1
            return -1 / self._newcomers
        rest = self._now() - node.idle_since if node.idle else 0.0
        return rest if rest > _REST * self._item_seconds else _PRESSES

    def _next(self, rested_only: bool) -> tuple[Path, Path]:
        """The client whose turn it is, and as much of its path as has rested."""
        node, path, rested = self._root, [], 0
        while not node.items and node.ring:
            name = node.next_child(rested_only)
            path.append(name)
            rested = rested or (len(path) if node.ring[name] > 0 else 0)
            node = node.children[name]
        return tuple(path), tuple(path[:rested])

    def done(self, path: Path) -> None:
        """An item of this client that was begun has ended."""
        begun = self._begun[path]
        seconds = self._now() - begun.pop(0)
        if not begun:
            del self._begun[path]
        usual = seconds if self._item_seconds is None else self._item_seconds
        self._item_seconds = usual + (seconds - usual) * 0.1
        for node in self._walk(path):
            node.running -= 1
            if node.idle:
                node.idle_since = self._now()

    def remove(self, path: Path, item: T) -> None:
        """Take an item out that waits."""
        nodes = self._walk(path)
        del nodes[-1].items[item]
        self._root.waiting -= 1
        for parent, name, node in zip([self._root, *nodes], path, nodes, strict=False):
            node.waiting -= 1
            if not node.waiting:
                del parent.ring[name]

    def rank(self, path: Path, item: T) -> int:
        """How many of the items that wait now are begun before this one, as the turns stand."""
        nodes = self._walk(path)
        before = list(nodes[-1].items).index(item)
        for parent, name in zip(reversed([self._root, *nodes[:-1]]), reversed(path), strict=True):
            others, each = 0, before + 1
            for other in sorted(parent.ring, key=parent.ring.__getitem__, reverse=True):
                if other == name:
                    each = before
                else:
                    others += min(parent.children[other].waiting, each)
            before += others
        return before

    def _walk(self, path: Path) -> list[_Node[T]]:
        """The nodes of a path below the root, made where they are not."""
        node, nodes = self._root, []
        for name in path:
            if name not in node.children:
                _forget_idle(node)
                node.children[name] = _Node(self._now())
            node = node.children[name]
            nodes.append(node)
        return nodes


def _forget_idle(node: _Node[T]) -> None:
    if len(node.children) > _MOST_IDLE:
        idle = [name for name, child in node.children.items() if child.idle]
        for name in sorted(idle, key=lambda name: node.children[name].idle_since)[: len(idle) // 2]:
            del node.children[name]
