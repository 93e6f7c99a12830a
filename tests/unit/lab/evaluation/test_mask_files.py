"""What the values of a mask picture are taken for."""

import numpy as np
import pytest
from PIL import Image

from server.errors import InvalidDataset
from server.lab.evaluation import mask_files
from server.lab.evaluation.mask_files import MaskFile


def read(path, width=12, height=8):
    return list(MaskFile("m.png", path).read(width, height))


def painted(*values: int, dtype=np.uint8) -> np.ndarray:
    """(8, 12): each value fills one pixel more than the one before, from the left top on; zero elsewhere."""
    flat = np.zeros(96, dtype)
    start = 0
    for size, value in enumerate(values, start=1):
        flat[start : start + size] = value
        start += size
    return flat.reshape(8, 12)


@pytest.mark.parametrize("value", [1, 38, 255])
def test_zero_and_one_other_value_are_one_object(mask_file, value):
    (truth,) = read(mask_file("m.png", painted(0, value)))
    assert (truth.name, truth.read_as, truth.undecided) == ("m.png", mask_files.ONE, None)
    assert truth.mask.sum() == 2


def test_several_values_are_an_object_each(mask_file):
    truths = read(mask_file("m.png", painted(3, 7, 200)))
    assert [(truth.name, int(truth.mask.sum())) for truth in truths] == [
        ("m.png#3", 1),
        ("m.png#7", 2),
        ("m.png#200", 3),
    ]
    assert {truth.read_as for truth in truths} == {mask_files.EACH_VALUE}


def test_deep_values(mask_file):
    truths = read(mask_file("m.png", painted(300, 65535, dtype=np.uint16)))
    assert [truth.name for truth in truths] == ["m.png#300", "m.png#65535"]


def test_trimap_has_an_undecided_border(mask_file):
    (truth,) = read(mask_file("m.png", painted(128, 255)))
    assert (truth.read_as, truth.mask.sum(), truth.undecided.sum()) == (mask_files.TRIMAP, 2, 1)


def test_numbered_objects_with_255_between_them(mask_file):
    truths = read(mask_file("m.png", painted(1, 2, 255)))
    assert [(truth.name, truth.undecided.sum()) for truth in truths] == [("m.png#1", 3), ("m.png#2", 3)]
    assert truths[0].read_as == mask_files.BORDERED


def test_few_greys_beside_white_are_soft_edges(mask_file):
    values = np.full((8, 12), 255, np.uint8)
    values[0, :3] = 0, 197, 60
    (truth,) = read(mask_file("m.png", values))
    assert (truth.read_as, truth.mask.sum()) == (mask_files.SOFT, 94)


def test_a_soft_edge_of_every_grey_is_one_object(mask_file):
    values = np.zeros((20, 4000), np.uint8)
    values[:, 100:356] = np.arange(256)
    values[:, 356:] = 255
    (truth,) = read(mask_file("m.png", values), 4000, 20)
    assert (truth.read_as, truth.mask.sum()) == (mask_files.SOFT, 20 * (4000 - 228))


def test_a_stray_pixel_is_not_the_object(mask_file):
    values = np.zeros((8, 12), np.uint8)
    values[:, 6:] = 255
    values[0, 0] = 1
    (truth,) = read(mask_file("m.png", values))
    assert (truth.read_as, truth.mask.sum(), truth.undecided) == (mask_files.SOFT, 48, None)


def test_a_small_object_of_a_coloured_palette_keeps_its_undecided_border(tmp_path):
    values = np.full((8, 12), 255, np.uint8)
    values[0, :3] = 0, 1, 1
    image = Image.fromarray(values, "P")
    image.putpalette([0, 0, 0, 128, 0, 0] + [0] * 3 * 253 + [224, 224, 192])
    image.save(tmp_path / "m.png")
    (truth,) = read(tmp_path / "m.png")
    assert (truth.name, truth.mask.sum(), truth.undecided.sum()) == ("m.png#1", 2, 93)
    assert truth.read_as == mask_files.BORDERED


