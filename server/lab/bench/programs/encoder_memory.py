"""A process of its own: loads one encoder, encodes two images, and prints what memory it came to (Linux only)."""

import json
import sys
from pathlib import Path

import numpy as np

from ....inference.catalog import read_spec
from ....inference.encoder import Encoder
from .. import pictures


def resident_bytes(field: str) -> int:
    """VmRSS, what is resident now, or VmHWM, the most that ever was, of this process."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    facts = dict(line.split(":", 1) for line in lines)
    return int(facts[field].split()[0]) * 1024


def main(folder: str, threads: str) -> None:
    rgb = np.asarray(pictures.drawn(pictures.SMALL))
    before = resident_bytes("VmRSS")
    encoder = Encoder(read_spec(Path(folder)), int(threads))
    for _ in range(2):
        encoder.encode(rgb)
    print(json.dumps({"before": before, "peak": resident_bytes("VmHWM")}))


if __name__ == "__main__":
    main(*sys.argv[1:])
