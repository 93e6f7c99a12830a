"""Colours of labels: 24 far apart, then as many as are asked for. static/js/document/labels/palette.js says why."""

import math
from collections.abc import Iterable
from functools import cache

PALETTE = (
    "#e69f00", "#cc79a7", "#009e73", "#f0e442", "#d55e00", "#780096", "#5ae1ff", "#0f5a5a",
    "#960000", "#ffb4c3", "#c31e96", "#4bd287", "#875ac3", "#87a5e1", "#875a2d", "#87ffb4",
    "#ff3c78", "#4b6996", "#d20000", "#ff78ff", "#692dd2", "#a50f5a", "#b4d200", "#ff694b",
)  # fmt: skip
_GOLDEN_ANGLE = 137.508
_LIGHTNESSES = (0.62, 0.45, 0.76)
_APART, _TRIES, _CLOSER = (
    0.06,
    24,
    0.8,
)  # OKLab distance; colours in a row that miss it; what it is lowered by then
_COMPARED = 256  # from there on colours are only different


def palette_color(index: int) -> str:
    """The colour of the n-th label, #rrggbb: from the palette, then generated, apart from all before it."""
    if index < len(PALETTE):
        return PALETTE[index]  # most projects need no more
    return _apart()[index] if index < _COMPARED else _generated(index)


@cache
def _apart() -> tuple[str, ...]:
    colors: list[str] = list(PALETTE)
    places = [_oklab(color) for color in colors]
    least, missed, tried = _APART, 0, 0
    while len(colors) < _COMPARED:
        color = _generated(tried)
        place, tried = _oklab(color), tried + 1
        if all(math.dist(place, other) >= least for other in places):
            colors.append(color)
            places.append(place)
            missed = 0
        else:
            missed += 1
        if missed == _TRIES:
            least, missed = least * _CLOSER, 0
    return tuple(colors)


def _generated(number: int) -> str:
    saturation = 0.55 if number % 2 else 0.75
    return _hsl_hex((number * _GOLDEN_ANGLE) % 360, saturation, _LIGHTNESSES[number % 3])


def _oklab(color: str) -> tuple[float, float, float]:
    """Ottosson (2020), of an sRGB colour."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    l = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)  # noqa: E741
    m = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    s = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    )


def free_colors(taken: Iterable[str]) -> Iterable[str]:
    """Colours that nobody has, one after the other, in their order."""
    used, index = set(taken), 0
    while True:
        color = palette_color(index)
        if color not in used:
            used.add(color)
            yield color
        index += 1


def _hsl_hex(hue: float, saturation: float, lightness: float) -> str:
    reach = saturation * min(lightness, 1 - lightness)

    def channel(n: int) -> str:
        k = (n + hue / 30) % 12
        value = lightness - reach * max(-1, min(k - 3, 9 - k, 1))
        return f"{math.floor(value * 255 + 0.5):02x}"  # halves up, as in JavaScript

    return f"#{channel(0)}{channel(8)}{channel(4)}"
