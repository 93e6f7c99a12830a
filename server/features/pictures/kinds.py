"""The kinds of files that are taken: Pillow's, and those that an optional plugin reads."""

from contextlib import suppress
from pathlib import Path

from PIL import AvifImagePlugin, features

from ...errors import InvalidImage, UnsupportedImage

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # processor time is counted, and shared
_KINDS = ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"]
_KINDS += [kind for kind, feature in (("AVIF", "avif"), ("JPEG2000", "jpg_2000")) if features.check(feature)]
with suppress(ImportError):
    import pillow_heif  # type: ignore[import-not-found]

    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    _KINDS.append("HEIF")

KINDS = tuple(_KINDS)
_STARTS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"GIF8": "GIF",
    b"\0\0\0\x0cjP  ": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",
}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_PILLOW = "Run `pip install --upgrade pillow` where Samphire runs, or save the image as a JPEG."
_MISSING = {
    "HEIF": (
        "HEIC images need a plugin that is not installed.",
        "Run `pip install 'samphire[heic]'` where Samphire runs, or save the image as a JPEG.",
    ),
    "AVIF": ("AVIF images need a newer Pillow than the installed one.", _PILLOW),
    "JPEG2000": ("JPEG 2000 images need a newer Pillow than the installed one.", _PILLOW),
}


def why_unreadable(path: Path) -> InvalidImage:
    """Of a file that no decoder takes: another kind, or no image; a damaged one of ours keeps its first bytes."""
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        return InvalidImage("This file is empty.", hint="Choose another file.")
    kind = _kind(start)
    if kind in KINDS:
        return InvalidImage("This image is damaged or of a kind that cannot be read.")
    if kind in _MISSING:
        sentence, hint = _MISSING[kind]
        return UnsupportedImage(sentence, hint=hint)
    return UnsupportedImage()


def _kind(start: bytes) -> str | None:
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WEBP"
    if start[4:8] == b"ftyp":
        brands = start[8 : min(len(start), int.from_bytes(start[:4], "big"))]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        return "HEIF" if start[8:12] in _HEIF_BRANDS else None
    return next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), None)
