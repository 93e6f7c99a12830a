"""Masks, their runs and outlines, and what rings fill: what server/domain says of masks that JavaScript makes too
(tests/js/geometry/pictures.js). Long rings are told by a digest of their numbers' bytes.
"""

import hashlib

import numpy as np

from server.domain import masks, outlines, rings, runs

TOLERANCES = [0, 0.3, 0.5, 1, 1.75, 4, 9]
IMAGE = (40, 31)
DRAWN = {
    "one pixel": ["#"],
    "nothing": ["..", ".."],
    "full": ["#####", "#####", "#####"],
    "islands": ["#.....#", ".......", "...#...", ".......", "#.....#"],
    "falling diagonal": ["##..", "##..", "..##", "..##"],
    "rising diagonal": ["..##", "..##", "##..", "##.."],
    "checks": ["#.#.#", ".#.#.", "#.#.#"],
    "hole": ["####", "#..#", "####"],
    "hole at a corner": ["####.", "#.##.", "##.##", ".####"],
    "holes in holes": [
        "#########",
        "#.......#",
        "#.#####.#",
        "#.#...#.#",
        "#.#.#.#.#",
        "#.#...#.#",
        "#.#####.#",
        "#.......#",
        "#########",
    ],
    "stair": ["#.......", "##......", "###.....", "####....", "#####...", "######..", "#######.", "########"],
}
# width, height, percent of ones, pixels of a grain, left column, top row
SPECKLED = [
    (1, 1, 50, 1, 0, 0),
    (17, 13, 50, 1, 3, 2),
    (17, 13, 30, 1, 23, 18),
    (30, 25, 70, 1, 0, 0),
    (40, 31, 92, 1, 0, 0),
    (40, 31, 100, 1, 0, 0),
    (40, 31, 0, 1, 0, 0),
    (40, 31, 60, 3, 0, 0),
    (39, 30, 45, 5, 1, 1),
    (36, 28, 55, 7, 2, 2),
    (40, 31, 8, 1, 0, 0),
    (90, 70, 60, 9, 0, 0),
]


class Chance:
    """`chance` of pictures.js: whole numbers below 2 ** 16, the same in both languages."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def __call__(self) -> int:
        self._state = (self._state * 1664525 + 1013904223) & 0xFFFFFFFF
        return self._state >> 16


def speckled(next_number: Chance, width: int, height: int, percent: int, grain: int) -> np.ndarray:
    """`speckled` of pictures.js: a random mask bool (height, width)."""
    rows, columns = -(-height // grain), -(-width // grain)
    cells = np.array([next_number() % 100 < percent for _ in range(rows * columns)]).reshape(rows, columns)
    return cells.repeat(grain, axis=0).repeat(grain, axis=1)[:height, :width]


def digest(found: list[np.ndarray]) -> str:
    """Of rings (n, 2), their lengths and order told too."""
    told = hashlib.sha256()
    for ring in found:
        told.update(np.array([len(ring)], "<f8").tobytes() + np.ascontiguousarray(ring, "<f8").tobytes())
    return told.hexdigest()[:24]


def _of_window(window: runs.Window, image: tuple[int, int]) -> dict:
    exact = outlines.outline(window)
    counts = runs.write_window(window, *image)
    rle = {"size": [image[1], image[0]], "counts": counts}
    simplified = []
    for tolerance in TOLERANCES:
        parts, iou = outlines.simplified_outline(window, tolerance)
        found = [ring for part in parts for ring in part.rings]
        simplified.append(
            {
                "tolerance": tolerance,
                "rings": digest(found),
                "corners": sum(len(ring) for ring in found),
                "iou": iou,
            }
        )
    return {
        "image": list(image),
        "mask": {"rle": rle, "area": masks.rle_area(rle), "bbox": masks.rle_bbox(rle)},
        "rings": digest([ring for part in exact for ring in part.rings]),
        "holes": [len(part.holes) for part in exact],
        "simplified": simplified,
    }


def _drawn() -> list[dict]:
    facts = []
    for name, rows in DRAWN.items():
        mask = np.array([[sign == "#" for sign in row] for row in rows])
        exact = [ring.tolist() for part in outlines.outline(runs.Window(mask, 2, 1)) for ring in part.rings]
        facts.append(
            {"name": name, "rows": rows, **_of_window(runs.Window(mask, 2, 1), IMAGE), "exact": exact}
        )
    return facts


def _speckled() -> list[dict]:
    facts = []
    for seed, (width, height, percent, grain, x, y) in enumerate(SPECKLED):
        window = runs.Window(speckled(Chance(seed), width, height, percent, grain), x, y)
        image = (max(IMAGE[0], width), max(IMAGE[1], height))
        asked = {"seed": seed, "size": [width, height], "percent": percent, "grain": grain, "at": [x, y]}
        facts.append({**asked, **_of_window(window, image)})
    return facts


def _fills() -> list[dict]:
    """Random rings, some of their corners on pixels' centres and corners, some beyond the image."""
    facts = []
    for seed in range(24):
        next_number = Chance(1000 + seed)
        parts_of_a_pixel = [1, 2, 64, 7][seed % 4]
        found = []
        for _ in range(1 + next_number() % 3):
            count = 2 + next_number() % 9
            found.append(
                np.array(
                    [[next_number() % (64 * parts_of_a_pixel) for _ in "xy"] for _ in range(count)],
                    np.float64,
                )
                / parts_of_a_pixel
                - 11
            )
        filled = rings.fill(found, IMAGE if seed % 2 else None)
        facts.append(
            {
                "seed": 1000 + seed,
                "parts_of_a_pixel": parts_of_a_pixel,
                "rings": digest(found),
                "clipped": bool(seed % 2),
                "window": [filled.x, filled.y, *filled.mask.shape[::-1]],
                "counts": runs.write_window(filled, *IMAGE),
            }
        )
    return facts


def outline_facts() -> dict:
    return {"drawn": _drawn(), "speckled": _speckled(), "fills": _fills()}
