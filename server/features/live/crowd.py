"""Who is there: people, their pages, and where each page is; of this process and of others."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Struct

from .locks import Place
from .pace import Pace
from .schema import Person

Number = Callable[[str, str], int]


class Told(NamedTuple):
    """What to tell: to all in a place, of its project where the image is None, `but` these sessions; or to one."""

    event: str
    to: Place | str
    message: Struct
    but: Sequence[str] = ()


class Paces(NamedTuple):
    """Of one session, wherever it goes."""

    moves: Pace
    sayings: Pace
    looks: Pace


@dataclass(eq=False)
class Human:
    """`pages`: theirs, the latest last."""

    n: int
    key: str
    account: str
    name: str
    pages: "list[Page]" = field(default_factory=list)


@dataclass(eq=False)
class Page:
    """`process`: whose it is; "" for this one. `at`: seconds since 1970, when it said last where it is."""

    session: str
    human: Human
    place: Place
    process: str = ""
    at: float = 0.0
    object: str | None = None
    tool: str | None = None
    follows: int | None = None


def same_everywhere(project_id: str, key: str) -> int:
    """The number of a person in a project that every process comes to by itself; two of 200 people are the same one
    in 50 million cases."""
    return int.from_bytes(hashlib.sha256(f"{project_id} {key}".encode()).digest()[:5])


class Crowd:
    """`number`: of a person in a project; None: they are counted, so that numbers tell of no other project."""

    def __init__(self, number: Number | None = None) -> None:
        self._number = number
        self.pages: dict[str, Page] = {}
        self.humans: dict[str, dict[str, Human]] = {}  # by project, then by who it is
        self.on: dict[Place, set[Page]] = {}
        self._counted: dict[str, int] = {}  # people, by project

    def human(self, project_id: str, key: str, account: str, name: str) -> Human:
        """Who is there already, or somebody new, who is not there yet."""
        found = self.humans.get(project_id, {}).get(key)
        if found is None:
            n = (
                self._counted.get(project_id, 0) + 1
                if self._number is None
                else self._number(project_id, key)
            )
            found = Human(n, key, account, name)
        return found

    def add(self, page: Page) -> None:
        project_id, human = page.place.project_id, page.human
        if self._number is None:
            self._counted[project_id] = max(human.n, self._counted.get(project_id, 0))
        self.humans.setdefault(project_id, {})[human.key] = human
        human.pages.append(page)
        self.pages[page.session] = page
        self.on.setdefault(page.place, set()).add(page)

    def move(self, page: Page, place: Place) -> None:
        self._off(page)
        page.place = place
        self.on.setdefault(place, set()).add(page)

    def remove(self, page: Page) -> None:
        """With its last page a person goes."""
        del self.pages[page.session]
        self._off(page)
        project_id, human = page.place.project_id, page.human
        human.pages.remove(page)
        if human.pages:
            return
        del self.humans[project_id][human.key]
        if not self.humans[project_id]:
            del self.humans[project_id]
            self._counted.pop(project_id, None)

    def within(self, project_id: str) -> list[Page]:
        humans: Mapping[str, Human] = self.humans.get(project_id, {})
        return [page for human in humans.values() for page in human.pages]

    def of(self, process: str) -> list[Page]:
        return [page for page in self.pages.values() if page.process == process]

    def _off(self, page: Page) -> None:
        there = self.on[page.place]
        there.discard(page)
        if not there:
            del self.on[page.place]


def person_of(human: Human, own: bool = False) -> Person:
    """Of who is alone with their work, others read only that they are in the project."""
    page = human.pages[-1]
    alone = page.place.layer is not None and not own
    return Person(
        n=human.n,
        account=human.account,
        name=human.name,
        image=None if alone else page.place.image_id,
        object=None if alone else page.object,
        tool=None if alone else page.tool,
    )
