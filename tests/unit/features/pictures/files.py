"""Picture files of any samples, written plainly, and what becomes of them."""

import struct
import zlib

import numpy as np

from server.features.pictures.bounds import Limits
from server.features.pictures.pixels import load_rgb, make_copies

LIMITS = Limits(pixels=1_000_000, side=5000)

KINDS = {"u": 1, "i": 2, "f": 3}


def save(path, image, **options):
    image.save(path, **options)
    return path


def shown(path):
    """The display copy as the encoder sees it, and the copies."""
    copies = make_copies(path, LIMITS)
    pixels = load_rgb(path.read_bytes() if copies.display is None else copies.display)
    assert pixels.shape == (copies.height, copies.width, 3)
    assert pixels.dtype == np.uint8
    return pixels, copies


def png(width, height, depth, color, rows, extra=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def tiff(values, order="<", planar=False, photometric=1, rows=7, **more):
    """The bytes of a file. values: (H, W) or (H, W, bands). `more`: `orientation`, `extra`, `no_data` (text)."""
    values = values.reshape(*values.shape[:2], -1)
    height, width, bands = values.shape
    stored = values.astype(values.dtype.newbyteorder(order))
    planes = [stored[:, :, [band]] for band in range(bands)] if planar else [stored]
    strips = [plane[row : row + rows].tobytes() for plane in planes for row in range(0, height, rows)]
    body, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(body))
        body += strip + b"\0" * (len(strip) % 2)
    tags = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [8 * values.dtype.itemsize] * bands),
        259: ("H", [1]),
        262: ("H", [photometric]),
        273: ("I", offsets),
        277: ("H", [bands]),
        278: ("I", [rows]),
        279: ("I", [len(strip) for strip in strips]),
        284: ("H", [2 if planar else 1]),
        339: ("H", [KINDS[values.dtype.kind]] * bands),
    }
    if "orientation" in more:
        tags[274] = ("H", [more["orientation"]])
    if "extra" in more:
        tags[338] = ("H", more["extra"])
    if "no_data" in more:
        tags[42113] = ("s", more["no_data"].encode() + b"\0")
    start = 8 + len(body)
    lists, entries, after = b"", b"", start + 2 + 12 * len(tags) + 4
    for tag, (kind, items) in sorted(tags.items()):
        data = items if kind == "s" else struct.pack(f"{order}{len(items)}{kind}", *items)
        code = {"s": 2, "H": 3, "I": 4}[kind]
        if len(data) <= 4:
            place = data.ljust(4, b"\0")
        else:
            place, lists = (
                struct.pack(f"{order}I", after + len(lists)),
                lists + data + b"\0" * (len(data) % 2),
            )
        entries += struct.pack(f"{order}HHI", tag, code, len(items)) + place
    mark = b"II*\0" if order == "<" else b"MM\0*"
    directory = struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + lists
    return mark + struct.pack(f"{order}I", start) + body + directory


def ramp(low, high, dtype, shape=(48, 64)):
    return np.linspace(low, high, shape[0] * shape[1]).reshape(shape).astype(dtype)
