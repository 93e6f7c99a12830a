"""Uploads: stored whole or not at all, the same bytes once, names made harmless."""

import io

import gevent
import numpy as np
import pytest
from PIL import Image as Picture
from sqlalchemy import func, select

from server.config import Settings
from server.domain.policy import OWNER
from server.errors import ImageNotFound, InvalidImage, TooLarge
from server.features.images.service import Images
from server.features.images.uploads import Uploads
from server.features.pictures.files import ImageFiles
from server.runtime.bus import Bus
from server.runtime.pools import Pools
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.tables import Image
from server.storage.unit_of_work import UnitsOfWork


class World:
    def __init__(self, folder):
        self.folder = folder
        self.db = Database.open(f"sqlite:///{folder / 'samphire.db'}")
        self.blobs = open_store(folder / "blobs")
        self.pools = Pools(1, 2)
        settings = Settings(max_upload_mb=0.5, max_pixels=1_000_000, max_side=4000)
        self.uploads = Uploads(settings, self.db, self.blobs, self.pools, UnitsOfWork(self.db, Bus().publish))
        self.images, self.image_files = Images(self.db), ImageFiles(self.blobs, self.pools)

    def rows(self):
        with self.db.read() as session:
            return session.scalar(select(func.count()).select_from(Image))

    def files(self):
        return sorted(
            p.relative_to(self.folder / "blobs").as_posix() for p in (self.folder / "blobs").rglob("*.*")
        )

    def temporary_files(self):
        return list((self.folder / "blobs" / "incoming").iterdir())


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.uploads.close()
    world.pools.close()
    world.db.close()


def picture(kind="PNG", size=(40, 30), seed=0, **options):
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    out = io.BytesIO()
    Picture.fromarray(pixels).save(out, kind, **options)
    out.seek(0)
    return out


def test_a_picture_becomes_a_row_and_blobs(world):
    image, new = world.uploads.add(OWNER, picture(), "a.png")
    assert new
    assert (image.name, image.width, image.height, image.format) == ("a.png", 40, 30, "PNG")
    assert image.original_key == image.display_key
    with world.blobs.open(world.image_files.display(image)) as file:
        assert file.read() == picture().getvalue()
    assert world.files() == sorted([image.original_key, image.thumbnail_key])
    assert world.temporary_files() == []


def test_a_copy_is_kept_beside_what_browsers_cannot_show(world):
    image, _ = world.uploads.add(OWNER, picture("TIFF"), "a.tif")
    assert image.display_type == "image/png"
    assert len(world.files()) == 3
    shown = Picture.open(world.blobs.open(world.image_files.display(image)))
    assert np.array_equal(np.asarray(shown), np.asarray(Picture.open(picture("TIFF"))))


def test_the_same_bytes_are_one_image(world):
    first, _ = world.uploads.add(OWNER, picture(), "a.png")
    second, new = world.uploads.add(OWNER, picture(), "b.png")
    assert (second.id, second.name, new) == (first.id, "a.png", False)
    assert len(world.files()) == 2
    assert world.temporary_files() == []


def test_the_same_bytes_at_the_same_time_are_one_image(world):
    adding = [gevent.spawn(world.uploads.add, OWNER, picture(size=(300, 200)), "a.png") for _ in range(6)]
    results = [each.get() for each in gevent.joinall(adding, raise_error=True)]
    assert len({image.id for image, _ in results}) == 1
    assert sorted(new for _, new in results) == [False] * 5 + [True]
    assert world.rows() == 1
    assert len(world.files()) == 2
    assert world.temporary_files() == []


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", InvalidImage), (b"no picture", InvalidImage), (picture("JPEG").getvalue()[:700], InvalidImage),
     (bytes(600_000), TooLarge), (picture(size=(4001, 1)).getvalue(), TooLarge),
     (picture().getvalue()[:-200], InvalidImage)],
    ids=["empty", "text", "half a jpeg", "too many bytes", "too long a side", "cut png"],
)  # fmt: skip
def test_a_refused_file_leaves_nothing(world, data, error):
    with pytest.raises(error):
        world.uploads.add(OWNER, io.BytesIO(data), "a.png")
    assert world.rows() == 0
    assert world.files() == []
    assert world.temporary_files() == []


def test_a_failure_while_storing_leaves_nothing(world, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(world.blobs, "put", fail)
    with pytest.raises(OSError, match="No space"):
        world.uploads.add(OWNER, picture(), "a.png")
    assert world.rows() == 0
    assert world.files() == []
    assert world.temporary_files() == []


def test_a_lost_race_removes_its_own_blobs_only(world, monkeypatch):
    first, _ = world.uploads.add(OWNER, picture(), "a.png")
    put, asked = world.uploads._put, []

    def put_late(sha256, *rest):
        asked.append(sha256)
        return put(sha256, *rest) if len(asked) > 1 else None

    monkeypatch.setattr(world.uploads, "_put", put_late)
    second, new = world.uploads.add(OWNER, picture(), "b.png")
    assert (second.id, new) == (first.id, False)
    assert sorted(world.files()) == sorted([first.original_key, first.thumbnail_key])


def test_pages_continue_where_the_last_one_ended(world):
    ids = [world.uploads.add(OWNER, picture(seed=n, size=(4, 4)), "a.png")[0].id for n in range(7)][::-1]
    seen, before = [], None
    while True:
        page, total = world.images.page(3, before)
        assert total == 7
        if not page:
            break
        seen += [image.id for image in page]
        before = page[-1].id
    assert seen == ids
    assert len(world.images.page(0)[0]) == 1
    with pytest.raises(ImageNotFound):
        world.images.page(3, "gone")
