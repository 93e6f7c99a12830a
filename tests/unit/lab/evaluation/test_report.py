"""Figures over objects, the table, the chart and the files, from results written by hand."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.errors import InvalidSetting
from server.inference.catalog import QUALITY_KEYS, quality_path
from server.lab.evaluation.dataset import Dataset
from server.lab.evaluation.measure import ObjectResult
from server.lab.evaluation.plot import draw
from server.lab.evaluation.progress import Progress, duration
from server.lab.evaluation.report import ClickReport, write_quality, write_whole
from server.lab.evaluation.summary import Run, summarise
from server.lab.evaluation.truth import Picture


def result(*iou: float, candidates=(0.2, 0.8, 0.5), box=0.7) -> ObjectResult:
    return ObjectResult("i.jpg", "m.png", 100, ((1.5, 2.5, 1),) * len(iou), iou, candidates, box)


RESULTS = [
    result(0.5, 0.86, 0.92, 0.95, 0.96),
    result(0.9, 0.8, 0.8, 0.8, 0.8, 0.86, box=0.9),
    result(0.1, 0.2, 0.3, 0.3, 0.3, *[0.3] * 15, candidates=(0.1, 0.1, 0.1), box=0.2),
]


def spec(name: str) -> SimpleNamespace:
    return SimpleNamespace(id=name, title=f"<{name}>", weights="ab" * 32)


def report(*runs: Run, complete=True) -> ClickReport:
    dataset = Dataset("flowers", ("2 images in images/",), (Picture("i.jpg", Path("i.jpg"), ()),), ())
    return ClickReport(dataset, 20, runs=list(runs), complete=complete)


def test_figures_in_numbers():
    summary = summarise(RESULTS, 20)
    assert summary.miou == pytest.approx([1.5 / 3, 1.86 / 3, 2.02 / 3, 2.05 / 3, 2.06 / 3])
    assert summary.best_of_three == pytest.approx(1.7 / 3)
    assert summary.box == pytest.approx(1.8 / 3)
    assert summary.noc == pytest.approx([(2 + 1 + 20) / 3, (3 + 1 + 20) / 3])
    assert summary.failed == (1, 1)


def test_fewer_clicks_make_a_shorter_curve_and_cap_the_count():
    summary = summarise([result(0.5, 0.6)], 2)
    assert len(summary.miou) == 2
    assert summary.noc == (2.0, 2.0)
    assert summary.failed == (1, 1)


def test_the_table_is_aligned_and_says_how_the_data_was_read():
    shown = report(Run(spec("mobile_sam"), RESULTS), Run(spec("b"), RESULTS[:1]))
    shown.read_as = dict.fromkeys("abc", "one object a file")
    about, empty, head, first, second, *_ = shown.table().splitlines()
    assert about == "flowers: 2 images in images/; 3 objects: one object a file."
    assert empty == ""
    assert head.split()[:5] == ["segmenter", "objects", "mIoU@1", "mIoU@2", "mIoU@3"]
    figures = "0.500 0.620 0.673 0.683 0.687 0.567 0.600 7.67 8.00 1 1"
    assert first.split() == ["mobile_sam", "3", *figures.split()]
    assert len(head) == len(first) == len(second)


def test_an_unfinished_run_says_so():
    assert "Not the whole dataset" in report(Run(spec("a"), RESULTS), complete=False).table()
    assert "No object was evaluated" in report(Run(spec("a"), []), complete=False).table()


def test_json_has_every_figure_and_every_object():
    shown = report(Run(spec("a"), RESULTS), Run(spec("b"), [], failure="It cannot be loaded."))
    shown.add_problem("masks/x.png", "The mask is empty.")
    shown.add_problem("masks/x.png", "The mask is empty.")  # of the second segmenter
    document = json.loads(json.dumps(shown.as_json()))
    assert document["problems"] == [{"where": "masks/x.png", "what": "The mask is empty."}]
    first, second = document["segmenters"]
    assert first["one_click"] == first["miou"][0] == 0.5
    assert {"best_of_three", "box", "noc_85", "noc_90", "failed_85", "failed_90"} <= first.keys()
    assert [one["iou"] for one in first["results"]] == [list(one.iou) for one in RESULTS]
    assert first["results"][0]["clicks"][0] == [1.5, 2.5, 1]
    assert (second["failure"], second["objects"]) == ("It cannot be loaded.", 0)


def test_quality_is_what_the_catalog_reads(tmp_path):
    folder = tmp_path / "data" / "quality"
    write_quality(folder, "ab" * 32, summarise(RESULTS, 20), "flowers")
    written = json.loads(quality_path(folder, "ab" * 32).read_text())
    assert tuple(written) == QUALITY_KEYS
    assert (written["dataset"], written["objects"], written["one_click"]) == ("flowers", 3, 0.5)
    assert [path.name for path in folder.iterdir()] == ["ab" * 32 + ".json"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(InvalidSetting, match="cannot be written"):
        write_whole(tmp_path / "taken", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_chart_is_sound_svg_with_a_line_for_each_segmenter():
    shown = report(Run(spec("a"), RESULTS), Run(spec("b"), RESULTS[:1]))
    root = ElementTree.fromstring(draw("flowers & trees", shown.summaries))
    name = "{http://www.w3.org/2000/svg}"
    lines = root.findall(f"{name}polyline")
    assert [len(line.get("points").split()) for line in lines] == [5, 5]
    texts = [element.text for element in root.iter(f"{name}text")]
    assert {"Mean IoU over clicks, flowers & trees", "<a>", "<b>", "clicks", "mean IoU", "0.5", "1.0"} <= {
        *texts
    }
    assert "prefers-color-scheme: dark" in root.find(f"{name}style").text
    heights = [float(point.split(",")[1]) for point in lines[0].get("points").split()]
    assert heights == sorted(heights, reverse=True)  # better is higher


def test_a_long_legend_takes_further_lines_and_the_picture_grows():
    summaries = report(*[Run(spec(f"segmenter_{n}"), RESULTS) for n in range(9)]).summaries
    root = ElementTree.fromstring(draw("flowers", summaries))
    names = [text for text in root.iter("{http://www.w3.org/2000/svg}text") if "<" in (text.text or "")]
    assert len({text.get("y") for text in names}) == 3
    assert all(float(text.get("x")) + 8 * len(text.text) < 640 for text in names)
    assert max(float(text.get("y")) for text in names) < float(root.get("height"))


def test_an_empty_chart_is_still_a_chart():
    ElementTree.fromstring(draw("nothing", []))


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_as_people_say_them(seconds, text):
    assert duration(seconds) == text


def test_progress_tells_what_is_left(capsys):
    progress = Progress("a", 4, "images")
    progress.step()
    assert progress.line(10) == "a, 1 of 4 images, 30 s left"
    for _ in range(3):
        progress.step()
    assert progress.line(40) == "a, 4 of 4 images, in 40 s"
    assert "4 of 4 images" in capsys.readouterr().err
