"""Who is in which project, on what image, with what in hand; what they point at and what they are editing.

In memory alone: whoever is connected says it again after a restart. Says what is to be told to whom, and knows no
socket.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Struct

from ...domain.policy import Actor
from ...errors import Conflict, TooManyRequests
from .locks import Locks, Place
from .pace import Pace
from .schema import Followed, Held, HoldAnswer, Looking, Person, PersonLeft, Present, View

MOST_PEOPLE = 200  # in a project
_MOST_PAGES = 20  # of one person in a project
_MOVES = (20.0, 40.0)  # a second, at once; a page sends 12
_SAYINGS = (5.0, 20.0)  # where one is, what one holds, whom one follows
_LOOKS = (1.0, 3.0)


class Told(NamedTuple):
    """What to tell: to all in a place, of its project where the image is None, `but` these sessions; or to one."""

    event: str
    to: Place | str
    message: Struct
    but: Sequence[str] = ()


class _Paces(NamedTuple):
    """Of one session, wherever it goes."""

    moves: Pace
    sayings: Pace
    looks: Pace


@dataclass(eq=False)
class _Human:
    """`pages`: their sessions, the latest last."""

    n: int
    key: str
    actor: Actor
    pages: "list[_Page]" = field(default_factory=list)


@dataclass(eq=False)
class _Page:
    session: str
    human: _Human
    place: Place
    paces: _Paces
    object: str | None = None
    tool: str | None = None
    follows: int | None = None


class Live:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pages: dict[str, _Page] = {}
        self._humans: dict[str, dict[str, _Human]] = {}  # by project, then by who it is
        self._on: dict[Place, set[_Page]] = {}
        self._moved: dict[Place, dict[int, Sequence[float]]] = {}
        self._locks = Locks(clock)
        self._counted: dict[str, int] = {}  # people, by project: their numbers tell of no other
        self._paces: dict[str, _Paces] = {}  # by session

    def place_of(self, session: str) -> Place | None:
        """Where it last said it is; None: it has not, or has left."""
        page = self._pages.get(session)
        return None if page is None else page.place

    def sessions(self) -> list[str]:
        return [*self._pages]

    def arrive(
        self, session: str, actor: Actor, place: Place, object_id: str | None = None, tool: str | None = None
    ) -> tuple[Present, list[Told]]:
        """From now on the session is there, and so is its person. Raises Conflict where there are too many already;
        TooManyRequests."""
        page, told = self._pages.get(session), []
        paces = self._paces_of(session)
        if not paces.sayings.take():
            raise TooManyRequests("This page says too often where it is.")
        project_id = place.project_id
        same = page is not None and page.place.project_id == project_id and page.human.key == str(actor)
        human = page.human if page is not None and same else self._join(actor, project_id)
        before = self._person(human) if human.pages else None
        if page is None or not same:
            told += self.leave(session)
            page = self._begin(session, human, place, paces)
        if page.place != place:
            told += self._move(page, place)
        page.object, page.tool, human.actor = object_id, tool, actor
        human.pages.remove(page)
        human.pages.append(page)
        person = self._person(human)
        if person != before:
            concerns_all = before is None or (before.image, before.name) != (person.image, person.name)
            told.append(self._here(human, Place(project_id, None) if concerns_all else place))
        return self._present(page), told

    def end(self, session: str) -> list[Told]:
        """The session's connection has ended."""
        self._paces.pop(session, None)
        return self.leave(session)

    def leave(self, session: str) -> list[Told]:
        """The session is in no project any more."""
        page = self._pages.pop(session, None)
        if page is None:
            return []
        told = self._release(page)
        self._off(page)
        human, project_id = page.human, page.place.project_id
        human.pages.remove(page)
        if page.follows is not None:
            told += self._followed(page, page.follows)
        everybody = Place(project_id, None)
        if human.pages:
            return [*told, self._here(human, everybody)]
        del self._humans[project_id][human.key]
        if not self._humans[project_id]:
            del self._humans[project_id], self._counted[project_id]
        for follower in [each for each in self._in(project_id) if each.follows == human.n]:
            follower.follows = None
        return [*told, Told("person:left", everybody, PersonLeft(human.n))]

    def point(self, session: str, at: Sequence[float] | None) -> Place | None:
        """Where the cursor is; None where it has left the image. Told when `moved` is asked: the place whose cursors
        begin to wait for that, or None."""
        page = self._pages.get(session)
        if (
            page is None
            or page.place.image_id is None
            or not page.paces.moves.take()
            or not self._has_others(page)
        ):
            return None
        waiting = self._moved.get(page.place)
        moved = waiting if waiting is not None else self._moved.setdefault(page.place, {})
        moved[page.human.n] = [] if at is None else [round(each, 1) for each in at]
        return page.place if waiting is None else None

    def moved(self, place: Place) -> Mapping[int, Sequence[float]]:
        """Where the cursors there are that moved since this was asked, by the person's number; empty: it has left."""
        return self._moved.pop(place, {})

    def look(self, session: str, at: Sequence[float]) -> list[Told]:
        """Asks others to look at a place of the image. Raises Conflict, TooManyRequests."""
        page = self._page(session, on_image=True)
        if not page.paces.looks.take():
            raise TooManyRequests("That is too often.", hint="Wait a second, then point again.")
        return [Told("person:look", page.place, Looking(page.human.n, [round(each, 1) for each in at]))]

    def follow(self, session: str, n: int | None) -> list[Told]:
        """Has the person's view told to this session from now on. Raises Conflict, TooManyRequests."""
        page = self._page(session)
        self._count(page)
        before, page.follows = page.follows, n
        if before == n:
            return []
        return [told for each in (before, n) if each is not None for told in self._followed(page, each)]

    def view(self, session: str, at: Sequence[float]) -> list[Told]:
        """What the session has on screen, for whoever follows its person."""
        page = self._pages.get(session)
        if page is None or page is not page.human.pages[-1] or not page.paces.moves.take():
            return []
        message = View(page.human.n, [round(each, 1) for each in at])
        if page.place.layer is not None:
            return []
        following = [each for each in self._in(page.place.project_id) if each.follows == page.human.n]
        return [Told("person:view", each.session, message) for each in following]

    def hold(self, session: str, objects: Sequence[str]) -> tuple[HoldAnswer, list[Told]]:
        """The session is editing these, and nothing else, for the next 30 s. Raises Conflict, TooManyRequests."""
        page = self._page(session, on_image=True)
        self._count(page)
        mine, changed = self._locks.hold(session, page.place, dict.fromkeys(objects))
        return HoldAnswer(mine), self._holding(page.place) if changed else []

    def expire(self) -> list[Told]:
        """Ends what nobody said again."""
        return [told for place in self._locks.expire() for told in self._holding(place)]

    @property
    def holds(self) -> bool:
        """Whether anything is being edited."""
        return len(self._locks) > 0

    def _join(self, actor: Actor, project_id: str) -> _Human:
        humans = self._humans.get(project_id, {})
        human = humans.get(str(actor))
        if human is None and len(humans) >= MOST_PEOPLE:
            raise Conflict(f"There are {MOST_PEOPLE} people in this project already.")
        if human is not None and len(human.pages) >= _MOST_PAGES:
            raise Conflict(f"You have {_MOST_PAGES} pages of this project open already.", hint="Close some.")
        if human is None:
            human = _Human(self._counted.get(project_id, 0) + 1, str(actor), actor)
        return human

    def _paces_of(self, session: str) -> _Paces:
        if session not in self._paces:
            self._paces[session] = _Paces(*(Pace(*each, self._clock) for each in (_MOVES, _SAYINGS, _LOOKS)))
        return self._paces[session]

    def _begin(self, session: str, human: _Human, place: Place, paces: _Paces) -> _Page:
        page = _Page(session, human, place, paces)
        self._counted[place.project_id] = max(human.n, self._counted.get(place.project_id, 0))
        self._humans.setdefault(place.project_id, {})[human.key] = human
        human.pages.append(page)
        self._pages[session] = page
        self._on.setdefault(place, set()).add(page)
        return page

    def _move(self, page: _Page, place: Place) -> list[Told]:
        told = self._release(page)
        self._off(page)
        page.place = place
        self._on.setdefault(place, set()).add(page)
        return told

    def _off(self, page: _Page) -> None:
        there = self._on[page.place]
        there.discard(page)
        self._moved.get(page.place, {}).pop(page.human.n, None)
        if not there:
            del self._on[page.place]

    def _release(self, page: _Page) -> list[Told]:
        return self._holding(page.place) if self._locks.release(page.session) else []

    def _page(self, session: str, on_image: bool = False) -> _Page:
        page = self._pages.get(session)
        if page is None or (on_image and page.place.image_id is None):
            raise Conflict(
                f"This client is {'on no image' if page else 'in no project'}.", hint='Send "here" first.'
            )
        return page

    def _count(self, page: _Page) -> None:
        if not page.paces.sayings.take():
            raise TooManyRequests("That is too often.")

    def _has_others(self, page: _Page) -> bool:
        return any(each.human is not page.human for each in self._on[page.place])

    def _in(self, project_id: str) -> list[_Page]:
        humans: Mapping[str, _Human] = self._humans.get(project_id, {})
        return [page for human in humans.values() for page in human.pages]

    def _here(self, human: _Human, to: Place) -> Told:
        """To others: what is kept from those would tell who it is about that they are alone."""
        return Told("person:here", to, self._person(human), [page.session for page in human.pages])

    def _person(self, human: _Human, own: bool = False) -> Person:
        """Of who is alone with their work, others read only that they are in the project."""
        page = human.pages[-1]
        alone = page.place.layer is not None and not own
        return Person(
            n=human.n,
            account=human.actor.id,
            name=human.actor.name,
            image=None if alone else page.place.image_id,
            object=None if alone else page.object,
            tool=None if alone else page.tool,
        )

    def _present(self, page: _Page) -> Present:
        humans = self._humans[page.place.project_id].values()
        people = [self._person(each, each is page.human) for each in humans]
        return Present(page.human.n, people, self._held(page.place), self._followers(page.human))

    def _held(self, place: Place) -> dict[str, int]:
        return {each: self._pages[session].human.n for each, session in self._locks.at(place).items()}

    def _holding(self, place: Place) -> list[Told]:
        return [Told("held", place, Held(self._held(place)))]

    def _followers(self, human: _Human) -> int:
        project_id = human.pages[-1].place.project_id
        return sum(each.follows == human.n for each in self._in(project_id))

    def _followed(self, page: _Page, n: int) -> list[Told]:
        humans = self._humans.get(page.place.project_id, {}).values()
        human = next((each for each in humans if each.n == n and each.pages), None)
        if human is None:
            return []
        message = Followed(self._followers(human))
        return [Told("followed", each.session, message) for each in human.pages]
