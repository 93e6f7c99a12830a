"""Scans of a JPEG are counted as its decoder meets them."""

import io

import numpy as np
import pytest
from PIL import Image

from server.errors import TooLarge
from server.features.pictures.bounds import check_scans

NOISE = np.random.default_rng(1).integers(0, 255, (90, 120, 3), dtype=np.uint8)


def jpeg(**options):
    out = io.BytesIO()
    Image.fromarray(NOISE).save(out, "JPEG", **options)
    return out.getvalue()


PLAIN, PROGRESSIVE = jpeg(quality=95), jpeg(quality=95, progressive=True)
LAST_SCAN = PROGRESSIVE[PROGRESSIVE.rfind(b"\xff\xda") : -2]
SEGMENT_OF_SCANS = b"\xff\xe5\xff\xff" + b"\xff\xda" * 32_766 + b"\0"
FINE = {
    "plain": PLAIN,
    "progressive": PROGRESSIVE,
    "restarts": jpeg(restart_marker_blocks=1),
    "more scans than usual": PROGRESSIVE[:-2] + LAST_SCAN * 60 + b"\xff\xd9",
    "others behind it, as in a multi-picture file": PLAIN * 150,
    "its like in a segment": PLAIN[:2] + SEGMENT_OF_SCANS + PLAIN[2:],
    "fill bytes": PLAIN[:2] + b"\xff" * 500 + PLAIN[2:],
    "cut short": PLAIN[:-500],
    "nothing": b"\xff\xd8",
}


@pytest.mark.parametrize("name", FINE)
def test_what_programs_write_is_taken(tmp_path, name):
    path = tmp_path / "x"
    path.write_bytes(FINE[name])
    check_scans(path)


@pytest.mark.parametrize(
    "between", [b"", b"\0\0 not a marker", b"\xff\xff\xff", b"\xff\xfe\0\2", b"\xff\x01"]
)
@pytest.mark.parametrize("end", [b"", b"\xff\xd9"])
def test_a_file_of_many_scans_is_refused(tmp_path, between, end):
    path = tmp_path / "x"
    path.write_bytes(PROGRESSIVE[:-2] + (between + LAST_SCAN) * 120 + end)
    with pytest.raises(TooLarge, match="more than 100 scans"):
        check_scans(path)
