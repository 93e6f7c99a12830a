"""Who is where, what is told to whom, and what ends by itself."""

import pytest

from server.domain.policy import OWNER, Actor
from server.errors import Conflict, TooManyRequests
from server.features.live import service
from server.features.live.locks import HELD_SECONDS, Locks, Place
from server.features.live.service import Live

A, B = Place("p", "a"), Place("p", "b")
EVERYBODY = Place("p", None)
ANN, BEN = (Actor("account", name.lower(), name) for name in ("Ann", "Ben"))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def live(clock):
    return Live(clock)


def events(told):
    return [(each.event, each.to) for each in told]


def test_who_comes_learns_of_all_and_all_of_them(live):
    first, told = live.arrive("1", ANN, A, None, "point")
    assert [person.name for person in first.people] == ["Ann"]
    assert events(told) == [("person:here", EVERYBODY)]
    second, told = live.arrive("2", BEN, B)
    assert [(each.name, each.image, each.tool) for each in second.people] == [
        ("Ann", "a", "point"),
        ("Ben", "b", None),
    ]
    assert second.me != first.me
    assert told[0].message.account == "ben"


def test_what_one_does_is_told_on_the_image_alone_and_where_one_is_to_the_project(live):
    live.arrive("1", ANN, A)
    assert events(live.arrive("1", ANN, A, "o", "brush")[1]) == [("person:here", A)]
    assert live.arrive("1", ANN, A, "o", "brush")[1] == []
    assert events(live.arrive("1", ANN, B, "o", "brush")[1]) == [("person:here", EVERYBODY)]


def test_pages_of_an_account_are_one_person_who_is_where_the_latest_is(live):
    first, _ = live.arrive("1", ANN, A)
    second, told = live.arrive("2", ANN, B)
    assert second.me == first.me
    assert len(second.people) == 1
    assert told[0].message.image == "b"
    told = live.leave("2")
    assert events(told) == [("person:here", EVERYBODY)]
    assert told[0].message.image == "a"
    assert events(live.leave("1")) == [("person:left", EVERYBODY)]
    assert live.leave("1") == []


def test_going_into_another_project_leaves_the_first(live):
    live.arrive("1", ANN, A)
    watcher, _ = live.arrive("2", BEN, A)
    present, told = live.arrive("1", ANN, Place("q", "c"))
    assert events(told) == [("person:left", EVERYBODY), ("person:here", Place("q", None))]
    assert [each.name for each in present.people] == ["Ann"]
    assert [each.n for each in live.arrive("2", BEN, A)[0].people] == [watcher.me]


def test_cursors_are_gathered_rounded_and_of_nobody_alone(live):
    ann, _ = live.arrive("1", ANN, A)
    assert live.point("1", [1, 2]) is None  # nobody would see it
    ben, _ = live.arrive("2", BEN, A)
    assert live.point("1", [1, 2]) == A
    assert live.point("1", [1.26, 2.04]) is None  # they wait already
    assert live.point("2", None) is None
    assert live.moved(A) == {ann.me: [1.3, 2.0], ben.me: []}
    assert live.moved(A) == {}
    assert live.point("nobody", [1, 2]) is None


def test_pages_of_the_one_person_of_a_local_server_tell_each_other_of_no_cursors(live):
    live.arrive("1", OWNER, A)
    live.arrive("2", OWNER, A)
    assert live.point("1", [1, 2]) is None


def test_who_moves_too_often_is_not_told_of_and_others_are(live, clock):
    ann, _ = live.arrive("1", ANN, A)
    ben, _ = live.arrive("2", BEN, A)
    rate, burst = service._MOVES
    for number in range(1000):
        live.point("1", [number, 0])
    assert live.moved(A)[ann.me][0] == burst - 1
    assert live.point("1", [5000, 0]) is None
    assert live.point("2", [1, 1]) == A
    assert live.moved(A) == {ben.me: [1, 1]}
    clock.now += 1.5 / rate
    assert live.point("1", [7, 7]) == A


