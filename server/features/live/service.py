"""Who is in which project, on what image, with what in hand; what they point at and what they are editing.

In memory alone: whoever is connected says it again after a restart. Processes of one server tell each other of their
pages, and each knows them all. Says what is to be told to whom, and knows no socket.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ...domain.policy import Actor
from ...errors import Conflict, TooManyRequests
from .crowd import Crowd, Human, Paces, Page, Told, person_of, same_everywhere
from .locks import Locks, Place
from .pace import Pace
from .schema import Followed, Held, HoldAnswer, Looking, PersonLeft, Present, View

MOST_PEOPLE = 200  # in a project
_MOST_PAGES = 20  # of one person in a project
_MOVES = (20.0, 40.0)  # a second, at once; a page sends 12
_SAYINGS = (5.0, 20.0)  # where one is, what one holds, whom one follows
_LOOKS = (1.0, 3.0)


class Live:
    def __init__(self, clock: Callable[[], float] = time.monotonic, shared: bool = False) -> None:
        """`shared`: whether other processes tell of people, too."""
        self._clock = clock
        self._crowd = Crowd(same_everywhere if shared else None)
        self._moved: dict[Place, dict[int, Sequence[float]]] = {}
        self._locks = Locks(clock)
        self._paces: dict[str, Paces] = {}  # by session

    def place_of(self, session: str) -> Place | None:
        """Where it last said it is; None: it has not, or has left."""
        page = self._crowd.pages.get(session)
        return None if page is None else page.place

    def sessions(self) -> list[str]:
        return [*self._crowd.pages]

    def arrive(
        self, session: str, actor: Actor, place: Place, object_id: str | None = None, tool: str | None = None
    ) -> tuple[Present, list[Told]]:
        """From now on the session is there, and so is its person. Raises Conflict where there are too many already;
        TooManyRequests."""
        page, key = self._crowd.pages.get(session), str(actor)
        if not self._paces_of(session).sayings.take():
            raise TooManyRequests("This page says too often where it is.")
        if page is None or page.place.project_id != place.project_id or page.human.key != key:
            self._check_room(place.project_id, key)
        follows = None if page is None else page.follows
        page, told = self._put(
            Page(
                session,
                self._crowd.human(place.project_id, key, actor.id, actor.name),
                place,
                at=time.time(),
                object=object_id,
                tool=tool,
                follows=follows,
            ),
            actor.name,
        )
        return self._present(page), told

    def end(self, session: str) -> list[Told]:
        """The session's connection has ended."""
        self._paces.pop(session, None)
        return self.leave(session)

    def leave(self, session: str) -> list[Told]:
        """The session is in no project any more."""
        page = self._crowd.pages.get(session)
        if page is None:
            return []
        told = self._release(page)
        self._stop_moving(page)
        human, project_id = page.human, page.place.project_id
        self._crowd.remove(page)
        if page.follows is not None:
            told += self._followed(page, page.follows)
        everybody = Place(project_id, None)
        if human.pages:
            return [*told, self._here(human, everybody)]
        for follower in [each for each in self._crowd.within(project_id) if each.follows == human.n]:
            follower.follows = None
        return [*told, Told("person:left", everybody, PersonLeft(human.n))]

    def point(self, session: str, at: Sequence[float] | None) -> Place | None:
        """Where the cursor is; None where it has left the image. Told when `moved` is asked: the place whose cursors
        begin to wait for that, or None."""
        page = self._crowd.pages.get(session)
        if (
            page is None
            or page.place.image_id is None
            or not self._paces_of(session).moves.take()
            or not any(each.human is not page.human for each in self._crowd.on[page.place])
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
        if not self._paces_of(session).looks.take():
            raise TooManyRequests("That is too often.", hint="Wait a second, then point again.")
        return [Told("person:look", page.place, Looking(page.human.n, [round(each, 1) for each in at]))]

    def follow(self, session: str, n: int | None) -> list[Told]:
        """Has the person's view told to this session from now on. Raises Conflict, TooManyRequests."""
        page = self._page(session)
        self._count(page)
        return self._have_follow(page, n)

    def view(self, session: str, at: Sequence[float]) -> list[Told]:
        """What the session has on screen, for whoever follows its person."""
        page = self._crowd.pages.get(session)
        if page is None or page is not page.human.pages[-1] or not self._paces_of(session).moves.take():
            return []
        message = View(page.human.n, [round(each, 1) for each in at])
        if page.place.layer is not None:
            return []
        there = self._crowd.within(page.place.project_id)
        return [Told("person:view", each.session, message) for each in there if each.follows == page.human.n]

    def hold(
        self, session: str, objects: Sequence[str], free: Collection[str] | None = None
    ) -> tuple[HoldAnswer, list[Told]]:
        """The session is editing these, and nothing else, for the next 30 s. `free`: those that no process has given to
        another; None: there is no other. Raises Conflict, TooManyRequests."""
        page = self._page(session, on_image=True)
        self._count(page)
        wanted = [each for each in dict.fromkeys(objects) if free is None or each in free]
        mine, changed = self._locks.hold(session, page.place, wanted)
        return HoldAnswer(mine), self._holding(page.place) if changed else []

    def held_by(self, session: str) -> set[tuple[Place, str]]:
        return self._locks.of(session)

    def expire(self) -> list[Told]:
        """Ends what nobody said again."""
        return [told for place in self._locks.expire() for told in self._holding(place)]

    @property
    def holds(self) -> bool:
        """Whether anything is being edited."""
        return len(self._locks) > 0

    def is_elsewhere(self, where: Place | str) -> bool:
        """Whether somebody in that place, or with that session, is connected to another process."""
        pages = self._crowd.on.get(where, ()) if isinstance(where, Place) else ()
        if isinstance(where, str) and where in self._crowd.pages:
            pages = [self._crowd.pages[where]]
        return any(page.process for page in pages)

    def record(self, session: str) -> dict[str, Any] | None:
        """What other processes hear about a page; None if it is in no project."""
        page = self._crowd.pages.get(session)
        if page is None:
            return None
        return {
            "session": session,
            "person": [page.human.key, page.human.account, page.human.name],
            "place": [*page.place],
            "at": page.at,
            "hand": [page.object, page.tool],
            "follows": page.follows,
            "holds": [each for _, each in sorted(self._locks.of(session))],
        }

    def records(self) -> list[dict[str, Any]]:
        """Of all pages of this process."""
        found = (self.record(page.session) for page in self._crowd.of(""))
        return [each for each in found if each is not None]

    def hear(self, process: str, record: Mapping[str, Any]) -> list[Told]:
        """Take in what another process says about one of its pages, and return the news for the pages here."""
        place, (object_id, tool) = Place(*record["place"]), record["hand"]
        human = self._crowd.human(place.project_id, *record["person"])
        page = Page(
            record["session"], human, place, process, record["at"], object_id, tool, record["follows"]
        )
        page, told = self._put(page, record["person"][2])
        told += self._have_follow(page, record["follows"])
        _, changed = self._locks.hold(page.session, place, record["holds"], take=True)
        return [*told, *self._holding(place)] if changed else told

    def hear_all(self, process: str, records: Sequence[Mapping[str, Any]]) -> list[Told]:
        """All pages of another process; what it does not name has left."""
        named = {record["session"] for record in records}
        left = [page.session for page in self._crowd.of(process) if page.session not in named]
        told = [each for session in left for each in self.leave(session)]
        return told + [each for record in records for each in self.hear(process, record)]

    def _check_room(self, project_id: str, key: str) -> None:
        humans: Mapping[str, Human] = self._crowd.humans.get(project_id, {})
        if key not in humans and len(humans) >= MOST_PEOPLE:
            raise Conflict(f"There are {MOST_PEOPLE} people in this project already.")
        if key in humans and len(humans[key].pages) >= _MOST_PAGES:
            raise Conflict(f"You have {_MOST_PAGES} pages of this project open already.", hint="Close some.")

    def _paces_of(self, session: str) -> Paces:
        if session not in self._paces:
            self._paces[session] = Paces(*(Pace(*each, self._clock) for each in (_MOVES, _SAYINGS, _LOOKS)))
        return self._paces[session]

    def _put(self, said: Page, name: str) -> tuple[Page, list[Told]]:
        """The session's page is as it says; a new one, where it comes into a project, or as somebody else."""
        page, told, human = self._crowd.pages.get(said.session), list[Told](), said.human
        before = person_of(human) if human.pages else None
        if page is None or page.place.project_id != said.place.project_id or page.human is not human:
            told += self.leave(said.session)
            page, said.follows = said, None
            self._crowd.add(page)
        if page.place != said.place:
            told += self._release(page)
            self._stop_moving(page)
            self._crowd.move(page, said.place)
        page.object, page.tool, page.at, human.name = said.object, said.tool, said.at, name
        human.pages.sort(key=lambda each: (each.at, each is page))
        person = person_of(human)
        if person != before:
            concerns_all = before is None or (before.image, before.name) != (person.image, person.name)
            where = Place(page.place.project_id, None) if concerns_all else page.place
            told.append(self._here(human, where))
        return page, told

    def _stop_moving(self, page: Page) -> None:
        self._moved.get(page.place, {}).pop(page.human.n, None)

    def _release(self, page: Page) -> list[Told]:
        return self._holding(page.place) if self._locks.release(page.session) else []

    def _page(self, session: str, on_image: bool = False) -> Page:
        page = self._crowd.pages.get(session)
        if page is None or (on_image and page.place.image_id is None):
            raise Conflict(
                f"This client is {'on no image' if page else 'in no project'}.", hint='Send "here" first.'
            )
        return page

    def _count(self, page: Page) -> None:
        if not self._paces_of(page.session).sayings.take():
            raise TooManyRequests("That is too often.")

    def _here(self, human: Human, to: Place) -> Told:
        """To others: what is kept from those would tell who it is about that they are alone."""
        return Told("person:here", to, person_of(human), [page.session for page in human.pages])

    def _present(self, page: Page) -> Present:
        humans = self._crowd.humans[page.place.project_id].values()
        people = [person_of(each, each is page.human) for each in humans]
        return Present(page.human.n, people, self._held(page.place), self._followers(page.human))

    def _held(self, place: Place) -> dict[str, int]:
        pages = self._crowd.pages
        return {each: pages[session].human.n for each, session in self._locks.at(place).items()}

    def _holding(self, place: Place) -> list[Told]:
        return [Told("held", place, Held(self._held(place)))]

    def _have_follow(self, page: Page, n: int | None) -> list[Told]:
        before, page.follows = page.follows, n
        if before == n:
            return []
        return [told for each in (before, n) if each is not None for told in self._followed(page, each)]

    def _followers(self, human: Human) -> int:
        project_id = human.pages[-1].place.project_id
        return sum(each.follows == human.n for each in self._crowd.within(project_id))

    def _followed(self, page: Page, n: int) -> list[Told]:
        humans = self._crowd.humans.get(page.place.project_id, {}).values()
        human = next((each for each in humans if each.n == n and each.pages), None)
        if human is None:
            return []
        message = Followed(self._followers(human))
        return [Told("followed", each.session, message) for each in human.pages]
