"""Whether other processes are there, where Redis has begun a moment ago and knows of none yet."""

import pytest

from server.runtime import greenlets
from server.runtime.peers import Away, Peers
from server.runtime.peers.hearing import GONE_SECONDS


class Line:
    def __init__(self, *answers):
        self.answers = list(answers)

    def others(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    ("answers", "there", "waits"),
    [
        ([[{"name": "a"}]], True, 0),
        ([[], [{"name": "a"}]], True, 1),
        ([[], []], False, 1),
        ([Away()], True, 0),
        ([[], Away()], True, 1),
    ],
)
def test_they_have_as_long_to_say_so_as_they_may_be_silent(monkeypatch, answers, there, waits):
    slept = []
    monkeypatch.setattr(greenlets, "sleep", slept.append)
    peers = Peers()
    line = Line(*answers)
    peers.line = line  # type: ignore[assignment]
    assert peers.are_there() == there
    assert len(slept) == waits
    assert all(seconds > GONE_SECONDS for seconds in slept)
    assert line.answers == []


def test_one_alone_knows_at_once(monkeypatch):
    monkeypatch.setattr(greenlets, "sleep", pytest.fail)
    assert not Peers().are_there()
