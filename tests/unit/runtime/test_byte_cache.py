"""What a cache keeps once it is full: the least recently used goes, of whoever has the most."""

from server.runtime.byte_cache import ByteCache


def cache(capacity):
    return ByteCache(capacity, len)


def test_the_least_recently_used_goes():
    kept = cache(3)
    for key in "abc":
        kept.put(key, "x")
    kept.get("a")
    kept.put("d", "x")
    assert [key for key in "abcd" if kept.get(key)] == ["a", "c", "d"]
    kept.put("e", "xxxx")
    assert kept.get("e") is None
    assert kept.size <= 3


def test_nobody_drives_out_what_little_another_has():
    kept = cache(10)
    for number in range(3):
        kept.put(("polite", number), "x", owner="polite")
    for number in range(1000):
        kept.put(("greedy", number), "x", owner="greedy")
    assert [number for number in range(3) if kept.get(("polite", number))] == [0, 1, 2]
    assert [number for number in range(1000) if kept.get(("greedy", number))] == [*range(993, 1000)]
    assert kept.size == 10


def test_many_owners_share_evenly_and_what_is_dropped_is_not_counted():
    kept = cache(10)
    for number in range(40):
        kept.put(number, "xx", owner=number % 4)
    assert kept.size == 10
    assert len({number % 4 for number in range(40) if kept.get(number)}) == 4
    kept.drop_where(lambda key: True)
    assert (kept.size, len(kept._owned)) == (0, 0)
