"""Measuring ways in turns, and saying what cannot be had."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from server.config import Settings
from server.errors import EncodingFailed
from server.inference.catalog import open_catalog
from server.lab.bench import encoders
from server.lab.bench.programs import encoder_memory
from server.lab.bench.rows import Missing
from server.lab.bench.sections import encode
from server.lab.bench.workbench import Workbench


@pytest.fixture
def bench(tmp_path):
    with Workbench(Settings(data=str(tmp_path)), quick=True, photographs=[]) as bench:
        yield bench


def test_ways_run_in_turns_and_the_first_round_does_not_count():
    ran = []
    seconds = encoders.in_turns({"a": lambda: ran.append("a"), "b": lambda: ran.append("b")}, 3)
    assert ran == ["a", "b"] * 4
    assert {name: len(each) for name, each in seconds.items()} == {"a": 3, "b": 3}
    assert all(second >= 0 for each in seconds.values() for second in each)


def test_without_torch_its_rows_say_how_to_get_it(monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda package: None)
    why = encoders._torch(SimpleNamespace(), np.zeros(1))
    assert why == 'torch is not installed: `pip install "samphire[export]"`.'


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_highest_memory_is_not_below_the_present():
    assert 10_000_000 < encoder_memory.resident_bytes("VmRSS") <= encoder_memory.resident_bytes("VmHWM")


def test_a_segmenter_that_fails_leaves_the_others(bench, monkeypatch):
    def broken(_bench, spec):
        raise EncodingFailed(f"{spec.id} is broken.")
        yield

    two = open_catalog(bench.settings.data_path).installed() * 2
    monkeypatch.setattr(encode, "open_catalog", lambda _data: SimpleNamespace(installed=lambda: two))
    monkeypatch.setattr(encode, "_pictures", broken)
    assert [row.note for row in encode.measure(bench)] == ["mobile_sam is broken."] * 2


def test_without_a_segmenter_there_is_nothing_to_measure(bench, monkeypatch):
    monkeypatch.setattr(encode, "open_catalog", lambda _data: SimpleNamespace(installed=tuple))
    with pytest.raises(Missing, match="samphire doctor"):
        next(encode.measure(bench))
