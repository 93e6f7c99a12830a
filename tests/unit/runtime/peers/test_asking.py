"""What another process may have is asked for without keeping anything from others."""

import gevent

from server.runtime.peers.asking import Asking


class Redis:
    """Where nobody answers. `waiting`: how many ask now, `most`: at one time."""

    def __init__(self):
        self.waiting = self.most = 0
        self.seconds = []

    def quick_client(self):
        return self

    def name(self, *parts):
        return ":".join(parts)

    def ask(self, fn, client):
        assert client is self
        return fn(client)

    def blpop(self, keys, timeout):
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        self.seconds.append(timeout)
        gevent.sleep(timeout)
        self.waiting -= 1


class Line:
    def __init__(self):
        self.redis, self.hears, self.mentioned = Redis(), {}, []

    def mention(self, topic, key):
        self.mentioned.append(key)


def test_what_nobody_has_is_asked_for_by_few_at_once_and_not_for_long():
    line = Line()
    asking = Asking(line, "masks", lambda key: None)
    gevent.sleep(0)  # what other tests have left in the loop has its turn before the time below begins
    asked = [gevent.spawn(asking.ask, str(number)) for number in range(200)]
    assert len(gevent.joinall(asked, timeout=20)) == 200
    assert {each.value for each in asked} == {None}
    assert 1 < line.redis.most < 20
    assert max(line.redis.seconds) <= 0.3
    assert len(line.mentioned) == len(line.redis.seconds)
