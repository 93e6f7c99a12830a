"""Finished steps are taken again when they are of the same and whole, and only then."""

import json
from pathlib import Path

import pytest

from server.errors import Conflict, UnsupportedSegmenter
from server.modelkit.export.options import QUANTIZATIONS, Options
from server.modelkit.export.progress import Progress
from server.modelkit.export.steps import plan
from server.modelkit.export.workspace import content, held, link, take
from server.modelkit.torch_sam.sizes import architecture

PLAN = {"first": 1.0, "second": 3.0}


class Making:
    """Counts how often a step was made."""

    def __init__(self, text: str = "made") -> None:
        self.times, self.text = 0, text

    def __call__(self, folder: Path) -> None:
        self.times += 1
        (folder / "file.txt").write_text(self.text)


def stopped(path: Path, first: Making, made_of: dict, error: BaseException | None = None) -> None:
    """An export whose first step is finished when something ends it."""
    error = error or OSError(28, "No space left on device")

    def end(folder: Path) -> None:
        (folder / "half.txt").write_text("half")
        raise error

    def export() -> None:
        with held(path, Progress(PLAN)) as workspace:
            workspace.step("first", made_of, first)
            workspace.step("second", {}, end)

    with pytest.raises(type(error)):
        export()


def test_a_finished_step_is_not_made_again(tmp_path, capsys):
    first, second = Making(), Making()
    stopped(tmp_path / "work", first, {"hash": "a", "sizes": (1, 2)})
    assert [path.name for path in sorted((tmp_path / "work").iterdir())] == ["first", "server.lock"]
    with held(tmp_path / "work", Progress(PLAN)) as workspace:
        folder = workspace.step("first", {"hash": "a", "sizes": (1, 2)}, first)
        assert [path.name for path in content(folder)] == ["file.txt"]
        take(workspace.step("second", {}, second), tmp_path / "out")
    assert (first.times, second.times) == (1, 1)
    assert "  0 %" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["file.txt"]
    assert not (tmp_path / "work").exists()


def test_it_is_made_again_of_other_things_or_when_a_step_before_it_was(tmp_path):
    for name in PLAN:
        work, first, second = tmp_path / name, Making(), Making()
        stopped(work, first, {"hash": "a"})
        with held(work, Progress(PLAN)) as workspace:
            workspace.step("first", {"hash": "b" if name == "first" else "a"}, first)
            workspace.step("second", {"hash": "a"}, second)
        assert first.times == (2 if name == "first" else 1)


@pytest.mark.parametrize("harm", ["shortened", "missing", "added", "unreadable"])
def test_it_is_made_again_when_it_is_not_what_it_was(harm, tmp_path):
    first = Making()
    stopped(tmp_path / "work", first, {})
    file = tmp_path / "work" / "first" / "file.txt"
    if harm == "shortened":
        file.write_text("ma")
    elif harm == "missing":
        file.unlink()
    elif harm == "added":
        file.with_name("other.txt").write_text("")
    else:
        file.with_name("made.json").write_text("{")
    with held(tmp_path / "work", Progress(PLAN)) as workspace:
        assert (workspace.step("first", {}, first) / "file.txt").read_text() == "made"
    assert first.times == 2


@pytest.mark.parametrize("error", [KeyboardInterrupt(), UnsupportedSegmenter("worse than asked")])
def test_what_is_to_come_to_nothing_leaves_nothing(error, tmp_path):
    stopped(tmp_path / "work", Making(), {}, error)
    assert list(tmp_path.iterdir()) == []


def test_an_error_before_the_first_step_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="full"), held(tmp_path / "work", Progress(PLAN)):
        raise OSError("full")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match="not from an export"), held(tmp_path / "work", Progress(PLAN)):
        pass
    assert (tmp_path / "work" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("quantize", QUANTIZATIONS)
def test_what_an_export_with_other_flags_left_is_not_in_the_way(quantize, tmp_path):
    options = Options(
        tmp_path / "sam.pt", architecture("vit_t"), tmp_path / "out", "a", "A", quantize=quantize
    )
    for name in ("encoder", "calibration", "quantized.making"):
        (options.workspace / name).mkdir(parents=True)
    progress = Progress(plan(options, 2, 2))
    with held(options.workspace, progress) as workspace:
        assert not (options.workspace / "quantized.making").exists()
        made = Making()
        workspace.step("encoder", {}, made)
    assert made.times == 1
    assert not options.workspace.exists()


def test_steps_that_are_not_asked_for_take_nothing(tmp_path):
    costs = {}
    for way in QUANTIZATIONS:
        options = Options(tmp_path / "sam.pt", architecture("vit_t"), tmp_path, "a", "A", quantize=way)
        costs[way] = plan(options, 2, 2)
    assert (costs["none"]["calibration"], costs["none"]["quantized"]) == (0, 0)
    assert costs["dynamic"]["calibration"] == 0 < costs["dynamic"]["quantized"]
    assert costs["static"]["calibration"] == costs["static"]["answers"] > 0


def test_a_linked_file_is_the_same_or_a_copy_where_the_disk_knows_no_links(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("made")
    link(tmp_path / "file", tmp_path / "same")
    assert (tmp_path / "same").samefile(tmp_path / "file")

    def refuse(*_: Path) -> None:
        raise PermissionError("no links")

    monkeypatch.setattr("os.link", refuse)
    link(tmp_path / "file", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "made"
    assert not (tmp_path / "copy").samefile(tmp_path / "file")


def test_one_export_at_a_time(tmp_path):
    with held(tmp_path / "work", Progress(PLAN)) as workspace:
        workspace.step("first", {}, Making())
        with (
            pytest.raises(Conflict, match="Another export is working"),
            held(tmp_path / "work", Progress(PLAN)),
        ):
            pass
        assert json.loads((tmp_path / "work" / "first" / "made.json").read_text())["made_of"] == {"first": {}}


def test_percentages_count_the_steps_before_and_the_share_of_this_one(capsys):
    progress = Progress(PLAN)
    progress.say("reading")
    progress.step("second")
    progress.say("writing", 1 / 3)
    progress.tell("done")
    said = [line.split(None, 4) for line in capsys.readouterr().err.splitlines()]
    assert [(words[0], words[1], words[-1]) for words in said] == [
        ("0", "%", "reading"), ("50", "%", "writing"), ("100", "%", "done"),
    ]  # fmt: skip
