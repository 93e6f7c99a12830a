"""The use cases: each service owns its transactions, and knows nothing of HTTP or sockets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.config import Settings
    from server.inference.catalog import Catalog
    from server.jobs.base import JobQueue
    from server.jobs.pools import Pools
    from server.services.annotations import Annotations
    from server.services.embeddings import Embeddings
    from server.services.exports.exports import Exports
    from server.services.image_files import ImageFiles
    from server.services.images import Images
    from server.services.imports.imports import Imports
    from server.services.janitor import Janitor
    from server.services.mask_pictures import MaskPictures
    from server.services.notifier import Notifier
    from server.services.prediction import Prediction
    from server.services.projects.images import ProjectImages
    from server.services.projects.labels import Labels
    from server.services.projects.projects import Projects
    from server.services.projects.trash import Trash
    from server.services.pulls import Pulls
    from server.services.renderings import Renderings
    from server.services.renewal import Renewal
    from server.services.room import Room
    from server.services.segmenters import Segmenters
    from server.services.uploads import Uploads
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
