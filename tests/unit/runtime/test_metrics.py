"""Figures in Prometheus' text form, as its own parser reads them."""

import sys
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.runtime.metrics import process
from server.runtime.metrics.instruments import Counter, Histogram, Reading, text


def samples(*instruments):
    def fail(_instrument, error):
        raise error

    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text(instruments, fail))
        for sample in family.samples
    }


def test_a_counter_by_its_labels():
    counter = Counter("x_total", "What it is.", ("kind", "outcome"))
    counter.add("a", "ok")
    counter.add("a", "ok", by=2)
    counter.add('odd "\\\n', "ok")
    assert samples(counter) == {
        ("x_total", ("kind", "a"), ("outcome", "ok")): 3,
        ("x_total", ("kind", 'odd "\\\n'), ("outcome", "ok")): 1,
    }


def test_a_histogram_counts_up_to_each_bound():
    histogram = Histogram("x_seconds", "What it is.", (0.1, 1.0), ("pool",))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        histogram.observe(seconds, "encode")
    pool = ("pool", "encode")
    assert samples(histogram) == {
        ("x_seconds_bucket", ("le", "0.1"), pool): 2,
        ("x_seconds_bucket", ("le", "1.0"), pool): 3,
        ("x_seconds_bucket", ("le", "+Inf"), pool): 4,
        ("x_seconds_sum", pool): pytest.approx(7.65),
        ("x_seconds_count", pool): 4,
    }
    assert histogram.count("encode") == 4


def test_what_cannot_be_read_is_left_out_and_told():
    def fail():
        raise OSError("no database")

    told = []
    found = text(
        (Reading("a", "A.", fail), Reading("b", "B.", lambda: {(): 2})),
        lambda instrument, error: told.append((instrument.name, str(error))),
    )
    assert found == "# HELP b B.\n# TYPE b gauge\nb 2\n"
    assert told == [("a", "no database")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell less")
def test_the_process_as_the_system_sees_it():
    found = samples(*process.readings())
    assert 10e6 < found[("process_resident_memory_bytes",)] < 100e9
    assert 0 < found[("process_open_fds",)] <= found[("process_max_fds",)]
    assert found[("process_cpu_seconds_total",)] > 0
    assert abs(found[("process_start_time_seconds",)] - time.time()) < 3600
