"""A data folder with images, their files and embeddings, in which somebody works."""

import hashlib

from server.storage.backup.taking import take
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.rows import project_images
from server.storage.tables import Embedding, Image


def nothing(_):
    """What hears of progress, and does not care."""


class Used:
    """A data folder in which somebody works."""

    def __init__(self, folder):
        self.folder = folder
        self.blobs = open_store(folder / "blobs")
        folder.mkdir()
        self.db = Database.open(f"sqlite:///{folder / 'samphire.db'}")

    @property
    def url(self):
        return f"sqlite:///{self.folder / 'samphire.db'}"

    def add(self, number, without=None):
        """An image with its files; another one goes in the same transaction."""
        data = b"%d" % number * 500
        keys = keys_of(number)
        self.blobs.put(keys[0], data)
        self.blobs.put(keys[1], b"small")
        self.blobs.put(keys[2], b"embedded")
        image = Image(
            id=f"i{number}", identity=hashlib.sha256(data).hexdigest(), name="a.png", width=4, height=3,
            format="PNG", bytes=len(data), original_key=keys[0], display_key=keys[0],
            display_type="image/png", thumbnail_key=keys[1],
        )  # fmt: skip
        with self.db.write() as session:
            session.add(image)
            session.flush()
            project_images.put(session, "default", image.id, f"{number}.png")
            session.add(
                Embedding(image_id=image.id, segmenter="s", weights="w", blob_key=keys[2], bytes=8, seconds=1)
            )
            if without is not None:
                session.delete(session.get(Image, f"i{without}"))
        if without is not None:
            self.blobs.delete(keys_of(without))

    def back_up(self, target, keep=0, tell=nothing):
        return take(self.url, self.blobs, self.folder, target, keep, tell)


def keys_of(number):
    folder = f"{number % 100:02}/i{number}"
    return [
        f"images/{folder}/original.png",
        f"images/{folder}/thumbnail.jpg",
        f"embeddings/{folder}/s.semb.zst",
    ]
