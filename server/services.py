"""All services of one application: built by `server.app`, asked by routes, events and commands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from server.config import Settings
    from server.features.annotations.service import Annotations
    from server.features.embeddings.renewal import Renewal
    from server.features.embeddings.service import Embeddings
    from server.features.images.mask_pictures import MaskPictures
    from server.features.images.renderings import Renderings
    from server.features.images.service import Images
    from server.features.images.uploads import Uploads
    from server.features.pictures.files import ImageFiles
    from server.features.prediction.service import Prediction
    from server.features.projects.images import ProjectImages
    from server.features.projects.labels import Labels
    from server.features.projects.service import Projects
    from server.features.projects.trash import Trash
    from server.features.segmenters.pulls import Pulls
    from server.features.segmenters.service import Segmenters
    from server.features.transfer.exports.exports import Exports
    from server.features.transfer.imports.imports import Imports
    from server.features.upkeep.janitor import Janitor
    from server.features.upkeep.room import Room
    from server.inference.catalog import Catalog
    from server.runtime.notifier import Notifier
    from server.runtime.pools import Pools
    from server.runtime.queue.base import JobQueue
    from server.storage.blobs import BlobStore
    from server.storage.engine import Database
    from server.storage.quarantine import Quarantine


@dataclass
class Services:
    """Everything a request may call; built once by `server.app.build_services`."""

    settings: "Settings"
    db: "Database"
    blobs: "BlobStore"
    catalog: "Catalog"
    segmenters: "Segmenters"
    pulls: "Pulls"
    pools: "Pools"
    queue: "JobQueue"
    notifier: "Notifier"
    images: "Images"
    image_files: "ImageFiles"
    uploads: "Uploads"
    renderings: "Renderings"
    imports: "Imports"
    projects: "Projects"
    labels: "Labels"
    project_images: "ProjectImages"
    trash: "Trash"
    annotations: "Annotations"
    mask_pictures: "MaskPictures"
    exports: "Exports"
    embeddings: "Embeddings"
    prediction: "Prediction"
    renewal: "Renewal"
    janitor: "Janitor"
    room: "Room"
    quarantine: "Quarantine"

    @property
    def token(self) -> str:
        """The access token a browser must bring; empty when none is asked for."""
        return self.settings.token

    def close(self) -> None:
        """Take no more work and let go of the data folder."""
        self.janitor.stop()
        self.renewal.stop()
        self.imports.stop()
        self.pulls.stop()
        self.uploads.close()
        self.queue.close()
        self.pools.close()
        self.db.close()


def services() -> Services:
    """Those of the application that answers the present request."""
    return current_app.extensions["samphire"]
