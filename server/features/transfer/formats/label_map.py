"""`labelmap.txt`: the classes of mask images by the colours they are painted with, as VOC, CVAT and Datumaro do it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from .masks.images import Color, Mask, palette
from .source import Source, Unreadable

BACKGROUND = "background"
_LARGEST = 16 << 20
_BLACK = (0, 0, 0)


@dataclass(frozen=True)
class LabelMap:
    """Names by number and by colour; None is the background. `names`: all others, in order."""

    numbers: dict[int, str | None] = field(default_factory=dict)
    colors: dict[Color, str | None] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(name for name in (*self.numbers.values(), *self.colors.values()) if name))

    def of(self, mask: Mask) -> Callable[[int], str | None]:
        """What the pixels with a number of this mask are: by their colour where both sides have colours, else by the
        number. It raises Unreadable for what is not in the map."""
        by_color = bool(self.colors) and (mask.numbers_are_colors or self._knows_colors_of(mask))

        def name(number: int) -> str | None:
            color = mask.color(number) if by_color else None
            if color is None and number in self.numbers:
                return self.numbers[number]
            if color is not None and color in self.colors:
                return self.colors[color]
            found = f"class {number}" if color is None else f"the colour {','.join(map(str, color))}"
            raise Unreadable(found, f"one of the {len(self.names)} classes")

        return name

    def _knows_colors_of(self, mask: Mask) -> bool:
        """A palette of greys, or of whatever colours, only numbers the classes."""
        if mask.palette is None:
            return False
        return any(mask.color(number) in self.colors for number in np.unique(mask.numbers).tolist() if number)


def by_number(names: Iterable[str]) -> LabelMap:
    """Names counted from 1, with the colours of VOC's palette."""
    numbers: dict[int, str | None] = {0: None, **dict(enumerate(names, start=1))}
    colors = palette()
    return LabelMap(
        numbers, {colors[number]: name for number, name in numbers.items() if number < len(colors)}
    )


def read(source: Source, path: str) -> LabelMap:
    """`name:red,green,blue:parts:actions` a line. Raises Unreadable.

    The background is what is called so, and what is black. Numbers of masks without colours are those of VOC's palette
    where all colours are in it, else the lines are counted, the background first.
    """
    entries: list[tuple[str, Color | None]] = []
    for line in source.text(path, _LARGEST).splitlines():
        if line.strip() and not line.startswith("# label:"):
            parts = line.rsplit(":", 3)
            if len(parts) < 4:
                raise Unreadable("a line without three colons", "label:color_rgb:parts:actions")
            entries.append((parts[0], _color(parts[1])))
    known = {color: number for number, color in enumerate(palette())}
    black = next(
        (name for name, color in entries if color == _BLACK and not _is_background(name, None)), None
    )
    if black and any(color not in (None, _BLACK) and _is_background(name, None) for name, color in entries):
        raise Unreadable(f"{black[:60]!r} in black, and a background in a colour", "a black background")
    others = [entry for entry in entries if not _is_background(*entry)]
    numbers: dict[int, str | None] = {0: None}
    colors: dict[Color, str | None] = {_BLACK: None}
    colors |= {color: None for name, color in entries if color and _is_background(name, color)}
    in_palette = all(color in known for _, color in others)
    for place, (name, color) in enumerate(others, start=1):
        numbers.setdefault(known[color] if color and in_palette else place, name)
        if color:
            colors.setdefault(color, name)
    return LabelMap(numbers, colors if len(colors) > 1 else {})


def write(names: Iterable[str], colors: Iterable[Color]) -> str:
    lines = ["# label:color_rgb:parts:actions"]
    lines += [f"{name}:{','.join(map(str, color))}::" for name, color in zip(names, colors, strict=False)]
    return "\n".join(lines) + "\n"


def _is_background(name: str, color: Color | None) -> bool:
    return color == _BLACK or name.strip().lower() == BACKGROUND


def _color(text: str) -> Color | None:
    """None when the file gives none. Raises Unreadable."""
    if not text.strip():
        return None
    try:
        red, green, blue = (int(part) for part in text.split(","))
    except ValueError:
        raise Unreadable(f"the colour {text[:40]!r}", "red,green,blue, 0 to 255 each") from None
    return red, green, blue
