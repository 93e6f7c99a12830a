"""What is saved in one process is told in all: in order, whatever becomes of Redis."""

import threading
import time

import requests

from tests.machines.conftest import until
from tests.machines.pages import add_image, annotate, name_of, open_page, told
from tests.web.live.test_people import Page


def test_what_is_saved_at_one_is_told_at_the_other(several, pair):
    a, b = pair
    image = add_image(several, a)
    ann, ben = open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)
    waits = []
    for number in range(5):
        began, name = time.monotonic(), name_of(image, number)
        annotate(several, a, image, number)
        ben.until("annotation:changed", lambda data, name=name: data["annotation"]["id"] == name)
        waits.append(time.monotonic() - began)
    assert min(waits) < 1  # and not at the next look
    annotate(several, b, image, 5)
    ann.until("annotation:changed", lambda data: data["annotation"]["id"] == name_of(image, 5))


def test_events_of_both_come_in_the_order_in_which_they_were_stored(several, pair):
    a, b = pair
    image = add_image(several, a, 1)
    pages = [open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)]
    saving = [
        threading.Thread(
            target=lambda server, first: [annotate(several, server, image, first + k) for k in range(15)],
            args=each,
        )
        for each in ((a, 100), (b, 200))
    ]
    for each in saving:
        each.start()
    for each in saving:
        each.join()
    for page in pages:
        until(lambda page=page: len(told(page)) >= 30)
        numbers = [data["seq"] for event, data in page.heard if event == "annotation:changed"]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == 30


def test_who_is_disabled_at_one_is_let_go_at_the_other(several, pair):
    a, b = pair
    image = add_image(several, a, 2)
    cat = open_page(several, b, "Cat", image)
    owner = several.owner(a)
    listed = requests.get(f"{a.base}/api/accounts", headers=owner, timeout=30).json()
    cats = next(each["id"] for each in listed["accounts"] if each["name"] == "Cat")
    for deed in ("disable", "enable"):
        answer = requests.post(f"{a.base}/api/accounts/{cats}/{deed}", headers=owner, timeout=30)
        assert answer.status_code == 200, answer.text
        until(lambda: not cat.socket.connected, 3)


def test_redis_is_killed_and_comes_back_and_nothing_saved_is_missing(several, pair, redis_server):
    a, b = pair
    image = add_image(several, a, 3)
    ann, ben = open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)
    redis_server.kill()
    for number in range(10):
        annotate(several, (a, b)[number % 2], image, number)
    expected = [name_of(image, number) for number in range(10)]
    until(lambda: told(ann) == told(ben) == expected)  # by the database alone
    redis_server.start()
    for number in range(10, 20):
        annotate(several, (a, b)[number % 2], image, number)
    expected = [name_of(image, number) for number in range(20)]
    until(lambda: told(ann) == told(ben) == expected)
    began = time.monotonic()
    annotate(several, a, image, 20)
    until(lambda: told(ben)[-1] == name_of(image, 20))
    print(f"told {time.monotonic() - began:.3f} s after Redis came back")


def test_nobody_polls_where_the_next_request_may_come_to_another_process(several, pair):
    answer = requests.get(
        f"{pair[0].base}/socket.io/?EIO=4&transport=polling", headers=several.headers("Ann"), timeout=30
    )
    assert answer.status_code == 400
    assert "sid" not in answer.text


def test_who_watches_at_either_hears_when_an_image_is_encoded(several, pair):
    image = add_image(several, pair[0], 50)
    for server, name in zip(pair, ("Ann", "Ben"), strict=True):
        page = Page(server.base, several.tokens[name])
        answer = page.call("watch", {"image": image["id"]})
        if answer["embedding"]["state"] != "ready":
            page.until("embedding:ready")
        page.close()
