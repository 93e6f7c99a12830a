"""A project to import into, and things to import."""

import json

import numpy as np

from server.config import Settings
from server.domain.masks import encode_rle
from server.domain.policy import OWNER
from server.features.annotations.service import Annotations
from server.features.images.uploads import Uploads
from server.features.projects.labels import Labels
from server.features.transfer.imports.files import folder_files
from server.features.transfer.imports.imports import Imports
from server.features.transfer.imports.jobs import Choices
from server.runtime.bus import Bus
from server.runtime.pools import Pools
from server.runtime.queue.eager import EagerQueue
from server.runtime.queue.handlers import Handlers
from server.runtime.queue.inprocess import InProcessQueue
from server.storage.access import Access
from server.storage.blobs import open_store
from server.storage.engine import Database
from server.storage.jobs import StoredJobs
from server.storage.rows import project_images
from server.storage.rows.jobs import IMPORT
from server.storage.rows.layers import common
from server.storage.rows.listing.filter import Filter
from server.storage.rows.listing.order import Order
from server.storage.tables import Project
from server.storage.unit_of_work import UnitsOfWork
from tests.answering import Answering


class World:
    def __init__(self, folder):
        self.folder = folder
        self.db = Database.open(f"sqlite:///{folder / 'samphire.db'}")
        self.pools = Pools(1, 2)
        settings = Settings(max_upload_mb=0.5, max_pixels=10_000, max_side=4000)
        bus, self.told = Bus(), []
        bus.listeners.append(lambda news: self.told.append(news.message))
        self.unit_of_work = UnitsOfWork(self.db, bus.publish)
        self.uploads = Uploads(settings, self.db, open_store(folder / "blobs"), self.pools, self.unit_of_work)
        self.queue, self.imports = self.new_imports()
        self.annotations = Answering(Annotations(self.db, self.pools, self.unit_of_work))
        self.labels = Answering(Labels(self.db, self.unit_of_work))
        with self.db.write() as session:
            session.add(Project(id="p", name="Project"))

    def new_imports(self, make_queue=InProcessQueue):
        """As another process has them: its queue is not started yet."""
        handlers = Handlers()
        queue = make_queue(StoredJobs(self.db), handlers)
        imports = Imports(
            self.folder / "imports",
            2_000_000,
            self.db,
            self.unit_of_work,
            self.uploads,
            self.pools,
            queue,
            Access(self.db),
        )
        imports.jobs = Answering(imports.jobs)
        handlers[IMPORT] = imports.handler
        return queue, imports

    def run(self, files, format_name=None, job=None, project="p", **choices):
        """Of files that are at hand, in a queue that does them at once."""
        jobs = self.imports.jobs
        _, imports = self.new_imports(EagerQueue)
        if job is None:
            job, stored = jobs.create(OWNER, project, "here", format_name, Choices(**choices))
        else:
            stored = jobs.begin_again(OWNER, job)
        imports.run(job, stored, files)
        return self.imports.jobs.get(project, job.id)

    def images(self):
        with self.db.read() as session:
            return {
                place.name: image.id
                for place, image in project_images.page(session, common("p"), Filter(), Order("added"), 1000)
            }

    def close(self):
        self.queue.close()
        self.uploads.close()
        self.pools.close()
        self.db.close()


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return folder_files(folder)


def figures(job):
    return {name: job[name] for name in ("state", "added", "known", "failed", "noted", "skipped", "objects")}


def coco(*names, label="dog", category=1, **more):
    mask = np.zeros((6, 8), bool)
    mask[1:4, 2:6] = True
    return {
        "images": [{"id": n, "file_name": name, "width": 8, "height": 6} for n, name in enumerate(names)],
        "categories": [{"id": 1, "name": label}],
        "annotations": [
            {"id": n, "image_id": n, "category_id": category, "segmentation": encode_rle(mask), **more}
            for n in range(len(names))
        ],
    }