def test_lookings_and_sayings_have_their_pace_too(live, clock):
    live.arrive("1", ANN, A)
    for _ in range(int(service._LOOKS[1])):
        assert events(live.look("1", [1.11, 2])) == [("person:look", A)]
    with pytest.raises(TooManyRequests):
        live.look("1", [1, 2])
    clock.now += 1
    assert live.look("1", [1.11, 2])[0].message.at == [1.1, 2]
    for _ in range(int(service._SAYINGS[1])):
        live.hold("1", ["o"])
    for act in (lambda: live.hold("1", ["o"]), lambda: live.arrive("1", ANN, A), lambda: live.follow("1", 1)):
        with pytest.raises(TooManyRequests):
            act()


def test_one_says_where_one_is_before_all_else(live):
    for act in (lambda: live.look("1", [1, 2]), lambda: live.hold("1", ["o"]), lambda: live.follow("1", 1)):
        with pytest.raises(Conflict):
            act()
    live.arrive("1", ANN, EVERYBODY)
    with pytest.raises(Conflict, match="on no image"):
        live.hold("1", ["o"])
    assert live.view("nobody", [1, 2, 3]) == []


def test_people_and_pages_are_bounded(live, monkeypatch):
    monkeypatch.setattr(service, "MOST_PEOPLE", 2)
    monkeypatch.setattr(service, "_MOST_PAGES", 3)
    live.arrive("1", ANN, A)
    live.arrive("2", BEN, A)
    with pytest.raises(Conflict, match="2 people"):
        live.arrive("3", Actor("account", "cat", "Cat"), A)
    live.arrive("4", ANN, A)
    live.arrive("5", ANN, A)
    with pytest.raises(Conflict, match="3 pages"):
        live.arrive("6", ANN, A)
    live.arrive("3", Actor("account", "cat", "Cat"), Place("q", "c"))


def test_a_view_is_told_to_who_follows(live):
    ann, _ = live.arrive("1", ANN, A)
    live.arrive("2", BEN, B)
    assert live.view("1", [1, 2, 3]) == []
    [told] = live.follow("2", ann.me)
    assert (told.event, told.to, told.message.followers) == ("followed", "1", 1)
    assert live.follow("2", ann.me) == []
    [told] = live.view("1", [1.26, 2, 3])
    assert (told.event, told.to, told.message.at) == ("person:view", "2", [1.3, 2, 3])
    [told] = live.follow("2", None)
    assert told.message.followers == 0
    live.follow("2", ann.me)
    assert ("followed", "1") in events(live.leave("2"))
    assert live.view("1", [1, 2, 3]) == []


def test_following_ends_with_who_is_followed(live):
    ann, _ = live.arrive("1", ANN, A)
    live.arrive("2", BEN, A)
    live.follow("2", ann.me)
    live.leave("1")
    again, _ = live.arrive("1", ANN, A)
    assert again.me != ann.me
    assert again.followers == 0
    assert live.follow("2", 4711) == []


def test_an_object_is_one_page_s_until_it_lets_go_leaves_or_is_silent(live, clock):
    ann, _ = live.arrive("1", ANN, A)
    live.arrive("2", BEN, A)
    answer, told = live.hold("1", ["o", "o"])
    assert answer.mine == ["o"]
    assert events(told) == [("held", A)]
    assert told[0].message.held == {"o": ann.me}
    assert live.hold("1", ["o"])[1] == []  # said again
    assert live.hold("2", ["o", "u"])[0].mine == ["u"]
    assert live.hold("1", [])[1][0].message.held == {"u": live.arrive("2", BEN, A)[0].me}
    assert live.hold("2", ["o"])[0].mine == ["o"]

    clock.now += HELD_SECONDS - 1
    assert live.expire() == []
    clock.now += 1
    [told] = live.expire()
    assert told.message.held == {}
    assert not live.holds

    live.hold("1", ["o"])
    assert live.arrive("3", BEN, A)[0].held == {"o": ann.me}
    assert live.leave("1")[0].message.held == {}
    live.hold("2", ["o"])
    assert live.arrive("2", BEN, B)[1][0].message.held == {}


