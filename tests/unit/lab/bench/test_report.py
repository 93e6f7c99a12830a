"""What a run reports: targets, missing figures, tables."""

import argparse

import pytest

from server.config import Settings
from server.errors import InvalidSetting
from server.lab.bench.command import choose, run
from server.lab.bench.report import SectionReport, as_markdown, written
from server.lab.bench.rows import Missing, Row, Target, missing, spread
from server.lab.bench.sections import SECTIONS, Section
from server.lab.bench.workbench import Workbench

MACHINE = {
    "cpu": "A processor",
    "cpu_features": ["avx2"],
    "cores": 2,
    "system": "Linux x86_64",
    "load": [0.5, 1.25],
    "versions": {"samphire": "1.0"},
    "quick": True,
}


@pytest.fixture
def bench():
    with Workbench(Settings(), quick=True, photographs=[]) as bench:
        yield bench


@pytest.mark.parametrize(
    ("relation", "value", "met"),
    [("<=", 5.0, True), ("<=", 5.1, False), ("<", 5.0, False), (">=", 5.0, True), (">=", 4.9, False)],
)
def test_target(relation, value, met):
    assert Row("a", "A", value, "ms", target=Target(relation, 5.0)).met is met


def test_without_a_value_a_target_is_neither_met_nor_missed():
    assert missing("a", "A", "There is none.", Target("<=", 5)).met is None


def test_spread_tells_median_and_95th_percentile():
    row = spread("a", "A", list(range(101)), "ms")
    assert (row.value, row.p95, row.samples) == (50, 95, 101)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12_345_678, "B", "12.3 MB"),
        (4321, "B", "4.32 kB"),
        (2.096, "x", "2.10x"),
        (0.318, "s", "0.32 s"),
        (41.27, "ms", "41.3 ms"),
        (412.7, "ms", "413 ms"),
    ],
)
def test_values_are_written_with_three_digits(value, unit, text):
    assert written(value, unit) == text


def test_report_is_a_markdown_table_of_aligned_columns():
    rows = [
        Row("a.b", "A click", 41.3, "ms", p95=52.0, samples=9, target=Target("<=", 50)),
        missing("a.c", "Another", "It is not here.", Target(">=", 2.1)),
    ]
    text = as_markdown(MACHINE, [SectionReport("a", "A section", rows)])
    about, title, *table = [line for line in text.splitlines() if line]
    assert "load average 0.5 to 1.2" in about
    assert "Quick run" in about
    assert title == "### A section"
    assert len({line.count("|") for line in table}) == 1
    assert "| A click | 41.3 ms      | 52.0 ms | ≤ 50.0 ms: met" in table[2]
    assert "not measured" in table[3]
    assert "It is not here." in table[3]


def test_what_is_missing_is_said_and_what_was_measured_stays(bench):
    def measure(_bench):
        yield Row("a.b", "A", 1.0, "ms")
        raise Missing("There is no browser.")

    report = run(Section("a", "A", measure), bench)
    assert [row.note for row in report.rows] == ["", "There is no browser."]
    assert not report.failed


def test_an_error_ends_its_section_only(bench):
    def measure(_bench):
        raise OSError("disk full")
        yield

    report = run(Section("a", "A", measure), bench)
    assert report.failed
    assert "OSError" in report.rows[-1].note
    assert "disk full" in report.rows[-1].note


def test_sections_are_chosen_by_name_in_running_order():
    names = [section.name for section in SECTIONS]
    assert [section.name for section in choose(None)] == names
    assert [section.name for section in choose([names[2], names[0]])] == [names[0], names[2]]


def test_an_unknown_section_lists_the_known_ones():
    with pytest.raises(InvalidSetting) as error:
        choose(["speed"])
    assert all(section.name in error.value.hint for section in SECTIONS)


def test_without_chromium_the_browser_sections_say_how_to_get_it(bench, monkeypatch):
    monkeypatch.setenv("SAMPHIRE_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Missing, match="Install Chromium"), bench.chromium():
        pass


def test_a_picture_that_is_not_there_is_told_before_anything_runs(tmp_path):
    from server.lab.bench.command import main

    arguments = argparse.Namespace(sections=[], image=[tmp_path / "none.jpg"], quick=True, json=True)
    with pytest.raises(InvalidSetting, match=r"none\.jpg"):
        main(Settings(), arguments)
