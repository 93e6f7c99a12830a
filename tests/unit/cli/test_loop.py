"""`samphire loop`: what follows a training that was better, and what does not follow one that wasn't."""

import argparse
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from server.cli import loop


def row(segmenter, base, ended_at=None, result=None):
    return SimpleNamespace(segmenter=segmenter, base=base, ended_at=ended_at, result=result)


def proposing(at, segmenter="streets", label=None, state="paused"):
    return SimpleNamespace(kind="automatic", at=at, segmenter=segmenter, label=label, state=state)


class Everything:
    """Projects, trainings and mask runs, which remember what they were asked."""

    def __init__(self, installed, rounds, left):
        self.asked, self.rounds, self.left = [], rounds, left
        result = SimpleNamespace(installed=installed, reason="As it was judged.")
        self.trained = row("streets", "mobile_sam", ended_at="2030-01-02", result=result)

    def standing(self, project_id):
        return SimpleNamespace(run=self.left)

    def list(self, project_id):
        return SimpleNamespace(trainings=self.rounds)

    def change(self, actor, project_id, data):
        self.asked.append(("change", project_id, data))

    def start_automatic(self, actor, project_id, data):
        self.asked.append(("propose", project_id, data["label"], data["pred_iou_thresh"]))


@pytest.fixture
def asked(monkeypatch):
    """What is asked in a round, by whether the training was better."""

    def run(installed, rounds=(), left=None):
        everything = Everything(installed, rounds, left)

        @contextmanager
        def open_here(settings, here, there):
            yield everything, everything, everything

        monkeypatch.setattr(loop, "here_or_there", open_here)
        monkeypatch.setattr(loop, "find_project", lambda projects, name: "p1")
        monkeypatch.setattr(loop.training, "table", lambda result: "table")

        def train(trainings, project_id, wanted):
            everything.asked.append(("train", project_id, wanted))
            return everything.trained

        def propose(runs, project_id, start, is_it):
            resumed = left is not None and is_it(left)
            everything.asked.append(("resume", project_id)) if resumed else start()
            return SimpleNamespace(objects=7, done=3)

        monkeypatch.setattr(loop.training, "do", train)
        monkeypatch.setattr(loop.mask_runs, "do", propose)
        parser = argparse.ArgumentParser()
        loop.add_arguments(parser)
        words = parser.parse_args(["--project", "Streets", "--out", "streets", "--what", "decoder"])
        return loop.loop(SimpleNamespace(), words), everything.asked

    return run


def test_a_better_segmenter_is_used_and_proposes_again(asked, capsys):
    code, done = asked(installed=True)
    assert code == 0
    assert done == [
        ("train", "p1", {"what": "decoder", "id": "streets"}),
        ("change", "p1", {"settings": {"segmenter": "streets"}}),
        ("propose", "p1", None, 0.7),
    ]
    assert "7 proposals on 3 images" in capsys.readouterr().out


def test_what_is_not_better_changes_nothing(asked):
    code, done = asked(installed=False)
    assert code == 1
    assert [each[0] for each in done] == ["train"]


def test_the_next_round_begins_where_the_first_did(asked):
    rounds = [row("other", "sam2"), row("streets", "mobile_sam"), row("streets", "mobile_sam")]
    _, done = asked(installed=False, rounds=rounds)
    assert done == [("train", "p1", {"what": "decoder", "segmenter": "mobile_sam", "id": "streets"})]


def better():
    return row("streets", "mobile_sam", "2030-01-01", SimpleNamespace(installed=True))


def test_a_round_that_was_interrupted_goes_on_with_its_proposals(asked):
    _, done = asked(installed=True, rounds=[better()], left=proposing(at="2030-01-01"))
    assert [each[0] for each in done] == ["change", "resume"]


@pytest.mark.parametrize("left", [None, proposing(at="2029-12-31", state="done")])
def test_a_round_that_was_killed_before_it_proposed_goes_on_without_training(asked, left):
    _, done = asked(installed=True, rounds=[better()], left=left)
    assert [each[0] for each in done] == ["change", "propose"]


def test_a_round_that_was_not_better_hides_one_that_was(asked):
    worse = row("streets", "mobile_sam", "2030-01-02", SimpleNamespace(installed=False))
    _, done = asked(installed=True, rounds=[worse, better()])
    assert [each[0] for each in done] == ["train", "change", "propose"]


@pytest.mark.parametrize(
    "left",
    [
        proposing(at="2030-01-01", segmenter="mobile_sam"),
        proposing(at="2030-01-01", label="c1"),  # objects
        proposing(at="2030-01-01", state="done"),
    ],
)
def test_no_other_job_is_taken_for_its_proposals(asked, left):
    _, done = asked(installed=True, rounds=[better()], left=left)
    assert [each[0] for each in done] == ["train", "change", "propose"]