def test_stray_coloured_pixels_are_no_objects_of_their_own(mask_file):
    values = np.full((8, 12, 3), 255, np.uint8)
    values[0, 0], values[0, 1] = 0, (255, 0, 255)
    (truth,) = read(mask_file("m.png", values))
    assert (truth.read_as, truth.mask.sum()) == (mask_files.SOFT, 95)


def test_a_jpeg_is_cut_at_half(mask_file):
    values = np.zeros((8, 12), np.uint8)
    values[:, 6:] = 255
    path = mask_file("m.jpg", values, quality=30)
    (truth,) = read(path)
    assert np.array_equal(truth.mask, values > 0)


def test_a_large_jpeg_of_every_grey_is_one_object(mask_file):
    rows, columns = np.mgrid[:600, :800]
    distance = np.hypot(rows - 300, columns - 400)
    values = np.clip(127.5 + (200 - distance) * 2, 0, 255).astype(np.uint8)  # an edge 128 pixels wide
    path = mask_file("m.jpg", values, quality=80)
    assert len(np.unique(np.asarray(Image.open(path)))) == 256
    (truth,) = read(path, 800, 600)
    assert truth.read_as == mask_files.SOFT
    assert (truth.mask != (values > 127)).mean() < 0.002


def test_colours_are_an_object_each_on_black_or_transparent(mask_file):
    values = np.zeros((8, 12, 4), np.uint8)
    values[0, :4] = (255, 0, 0, 255)
    values[1, :5] = (0, 0, 255, 255)
    values[2, :6] = (9, 9, 9, 0)
    truths = read(mask_file("m.png", values))
    assert [(truth.name, int(truth.mask.sum())) for truth in truths] == [
        ("m.png#0000ff", 5),
        ("m.png#ff0000", 4),
    ]


def test_a_coloured_palette_counts_by_its_numbers_and_a_grey_one_by_its_greys(tmp_path):
    image = Image.fromarray(painted(1, 2), "P")
    image.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0])
    image.save(tmp_path / "m.png")
    assert [truth.name for truth in read(tmp_path / "m.png")] == ["m.png#1", "m.png#2"]
    image = Image.fromarray(1 - painted(0, 1), "P")  # white is number 0
    image.putpalette([255, 255, 255, 0, 0, 0])
    image.save(tmp_path / "m.png")
    (truth,) = read(tmp_path / "m.png")
    assert truth.mask.sum() == 2


def test_another_size_is_told_before_decoding(mask_file):
    with pytest.raises(InvalidDataset, match="The mask is 12x8 pixels, its image 30x20"):
        read(mask_file("m.png"), 30, 20)


def test_an_empty_mask(mask_file):
    with pytest.raises(InvalidDataset, match="empty"):
        read(mask_file("m.png", painted()))


def test_a_photograph_is_not_a_mask(mask_file):
    generator = np.random.default_rng(1)
    grey = generator.integers(0, 250, (40, 50), np.uint8)
    with pytest.raises(InvalidDataset, match="looks like a photograph"):
        read(mask_file("m.png", grey), 50, 40)
    full = np.arange(2000).reshape(40, 50).astype(np.uint8)  # every grey, 0 and 255 as well
    with pytest.raises(InvalidDataset, match="255 different values: this looks like a photograph"):
        read(mask_file("m.png", full), 50, 40)
    colours = generator.integers(0, 250, (40, 50, 3), np.uint8)
    with pytest.raises(InvalidDataset, match="looks like a photograph"):
        read(mask_file("m.png", colours), 50, 40)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture(tmp_path, content):
    path = tmp_path / "m.png"
    path.write_bytes(content)
    with pytest.raises(InvalidDataset, match="cannot be read as an image"):
        read(path)


def test_a_picture_cut_short(mask_file):
    path = mask_file("m.png", np.random.default_rng(1).integers(0, 2, (8, 12), np.uint8))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(InvalidDataset, match="cannot be read as an image"):
        read(path)
