"""What the report says of visits that were made."""

import pytest

from server.lab.bench.sections.visit import traffic
from server.lab.bench.visitor import Part, Visit, part_of


def seen(down: int, *requests: tuple[str, int, float, float]) -> Visit:
    made = Visit(0.2, 0.6, 1.1, 4.0, down=down, up=9_000)
    for name, *request in requests:
        made.parts.setdefault(name, Part()).add(*request)
    return made


COLD = seen(
    6_000_000,
    ("page", 200_000, 0.0, 0.4),
    ("decoder", 3_000_000, 0.5, 2.0),
    ("decoder", 500_000, 0.4, 0.9),
    ("embedding", 1_000_000, 0.5, 3.0),
)


@pytest.fixture
def rows():
    cold = [COLD, seen(8_000_000, ("page", 1, 0, 1)), seen(7_000_000, ("page", 1, 0, 1))]
    return {row.name: row for row in traffic(cold, [seen(40_000)])}


def test_bytes_and_requests_are_medians_with_targets(rows):
    assert (rows["visit.cold.bytes"].value, rows["visit.cold.bytes"].met) == (7_000_000, True)
    assert (rows["visit.cold.requests"].value, rows["visit.cold.requests"].met) == (2, True)
    assert rows["visit.warm.requests"].value == 1  # the socket


def test_parts_are_the_first_visits_and_say_when(rows):
    assert rows["visit.cold.bytes.decoder"].value == 3_500_000
    assert rows["visit.cold.bytes.decoder"].note == "2 requests, 0.40 to 2.00 s"
    assert rows["visit.cold.bytes.rest"].value == 6_000_000 - 4_700_000


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/static/0123/vendor/onnxruntime-web/ort.wasm.min.mjs", "onnxruntime-web"),
        ("/segmenters/mobile_sam/0123/decoder.onnx", "decoder"),
        ("/api/images/abc/embedding", "embedding"),
        ("/api/images/abc/file", "picture"),
        ("/api/projects/default/queue", "questions to the API"),
        ("/projects/default/images/abc", "page"),
    ],
)
def test_paths_are_named(path, part):
    assert part_of(path) == part
