"""From the bytes of a picture to pixels, and to the copies that are kept: pure computation, for any thread.

What the encoder sees and what the browser shows are the same picture: `load_rgb` of the display copy.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin, UnidentifiedImageError

from ...errors import InvalidImage, TooLarge
from .bounds import Allow, Limits, check_scans, check_size, seconds_for
from .kinds import KINDS, why_unreadable
from .rendering import AS_IT_COMES, Rendering, render
from .samples import png_bit_depth, samples_of, samples_of_tiff
from .tiff import open_deep_tiff

_OF_CAMERAS = ("JPEG", "AVIF", "HEIF")  # whose copies are JPEGs, a tenth as large as others
SHOWN_AS_THEY_ARE = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
THUMBNAIL_SIDE_PX = 256
_ORIENTATION = 0x0112  # EXIF tag: 1 upright, 2..8 as below
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MOST_PROFILE_BYTES = (
    8_000_000  # printers' profiles have a few millions; Pillow would refuse a PNG with one of them
)

Image.MAX_IMAGE_PIXELS = None  # the limits below are checked from the header, before anything is decoded
PngImagePlugin.MAX_TEXT_CHUNK = _MOST_PROFILE_BYTES
warnings.filterwarnings("ignore", module=r"PIL\.")  # what a picture is worth refusing for, we raise


@dataclass(frozen=True)
class Copies:
    """width, height: of the image frame. `display`: None where the file itself can be shown."""

    width: int
    height: int
    format: str
    display: bytes | None
    display_type: str
    thumbnail: bytes


def make_copies(
    path: Path, limits: Limits, allow: Allow = lambda seconds: None, rendering: Rendering = AS_IT_COMES
) -> Copies:
    """Verify an uploaded file by decoding all of it, and make the display copy and the thumbnail.

    `allow` is told how much processor time that may take, once the size is known. Raises InvalidImage,
    UnsupportedImage or TooLarge, whatever the file holds."""
    try:
        return _make_copies(path, limits, allow, rendering)
    except (InvalidImage, TooLarge):
        raise
    except MemoryError:
        raise TooLarge("This image is too large for the server's memory.") from None
    except Exception as error:  # decoders of hostile files raise anything: OSError, ValueError, struct.error
        raise InvalidImage(f"This file cannot be read as an image ({_reason(error)}).") from error


def load_rgb(source: Path | bytes) -> np.ndarray:
    """Decode a display copy: uint8 (H,W,3), RGB, image frame. Raises InvalidImage."""
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            return np.asarray(to_rgb(image))
    except Exception as error:
        raise InvalidImage(f"The stored image cannot be read ({_reason(error)}).") from error


def load_small(path: Path, size: tuple[int, int]) -> Image.Image:
    """Decode a display copy that is to be shown at most this large: RGB, perhaps smaller than the image, as JPEGs can
    be decoded. Raises InvalidImage."""
    try:
        with Image.open(path) as image:
            image.draft(None, size)
            return to_rgb(image)
    except Exception as error:
        raise InvalidImage(f"The stored image cannot be read ({_reason(error)}).") from error


def to_rgb(image: Image.Image) -> Image.Image:
    """Of an image of 8 bits: colours converted, transparency over white. No rotation."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        opaque = Image.new("RGB", image.size, (255, 255, 255))
        opaque.paste(image, mask=image.getchannel("A"))
        return opaque
    if image.mode == "CMYK":
        return _cmyk_to_rgb(image)
    return image.convert("RGB")


def _make_copies(path: Path, limits: Limits, allow: Allow, rendering: Rendering) -> Copies:
    deep = open_deep_tiff(path)
    if deep is not None:
        check_size(deep.width, deep.height, limits)
        allow(seconds_for(deep.width * deep.height))
        rgb = render(samples_of_tiff(deep, rendering), rendering)
        return _copies(rgb, "TIFF", None, deep.orientation, False)
    try:
        image = Image.open(path, formats=KINDS)
    except UnidentifiedImageError:
        raise why_unreadable(path) from None
    with image:
        width, height = image.size
        check_size(width, height, limits)
        allow(seconds_for(width * height))
        # MPO is a JPEG with further views behind it.
        kind = "JPEG" if image.format == "MPO" else image.format or ""
        if kind == "JPEG":
            check_scans(path)
        shown_as_it_is = rendering == AS_IT_COMES and _browser_shows_the_same(image, kind, path)
        profile = _profile(image)
        image.seek(0)
        image.load()
        orientation = _orientation(image)
        samples = samples_of(image, path, rendering)
        rgb = to_rgb(image) if samples is None else render(samples, rendering)
    return _copies(rgb, kind, profile, orientation, shown_as_it_is)


def _copies(
    rgb: Image.Image, kind: str, profile: bytes | None, orientation: int, shown_as_it_is: bool
) -> Copies:
    turn = _UPRIGHT.get(orientation)
    if turn is not None:
        rgb = rgb.transpose(turn)
    display, display_type = None, SHOWN_AS_THEY_ARE.get(kind, "")
    if not shown_as_it_is or turn is not None:
        display, display_type = _encode_display(rgb, kind, profile)
    return Copies(rgb.width, rgb.height, kind, display, display_type, _thumbnail(rgb))


def _orientation(image: Image.Image) -> int:
    """Asked after loading: Pillow turns a TIFF itself and then forgets the tag. Broken EXIF says nothing."""
    try:
        return image.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1


def _profile(image: Image.Image) -> bytes | None:
    """The colour profile that its copies keep: of colours as `to_rgb` leaves them, and not endless."""
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA", "P") else None
    return profile if profile and len(profile) <= _MOST_PROFILE_BYTES else None


def _browser_shows_the_same(image: Image.Image, kind: str, path: Path) -> bool:
    """Whether any browser shows exactly the pixels `to_rgb` makes, without help; rotation apart."""
    if kind not in SHOWN_AS_THEY_ARE or (kind != "JPEG" and getattr(image, "n_frames", 1) != 1):
        return False
    if kind == "PNG" and png_bit_depth(path) > 8:
        return False
    return image.mode in ("L", "RGB", "P", "1") and not image.has_transparency_data


def _encode_display(rgb: Image.Image, kind: str, profile: bytes | None) -> tuple[bytes, str]:
    out = io.BytesIO()
    if kind in _OF_CAMERAS:
        rgb.save(out, "JPEG", quality=95, subsampling=0, icc_profile=profile)
        return out.getvalue(), "image/jpeg"
    rgb.save(out, "PNG", compress_level=4, icc_profile=profile)
    return out.getvalue(), "image/png"


def _thumbnail(rgb: Image.Image) -> bytes:
    scale = min(1.0, THUMBNAIL_SIDE_PX / max(rgb.size))
    size = (max(1, round(rgb.width * scale)), max(1, round(rgb.height * scale)))
    small = rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _cmyk_to_rgb(image: Image.Image) -> Image.Image:
    """By the picture's own ink profile where it has a sound one, else by the plain formula."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
