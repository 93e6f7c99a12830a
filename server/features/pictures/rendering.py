"""From samples of any depth to the 8 bits that are shown and encoded: which bands, which values are black and white."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image

from ...errors import BadRequest, InvalidImage

_LOOKED_AT = 4_000_000  # samples, evenly spread, from which a range is found
_OUTLIERS = 0.0005  # on either side
_FEW_VALUES = 16
_ROWS_AT_ONCE = 256
MOST_VALUE = 1e300
MOST_BANDS = 10_000
Pair = tuple[float, float]


@dataclass(frozen=True)
class Rendering:
    """How a picture of deep samples is shown. `range`: the values that become black and white (the greater may come
    first), or how they are found:
    "auto" by what most of the picture holds, "full" the whole range of the samples. `bands`: one for grey or three for
    red, green and blue, counted from 0; None leaves it to the file."""

    range: Literal["auto", "full"] | Pair = "auto"
    bands: tuple[int, ...] | None = None


AS_IT_COMES = Rendering()


def parse_rendering(told: Any) -> Rendering:
    """{"range": "auto", "full" or [black, white], "bands": [1] or [3, 2, 1], counted from 1, or null}; what is absent,
    as it comes. Raises BadRequest."""
    if told is None:
        return AS_IT_COMES
    if not isinstance(told, dict) or set(told) - {"range", "bands"}:
        raise BadRequest('"rendering" must be null, or an object of "range" and "bands".')
    return Rendering(_parse_range(told.get("range", "auto")), _parse_bands(told.get("bands")))


def told_rendering(rendering: Rendering) -> dict[str, Any] | None:
    """What `parse_rendering` makes it of."""
    if rendering == AS_IT_COMES:
        return None
    given = rendering.range if isinstance(rendering.range, str) else list(rendering.range)
    bands = None if rendering.bands is None else [band + 1 for band in rendering.bands]
    return {"range": given, "bands": bands}


def version_of(rendering: Rendering) -> str:
    """A word for addresses, which changes with the rendering; empty for an image as it comes."""
    told = told_rendering(rendering)
    return "" if told is None else hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def _parse_range(told: Any) -> Literal["auto", "full"] | Pair:
    if told in ("auto", "full"):
        return told
    numbers = isinstance(told, list) and len(told) == 2 and all(type(each) in (int, float) for each in told)
    if not numbers or not all(abs(each) <= MOST_VALUE for each in told):
        raise BadRequest(
            '"range" must be "auto", "full", or two numbers: what is shown as black, and what as white.'
        )
    return float(told[0]), float(told[1])


def _parse_bands(told: Any) -> tuple[int, ...] | None:
    if told is None:
        return None
    numbers = isinstance(told, list) and all(
        type(each) in (int, float) and each in range(1, MOST_BANDS + 1) for each in told
    )
    if not numbers or len(told) not in (1, 3):
        raise BadRequest('"bands" must be one number or three, counted from 1, or null.')
    return tuple(int(each) - 1 for each in told)


@dataclass(frozen=True)
class Samples:
    """values: (H, W, 1 or 3). `one_scale`: the bands are the colours of one picture, brightened alike. `no_data`: the
    value of samples that are none. `alpha`: (H, W), of the type of the values."""

    values: np.ndarray
    one_scale: bool = False
    white_is_zero: bool = False
    no_data: float | None = None
    alpha: np.ndarray | None = None


def choose_bands(rendering: Rendering, count: int, is_rgb: bool) -> Sequence[int]:
    """Which bands of a file to read. Raises InvalidImage for one it has not."""
    if rendering.bands is not None:
        if max(rendering.bands) >= count:
            raise InvalidImage(f"This image has {count} bands.", hint=f"Choose bands from 1 to {count}.")
        return rendering.bands
    return (0, 1, 2) if is_rgb or count >= 3 else (0,)


def render(samples: Samples, rendering: Rendering) -> Image.Image:
    """Mode RGB. Samples that are none are black, transparency is laid on white."""
    bands = [samples.values[:, :, band] for band in range(samples.values.shape[2])]
    no_data = samples.no_data
    if no_data is not None and samples.values.dtype == np.float32:
        no_data = float(np.float32(no_data))  # as the samples hold it
    if not isinstance(rendering.range, str):
        ranges = [rendering.range] * len(bands)
    else:
        ranges = [_range(band, no_data, rendering.range == "full") for band in bands]
        if samples.one_scale:
            ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))] * len(bands)
    shown = [
        _eight_bits(band, pair, no_data, samples.white_is_zero)
        for band, pair in zip(bands, ranges, strict=True)
    ]
    rgb = Image.merge("RGB", [Image.fromarray(shown[band % len(shown)]) for band in range(3)])
    if samples.alpha is not None:
        whole = float(np.iinfo(samples.alpha.dtype).max) if samples.alpha.dtype.kind in "ui" else 1.0
        opaque = Image.new("RGB", rgb.size, (255, 255, 255))
        opaque.paste(rgb, mask=Image.fromarray(_eight_bits(samples.alpha, (0.0, whole), None, False)))
        return opaque
    return rgb


def _range(band: np.ndarray, no_data: float | None, full: bool) -> Pair:
    """The values that become black and white. Unsigned integers that use half of their range keep all of it: so
    photographs look as they were meant to."""
    whole = (0.0, float(np.iinfo(band.dtype).max)) if band.dtype.kind == "u" and band.itemsize <= 2 else None
    if whole is not None and (full or band.itemsize == 1):
        return whole
    if full and band.dtype.kind == "i" and band.itemsize <= 2:
        return float(np.iinfo(band.dtype).min), float(np.iinfo(band.dtype).max)
    low, high = _extremes(band, no_data) if full else _usual(band, no_data)
    if whole is not None and not whole[1] / 2 > high - low > 0:
        return whole
    return low, high


def _extremes(band: np.ndarray, no_data: float | None) -> Pair:
    values = band.ravel()
    kept = values[_is_data(values, no_data) & np.isfinite(values)]
    return (float(kept.min()), float(kept.max())) if kept.size else (0.0, 0.0)


def _usual(band: np.ndarray, no_data: float | None) -> Pair:
    """The range of nearly all values, but for what stands alone: values farther from all others than those from each
    other, as marks for "no data" are, and single pixels far from all around them."""
    step = max(2, round((band.size / _LOOKED_AT) ** 0.5) * 2)
    corners = [band[row::step, column::step] for row in (0, 1) for column in (0, 1)]
    if min(band.shape) < 2:
        corners = [band]
    rows, columns = min(each.shape[0] for each in corners), min(each.shape[1] for each in corners)
    blocks = np.stack([each[:rows, :columns].ravel() for each in corners]).astype(np.float64)
    blocks[~_is_data(blocks, no_data) | ~np.isfinite(blocks)] = np.nan
    least, most = _without_strangers(blocks[np.isfinite(blocks)])
    blocks[~((blocks >= least) & (blocks <= most))] = np.nan
    values, sound = blocks[~np.isnan(blocks)], blocks[:, ~np.isnan(blocks).any(axis=0)]
    if not values.size:
        return least, most
    low, high = np.quantile(values, (_OUTLIERS, 1 - _OUTLIERS))
    if sound.size:
        low_of_blocks = np.quantile(sound.max(axis=0), _OUTLIERS)
        high_of_blocks = np.quantile(sound.min(axis=0), 1 - _OUTLIERS)
        if 0 < 2 * (high_of_blocks - low_of_blocks) < high - low:
            low, high = low_of_blocks, high_of_blocks
    return (float(low), float(high)) if high > low else (least, most)


def _without_strangers(values: np.ndarray) -> Pair:
    different = np.unique(values)
    while len(different) > _FEW_VALUES:
        half = (different[-1] - different[0]) / 2
        if different[1] - different[0] > half:
            different = different[1:]
        elif different[-1] - different[-2] > half:
            different = different[:-1]
        else:
            break
    return (float(different[0]), float(different[-1])) if different.size else (0.0, 0.0)


def _eight_bits(band: np.ndarray, pair: Pair, no_data: float | None, inverted: bool) -> np.ndarray:
    """(H, W) -> uint8 (H, W)."""
    if band.dtype.kind in "ui" and band.itemsize <= 2:  # by a table of all values
        unsigned = np.arange(2 ** (8 * band.itemsize)).astype(f"u{band.itemsize}")
        return _scaled(unsigned.view(band.dtype), pair, no_data, inverted)[band.view(unsigned.dtype)]
    shown = np.empty(band.shape, np.uint8)
    for row in range(0, len(band), _ROWS_AT_ONCE):
        part = slice(row, row + _ROWS_AT_ONCE)
        shown[part] = _scaled(band[part], pair, no_data, inverted)
    return shown


def _scaled(values: np.ndarray, pair: Pair, no_data: float | None, inverted: bool) -> np.ndarray:
    low, high = pair
    clipped = np.clip(values.astype(np.float64), min(pair), max(pair))
    share = (clipped - low) / ((high - low) or 1.0)
    shown = np.rint((1 - share if inverted else share) * 255)
    return np.where(_is_data(values, no_data) & ~np.isnan(shown), shown, 0).astype(np.uint8)


def _is_data(values: np.ndarray, no_data: float | None) -> np.ndarray:
    return np.ones(values.shape, bool) if no_data is None else values != no_data