def test_two_pages_of_one_person_keep_an_object_from_each_other_too(live):
    live.arrive("1", OWNER, A)
    live.arrive("2", OWNER, A)
    live.hold("1", ["o"])
    assert live.hold("2", ["o"])[0].mine == []


def test_an_object_of_the_same_id_in_another_project_is_another(clock):
    locks = Locks(clock)
    assert locks.hold("1", A, ["o"]) == (["o"], True)
    assert locks.hold("2", Place("q", "a"), ["o"]) == (["o"], True)
    assert locks.at(A) == {"o": "1"}
    clock.now += HELD_SECONDS
    assert locks.hold("3", A, ["o"]) == (["o"], True)  # it had run out
    assert locks.at(A) == {"o": "3"}
    assert locks.expire() == {Place("q", "a")}
    assert locks.release("3")
    assert len(locks) == 0


def test_numbers_of_people_tell_nothing_of_other_projects(live):
    live.arrive("1", ANN, A)
    live.arrive("2", BEN, A)
    elsewhere, _ = live.arrive("3", ANN, Place("q", "c"))
    assert elsewhere.me == 1
    live.leave("2")
    third, _ = live.arrive("4", Actor("account", "cat", "Cat"), A)
    assert third.me == 3  # of somebody new, though one has left
    with pytest.raises(Conflict):
        live.hold("2", ["o"])


def test_who_leaves_and_comes_again_has_no_new_allowance(live):
    for _ in range(int(service._SAYINGS[1])):
        live.arrive("1", ANN, A)
        live.leave("1")
    with pytest.raises(TooManyRequests):
        live.arrive("1", ANN, A)
    live.end("1")
    live.arrive("1", ANN, A)


def test_an_object_of_one_image_is_free_on_another(live):
    """Ids are the pages' to choose, and a copy of an image has its objects'."""
    live.arrive("1", ANN, A)
    live.arrive("2", BEN, B)
    assert live.hold("1", ["o"])[0].mine == ["o"]
    assert live.hold("2", ["o"])[0].mine == ["o"]
    assert live.expire() == []


def test_pages_of_other_processes_are_people_here():
    here, there = Live(shared=True), Live(shared=True)
    there.arrive("1", ANN, A, "o", "brush")
    there.hold("1", ["o"])
    told = here.hear("there", there.record("1"))
    assert events(told) == [("person:here", EVERYBODY), ("held", A)]
    ben, _ = here.arrive("2", BEN, A)
    assert [(each.name, each.object) for each in ben.people] == [("Ann", "o"), ("Ben", None)]
    assert here.hold("2", ["o"])[0].mine == []
    assert here.is_elsewhere(A)
    assert here.is_elsewhere("1")
    assert not here.is_elsewhere("2")
    assert here.records() == [here.record("2")]
    assert here.hear("there", there.record("1")) == []
    there.hold("1", [])
    assert here.hear("there", there.record("1"))[0].message.held == {}
    assert there.arrive("3", ANN, A)[0].me == next(each.n for each in ben.people if each.name == "Ann")


def test_what_a_process_does_not_name_any_more_has_left():
    here, there = Live(shared=True), Live(shared=True)
    for number, person in enumerate((ANN, BEN)):
        there.arrive(str(number), person, A)
    here.hear_all("there", there.records())
    assert len(here.sessions()) == 2
    there.leave("0")
    assert events(here.hear_all("there", there.records())) == [("person:left", EVERYBODY)]
    assert events(here.hear_all("another", [])) == []
    assert events(here.hear_all("there", [])) == [("person:left", EVERYBODY)]
