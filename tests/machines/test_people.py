"""Who works beside whom, each connected to another process: presence, cursors, locks and views."""

import signal
import threading

from tests.machines.conftest import until
from tests.machines.pages import add_image, open_page


def test_people_see_each_other_come_move_and_go(several, pair):
    a, b = pair
    image, other = add_image(several, a, 20), add_image(several, a, 21)
    ann, ben = open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)
    me = ann.here(image, tool="point")["me"]
    until(lambda: len(ben.here(image)["people"]) == 2)
    found = ben.here(image)
    assert {(each["name"], each["image"], each["tool"]) for each in found["people"]} == {
        ("Ann", image["id"], "point"),
        ("Ben", image["id"], None),
    }
    assert found["me"] != me
    assert ann.until("person:here", lambda person: person["name"] == "Ben")["n"] == found["me"]
    ann.socket.emit("point", {"at": [12.345, 6.0]})
    assert ben.until("cursors")["at"] == [[me, 12.3, 6.0]]
    assert ann.call("look", {"at": [1, 2]})["ok"]
    assert ben.until("person:look") == {"n": me, "at": [1.0, 2.0]}
    ann.here(other, tool="brush")
    assert ben.until("person:here", lambda person: person["tool"] == "brush")["image"] == other["id"]
    assert ben.call("follow", {"person": me})["ok"]
    assert ann.until("followed") == {"followers": 1}
    ann.socket.emit("view", {"at": [1, 2, 300]})
    assert ben.until("person:view") == {"n": me, "at": [1.0, 2.0, 300.0]}
    ann.close()
    assert ben.until("person:left") == {"n": me}
    ben.close()


def test_an_object_is_held_by_one_of_both(several, pair):
    a, b = pair
    image = add_image(several, a, 22)
    ann, ben = open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)
    me, him = ann.here(image)["me"], ben.here(image)["me"]
    assert ann.call("hold", {"objects": ["o", "u"]}) == {"ok": True, "mine": ["o", "u"]}
    assert ben.until("held") == {"held": {"o": me, "u": me}}
    assert ben.call("hold", {"objects": ["o", "x"]}) == {"ok": True, "mine": ["x"]}
    ann.until("held", lambda data: data["held"].get("x") == him)
    ann.call("hold", {"objects": ["u"]})
    ben.until("held", lambda data: "o" not in data["held"])
    until(lambda: ben.call("hold", {"objects": ["o"]})["mine"] == ["o"])
    assert ann.call("hold", {"objects": ["o"]})["mine"] == []
    ben.close()
    ann.until("held", lambda data: data["held"] == {})
    ann.close()


def test_of_two_who_ask_at_once_one_has_it(several, pair):
    a, b = pair
    image = add_image(several, a, 23)
    pages = [open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)]
    for page in pages:
        page.here(image)
    for number in range(15):  # as many as one may ask at once
        name, had = f"o{number}", list[str]()

        def ask(page, name=name, had=had):
            had.extend(page.call("hold", {"objects": [name]})["mine"])

        asking = [threading.Thread(target=ask, args=[page]) for page in pages]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
        assert had == [name]
    for page in pages:
        page.close()


def test_of_a_killed_process_people_and_locks_are_gone(several, pair):
    a, b = pair
    image = add_image(several, a, 24)
    ann, ben = open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)
    me = ann.here(image)["me"]
    ben.here(image)
    assert ann.call("hold", {"objects": ["o"]})["mine"] == ["o"]
    ben.until("held", lambda data: data["held"] == {"o": me})
    a.process.send_signal(signal.SIGKILL)
    a.process.wait()
    assert ben.until("person:left") == {"n": me}
    assert ben.call("hold", {"objects": ["o"]})["mine"] == ["o"]
    ben.close()


def test_when_redis_was_away_people_are_there_again(several, pair, redis_server):
    a, b = pair
    image = add_image(several, b, 25)
    ann, ben = open_page(several, a, "Ann", image), open_page(several, b, "Ben", image)
    ann.here(image)
    ben.here(image)
    redis_server.kill()
    assert ann.call("hold", {"objects": ["o"]})["mine"] == ["o"]
    ann.heard.clear()
    ben.heard.clear()
    redis_server.start()
    ben.until("held", lambda data: "o" in data["held"])
    assert ben.call("hold", {"objects": ["o"]})["mine"] == []
    until(lambda: len(ben.here(image)["people"]) == 2)
    ann.close()
    ben.close()
