"""Pictures of every kind become the right pixels; hostile ones become one clear error."""

import io

import numpy as np
import pytest
from PIL import Image

from server.errors import InvalidImage, TooLarge, UnsupportedImage
from server.features.pictures.pixels import load_rgb, make_copies
from tests.unit.features.pictures.files import LIMITS, png, save, shown

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # what Pillow says of hostile files


def mean_difference(one, other):
    return np.abs(one.astype(int) - other.astype(int)).mean()


def quadrants(width=64, height=48):
    """Red, green / blue, white: tells every rotation and flip from every other."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (250, 10, 10)
    pixels[: height // 2, width // 2 :] = (10, 250, 10)
    pixels[height // 2 :, : width // 2] = (10, 10, 250)
    pixels[height // 2 :, width // 2 :] = (250, 250, 250)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_each_format(tmp_path, kind):
    path = save(tmp_path / "x", quadrants(), format=kind)
    pixels, copies = shown(path)
    assert copies.format == kind
    assert mean_difference(pixels, np.asarray(quadrants())) < 8
    assert (copies.display is None) == (kind in ("JPEG", "PNG", "WEBP"))
    assert copies.display_type == {"JPEG": "image/jpeg", "WEBP": "image/webp"}.get(kind, "image/png")
    assert Image.open(io.BytesIO(copies.thumbnail)).size == (64, 48)


ROTATED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda a: a.transpose(1, 0, 2)[::-1],
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_rotation_is_applied_once(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = save(tmp_path / "x", quadrants(), format=kind, exif=exif)
    pixels, copies = shown(path)
    expected = ROTATED[orientation](np.asarray(quadrants()))
    assert pixels.shape == expected.shape
    assert mean_difference(pixels, expected) < 8
    if copies.display is not None:
        assert 0x0112 not in Image.open(io.BytesIO(copies.display)).getexif()
    else:
        assert orientation == 1


def test_broken_exif_is_no_reason_to_refuse(tmp_path):
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x03\xff\xff\xff\xff\0\x06\0\0"
    path = save(tmp_path / "x", quadrants(), format="JPEG", exif=exif)
    assert shown(path)[0].shape in ((48, 64, 3), (64, 48, 3))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr"])
def test_each_mode(tmp_path, mode):
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    source = quadrants().convert(mode)
    pixels, _ = shown(save(tmp_path / "x", source, format=kind))
    assert mean_difference(pixels, np.asarray(source.convert("RGB"))) < 8


def test_transparency_is_laid_on_white(tmp_path):
    rgba = np.zeros((4, 6, 4), np.uint8)
    rgba[:, :3] = (200, 0, 0, 255)
    rgba[:, 3:] = (0, 0, 0, 0)
    pixels, copies = shown(save(tmp_path / "x", Image.fromarray(rgba), format="PNG"))
    assert pixels[0, 0].tolist() == [200, 0, 0]
    assert pixels[0, 5].tolist() == [255, 255, 255]
    assert copies.display is not None
    palette = Image.fromarray(np.asarray([[0, 1]], np.uint8), "P")
    palette.putpalette([9, 9, 9, 50, 60, 70])
    pixels, _ = shown(save(tmp_path / "p", palette, format="PNG", transparency=0))
    assert pixels.tolist() == [[[255, 255, 255], [50, 60, 70]]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("size", [2_000_000, 9_000_000])
def test_a_large_colour_profile_is_no_reason_to_refuse(tmp_path, kind, size):
    """2 MB are kept beside the pixels, 9 MB are not; a PNG of 9 MB of it is taken for a bomb."""
    path = save(tmp_path / "x", quadrants(), format=kind, icc_profile=bytes(size), exif=turned())
    if (kind, size) == ("PNG", 9_000_000):
        with pytest.raises(InvalidImage):
            shown(path)
        return
    _, copies = shown(path)
    kept = Image.open(io.BytesIO(copies.display)).info.get("icc_profile")
    assert kept == (bytes(size) if size == 2_000_000 else None)


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def test_of_an_animation_the_first_frame_is_taken(tmp_path):
    frames = [Image.new("RGB", (8, 6), color) for color in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        path = save(tmp_path / kind, frames[0], format=kind, save_all=True, append_images=frames[1:])
        pixels, copies = shown(path)
        assert np.abs(pixels[3, 4].astype(int) - (255, 0, 0)).max() < 6
        assert getattr(Image.open(io.BytesIO(copies.display)), "n_frames", 1) == 1


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1), (37, 53), (1, 1)])
def test_odd_sizes(tmp_path, size):
    pixels, copies = shown(save(tmp_path / "x", Image.new("RGB", size, "teal"), format="PNG"))
    assert pixels.shape == (size[1], size[0], 3)
    thumbnail = Image.open(io.BytesIO(copies.thumbnail))
    assert max(thumbnail.size) == min(256, max(size))
    assert min(thumbnail.size) >= 1


def test_limits_are_checked_from_the_header(tmp_path):
    """A bomb: the header promises 60000 x 60000, so nothing may be decoded (there is nothing to decode)."""
    path = tmp_path / "x"
    path.write_bytes(png(60_000, 60_000, 8, 2, []))
    with pytest.raises(TooLarge, match="60000 x 60000"):
        make_copies(path, LIMITS)
    path.write_bytes(png(4000, 4000, 8, 0, []))
    with pytest.raises(TooLarge, match=r"16\.0 million"):
        make_copies(path, LIMITS)


def jpeg_bytes(**options):
    out = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    Image.fromarray(noise).save(out, "JPEG", **options)
    return out.getvalue()


def png_bytes():
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


def damaged(data, at):
    return data[:at] + bytes(64) + data[at + 64 :]


HOSTILE = {
    "empty": (b"", InvalidImage),
    "text": (b"hello, I am no picture", UnsupportedImage),
    "html": (b"<html><script>alert(1)</script>", UnsupportedImage),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedImage),
    "pdf": (b"%PDF-1.7\n%", UnsupportedImage),
    "zip": (b"PK\x03\x04" + bytes(60), UnsupportedImage),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", UnsupportedImage),
    "jpeg head only": (jpeg_bytes()[:20], InvalidImage),
    "jpeg half": (jpeg_bytes()[:6000], InvalidImage),
    "progressive half": (jpeg_bytes(progressive=True)[:6000], InvalidImage),
    "png half": (png_bytes()[:9000], InvalidImage),
    "png bad data": (damaged(png_bytes(), 9000), InvalidImage),
    "png no pixels": (png(0, 0, 8, 2, []), InvalidImage),
    "png bad depth": (png(4, 4, 77, 2, []), InvalidImage),
    "gif head": (b"GIF89a", InvalidImage),
    "gif no frame": (b"GIF89a\x05\0\x05\0\0\0\0;", InvalidImage),
    "bmp head": (b"BM" + bytes(30), InvalidImage),
    "tiff head": (b"II*\0\xff\xff\xff\x7f", InvalidImage),
    "tiff loop": (b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0", InvalidImage),
    "webp head": (b"RIFF\x20\0\0\0WEBPVP8 ", InvalidImage),
    "noise after magic": (b"\xff\xd8\xff" + bytes(range(256)) * 9, InvalidImage),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_clearly(tmp_path, name):
    data, kind = HOSTILE[name]
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(InvalidImage) as caught:
        make_copies(path, LIMITS)
    assert type(caught.value) is kind
    assert str(tmp_path) not in caught.value.message


def test_a_broken_stored_file_is_an_error_of_ours():
    with pytest.raises(InvalidImage):
        load_rgb(b"junk")


def test_a_multi_picture_jpeg_is_a_jpeg(tmp_path):
    path = save(tmp_path / "x", quadrants(), format="MPO", save_all=True, append_images=[quadrants()])
    _, copies = shown(path)
    assert (copies.format, copies.display, copies.display_type) == ("JPEG", None, "image/jpeg")


def test_ink_colours_without_a_profile(tmp_path):
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    pixels, copies = shown(save(tmp_path / "x", cyan, format="JPEG"))
    assert pixels[4, 4, 0] < 30 < pixels[4, 4, 1]
    assert Image.open(io.BytesIO(copies.display)).mode == "RGB"
