"""Turns of clients that share what there is; the clock is the test's own."""

import random

import pytest

from server.runtime.turns import FairQueue


class Shop:
    """A queue with places for items of one second each, and the clients' names in the order they are served."""

    def __init__(self, places=1):
        self.now = 0.0
        self.queue, self.places, self.running = FairQueue(lambda: self.now), places, []

    def ask(self, name, number=0):
        self.queue.push(tuple(name.split("_")), (name, number, self.now))

    def ask_often(self, **counts):
        for name, count in counts.items():
            for number in range(count):
                self.ask(name, number)

    def begin(self):
        while len(self.running) < self.places:
            last = len(self.running) == self.places - 1 and self.places > 1
            item = self.queue.pop(last_place=last)
            if item is None:
                return
            self.running.append((self.now + 1, *item))

    def end_one(self):
        """Let the item that ends next end; its client's name."""
        self.begin()
        ends, name, *_ = self.running.pop(0)
        self.now = max(self.now, ends)
        self.queue.done(tuple(name.split("_")))
        return name

    def serve(self, count=None):
        names = []
        while (len(self.queue) or self.running) and len(names) != count:
            names.append(self.end_one())
        return names


def test_a_client_with_many_does_not_go_before_one_with_few():
    shop = Shop()
    shop.ask_often(a=5, b=2, c=1)
    assert "".join(shop.serve()) == "abcabaaa"
    assert shop.queue.pop() is None


def test_items_of_one_client_keep_their_order():
    shop = Shop()
    shop.ask_often(a=3)
    assert [shop.queue.pop()[1] for _ in range(3)] == [0, 1, 2]


def test_many_connections_of_one_address_weigh_as_much_as_one():
    shop = Shop()
    shop.ask_often(**{f"x_{number}": 1 for number in range(200)}, y_0=3)
    assert shop.serve(6) == ["x_0", "y_0", "x_1", "y_0", "x_2", "y_0"]


def test_turns_are_taken_at_every_level():
    shop = Shop()
    shop.ask_often(x_http_1=2, x_http_2=2, x_socket=2)
    assert shop.serve() == ["x_http_1", "x_socket", "x_http_2", "x_socket", "x_http_1", "x_http_2"]


def flooded(places, clients):
    """A shop in which every client asks again as soon as it is answered, and how to let one item end there."""
    shop = Shop(places)
    for number in range(clients):
        shop.ask(f"x_{number}")

    def end_one():
        name = shop.end_one()
        shop.begin()
        if not name.endswith(("polite", "y")):
            shop.now += 0.01
            shop.ask(name)
            shop.begin()
        return name

    for _ in range(3 * places):
        end_one()
    return shop, end_one


@pytest.mark.parametrize("places", [1, 2, 8])
@pytest.mark.parametrize("address", ["x", "y"])
def test_who_looks_before_the_next_click_waits_for_one_item_beside_two_hundred_who_press(places, address):
    shop, end_one = flooded(places, 200)
    polite = f"{address}_polite"
    waits = []
    for _ in range(20):
        until = shop.now + 0.9  # the time between clicks
        while shop.now < until:
            assert end_one() != polite
        asked = shop.now
        shop.ask(polite)
        shop.begin()
        while end_one() != polite:
            pass
        waits.append(shop.now - asked)
    assert max(waits) < 2.2
    assert places == 1 or sorted(waits)[10] < 1.2


def test_the_kept_place_is_given_up_when_nobody_rests_any_more():
    shop, end_one = flooded(2, 9)
    assert len(shop.running) == 2
    shop.ask("y")
    while end_one() != "y":
        pass
    for _ in range(4):
        end_one()
    shop.ask("y")
    while end_one() != "y":
        pass
    end_one()
    assert len(shop.running) == 1
    shop.now += 5
    end_one()
    assert len(shop.running) == 2


def test_a_place_is_not_kept_from_who_rested_itself():
    shop = Shop(2)
    shop.ask_often(x_1=1)
    shop.serve()
    shop.now += 9
    shop.ask_often(x_1=2, x_2=4)
    shop.begin()
    assert len(shop.running) == 2


def test_no_place_is_kept_for_who_asks_for_the_first_time():
    shop = Shop(2)
    shop.ask("x_1")
    shop.serve()
    shop.ask_often(x_2=3, x_3=3)
    for _ in range(5):
        shop.begin()
        assert len(shop.running) == 2
        shop.end_one()


def test_who_has_just_come_goes_before_those_who_press_and_then_presses_too():
    shop, end_one = flooded(1, 10)
    for number in range(9):
        shop.ask(f"x_new{number}")
    names = [end_one() for _ in range(40)]
    assert names[1:4] == ["x_new8", "x_new7", "x_new6"]
    assert names[4] != "x_new5"
    assert len(set(names)) == 19


def test_those_who_rested_leave_a_part_to_the_others():
    shop = Shop()
    rested = [f"r{number}" for number in range(8)]
    shop.ask_often(**dict.fromkeys(rested, 1))
    shop.serve()
    shop.ask_often(p=5)
    shop.serve(1)
    shop.ask_often(**dict.fromkeys(rested, 1))
    assert "".join(name[0] for name in shop.serve()) == "rrprrrprrrpp"  # the first of p was a newcomer's


def test_what_is_taken_out_is_not_served():
    shop = Shop()
    shop.ask_often(a=2, b=1)
    queue = shop.queue
    queue.remove(("b",), ("b", 0, 0.0))
    queue.remove(("a",), ("a", 0, 0.0))
    assert (len(queue), queue.waiting(("a",)), queue.waiting(("b",)), queue.waiting(("c",))) == (1, 1, 0, 0)
    assert shop.serve() == ["a"]


@pytest.mark.parametrize("seed", range(20))
def test_the_rank_is_how_many_go_first(seed):
    chance, queue = random.Random(seed), FairQueue(lambda: 0.0)
    paths = [("x", "1"), ("x", "2"), ("x", "3", "a"), ("x", "3", "b"), ("y", "1"), ("z",)]
    asked = {item: chance.choice(paths) for item in range(40)}
    begun = set()
    for item, path in asked.items():
        queue.push(path, item)
        if item % 4 == 3:
            begun.add(queue.pop())
    ranks = {item: queue.rank(path, item) for item, path in asked.items() if item not in begun}
    assert [ranks[queue.pop()] for _ in range(len(queue))] == list(range(len(ranks)))


def test_clients_who_are_gone_are_forgotten_and_those_with_something_here_are_not():
    queue = FairQueue(lambda: 0.0)
    queue.push(("a",), 0)
    queue.pop()
    for number in range(5000):
        queue.push((str(number),), number)
        queue.remove((str(number),), number)
    assert len(queue._root.children) < 1100
    assert "a" in queue._root.children
