"""How large a picture is once it is upright, told from its head: nothing is decoded."""

from typing import BinaryIO

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

_WIDTH, _HEIGHT, _ORIENTATION = 256, 257, 0x0112  # tags of TIFF, the last of EXIF too
_SWAP_SIDES = (5, 6, 7, 8)
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_BIG = b"+"
_EXIF_OF_PNG = ("exif", "Raw profile type exif")


def upright_size(file: BinaryIO) -> tuple[int, int]:
    """(width, height). Raises OSError, ValueError."""
    try:
        return _upright_size(file)
    except OSError:
        raise
    except Exception as error:  # of a damaged head: struct.error, KeyError, SyntaxError and others
        raise ValueError("an image whose header is damaged") from error


def _upright_size(file: BinaryIO) -> tuple[int, int]:
    tags = tiff_directory(file)
    if tags is not None:  # Pillow opens fewer kinds than there are, and some of its versions swap the sides
        width, height, orientation = tags[_WIDTH], tags[_HEIGHT], tags.get(_ORIENTATION)
    else:
        with Image.open(file) as image:
            width, height = image.size
            # Of a PNG that has none yet, Pillow would decode everything to look behind its pixels.
            known = image.format != "PNG" or any(name in image.info for name in _EXIF_OF_PNG)
            orientation = image.getexif().get(_ORIENTATION) if known else None
    return (height, width) if orientation in _SWAP_SIDES else (width, height)


def tiff_directory(file: BinaryIO) -> ImageFileDirectory_v2 | None:
    """The first directory of a TIFF; None for another file, which is at its beginning again."""
    header = file.read(8)
    if header[:4] not in _TIFF_STARTS:
        file.seek(0)
        return None
    tags = ImageFileDirectory_v2(header + file.read(8) if _BIG in header[2:4] else header)
    file.seek(tags.next)
    tags.load(file)
    return tags
