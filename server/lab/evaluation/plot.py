"""The chart of mean IoU over clicks, one line for each segmenter, as an SVG drawn by hand.

It brings its own colours for light and dark pages, and tells segmenters apart by marks too. Draws; computes nothing.
"""

from collections.abc import Sequence
from html import escape

from .summary import Run, Summary

_WIDTH = 640
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 616, 48, 332
_LEGEND_Y, _LEGEND_LINE = 386, 22
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #33373d; }
  .title { font-weight: 600; font-size: 15px; }
  .paper { fill: #ffffff; }
  .grid { stroke: #dfe2e6; }
  .c0 { stroke: #0072b2; fill: #0072b2; } .c1 { stroke: #d55e00; fill: #d55e00; }
  .c2 { stroke: #007a5a; fill: #007a5a; } .c3 { stroke: #b0508a; fill: #b0508a; }
  .c4 { stroke: #8a6d00; fill: #8a6d00; } .c5 { stroke: #5a5f66; fill: #5a5f66; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e3e6ea; }
    .paper { fill: #16191d; }
    .grid { stroke: #343a41; }
    .c0 { stroke: #56b4e9; fill: #56b4e9; } .c1 { stroke: #f08a3c; fill: #f08a3c; }
    .c2 { stroke: #2fc79a; fill: #2fc79a; } .c3 { stroke: #e08fc0; fill: #e08fc0; }
    .c4 { stroke: #e0c341; fill: #e0c341; } .c5 { stroke: #aeb4bb; fill: #aeb4bb; }
  }
  .line { fill: none; stroke-width: 2; }
"""
_COLOURS = 6
# unit shapes, scaled to the size of a mark
_MARKS = ("M-4-4h8v8h-8z", "M0-5L5 4H-5z", "M0-5L5 0L0 5L-5 0z", "M-5-4H5L0 5z")


def draw(dataset: str, summaries: Sequence[tuple[Run, Summary]]) -> str:
    """A whole SVG document. The lines' vertical axis begins at the tenth below the lowest value."""
    curves = [(run.spec.title, summary.miou) for run, summary in summaries]
    clicks = max((len(miou) for _, miou in curves), default=1)
    low = min((int(min(miou) * 10) / 10 for _, miou in curves), default=0.0)
    low = min(low, 0.9)
    title = f"Mean IoU over clicks, {dataset}"
    legend = _legend([name for name, _ in curves])
    height = max((y for _, y in legend), default=_LEGEND_Y) + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
        f'<text class="title" x="{_LEFT}" y="28">{escape(title)}</text>',
        *_axes(clicks, low),
    ]
    for number, ((name, miou), (x, y)) in enumerate(zip(curves, legend, strict=True)):
        points = [(_x(k, clicks), _y(share, low)) for k, share in enumerate(miou, start=1)]
        parts += _curve(number, points, miou)
        parts.append(_mark(number, x + 5, y - 5))
        parts.append(f'<text x="{x + 16}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(names: Sequence[str]) -> list[tuple[int, int]]:
    """Where each name begins, in as many lines as they need; widths are guessed, there is no font to measure."""
    places = []
    x, y = _LEFT, _LEGEND_Y
    for name in names:
        width = 40 + 8 * len(name)
        if x > _LEFT and x + width > _RIGHT:
            x, y = _LEFT, y + _LEGEND_LINE
        places.append((x, y))
        x += width
    return places


def _x(click: int, clicks: int) -> float:
    return _LEFT + 24 + (click - 1) * (_RIGHT - _LEFT - 48) / max(clicks - 1, 1)


def _y(share: float, low: float) -> float:
    return _BOTTOM - (share - low) / (1 - low) * (_BOTTOM - _TOP)


def _axes(clicks: int, low: float) -> list[str]:
    parts = []
    for tenth in range(round(low * 10), 11):
        y = _y(tenth / 10, low)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth / 10:.1f}</text>')
    for click in range(1, clicks + 1):
        x = _x(click, clicks)
        parts.append(f'<text x="{x:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{click}</text>')
    middle = (_LEFT + _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_BOTTOM + 36}" text-anchor="middle">clicks</text>')
    y = (_TOP + _BOTTOM) / 2
    parts.append(f'<text transform="translate(20 {y}) rotate(-90)" text-anchor="middle">mean IoU</text>')
    return parts


def _curve(number: int, points: Sequence[tuple[float, float]], shares: Sequence[float]) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [f'<polyline class="c{number % _COLOURS} line" points="{path}"/>']
    for (x, y), share in zip(points, shares, strict=True):
        parts.append(f"<g>{_mark(number, x, y)}<title>{share:.3f}</title></g>")
    return parts


def _mark(number: int, x: float, y: float) -> str:
    shape = _MARKS[number % len(_MARKS)]
    return f'<path class="c{number % _COLOURS}" transform="translate({x:.1f} {y:.1f})" d="{shape}"/>'
