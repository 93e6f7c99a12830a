"""Colours of labels: 24 that lie far apart, then as many more as are asked for. static/js/scene/palette.js says why."""

import math
from collections.abc import Iterable

PALETTE = (
    "#e69f00", "#cc79a7", "#009e73", "#f0e442", "#d55e00", "#780096", "#5ae1ff", "#0f5a5a",
    "#960000", "#ffb4c3", "#c31e96", "#4bd287", "#875ac3", "#87a5e1", "#875a2d", "#87ffb4",
    "#ff3c78", "#4b6996", "#d20000", "#ff78ff", "#692dd2", "#a50f5a", "#b4d200", "#ff694b",
)  # fmt: skip
_GOLDEN_ANGLE = 137.508
_LIGHTNESSES = (0.62, 0.45, 0.76)


def palette_color(index: int) -> str:
    """The colour of the n-th label, #rrggbb: from the palette, then generated."""
    if index < len(PALETTE):
        return PALETTE[index]
    beyond = index - len(PALETTE)
    hue, saturation = (beyond * _GOLDEN_ANGLE) % 360, 0.55 if beyond % 2 else 0.75
    return _hsl_hex(hue, saturation, _LIGHTNESSES[beyond % 3])


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
