"""All services of one application: built by `server.app`, asked by routes, events and commands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from .config import Settings
    from .features.accounts.administration import Administration
    from .features.accounts.invitations import Invitations
    from .features.accounts.oidc.service import Identities
    from .features.accounts.open_links import OpenLinks
    from .features.accounts.service import Accounts
    from .features.accounts.tokens import ApiTokens
    from .features.agreement.comparisons import Comparisons
    from .features.agreement.consensus import Merging
    from .features.agreement.service import Agreement
    from .features.annotations.service import Annotations
    from .features.bundles.service import Bundles
    from .features.comments.inbox import Inbox
    from .features.comments.service import Comments
    from .features.embeddings.renewal import Renewal
    from .features.embeddings.service import Embeddings
    from .features.events.service import Events
    from .features.history.service import History
    from .features.images.direct import DirectUploads
    from .features.images.mask_pictures import MaskPictures
    from .features.images.renderings import Renderings
    from .features.images.service import Images
    from .features.images.uploads import Uploads
    from .features.label_studio.service import LabelStudio
    from .features.links.cards import Cards
    from .features.links.sandboxes import Sandboxes
    from .features.links.service import Links
    from .features.links.visits import Visits
    from .features.live.service import Live
    from .features.mask_runs.ahead import Ahead
    from .features.mask_runs.service import MaskRuns
    from .features.members.service import Members
    from .features.numbers.service import WorkNumbers
    from .features.pictures.files import ImageFiles
    from .features.prediction.service import Prediction
    from .features.projects.images import ProjectImages
    from .features.projects.labels import Labels
    from .features.projects.service import Projects
    from .features.projects.trash import Trash
    from .features.proposals.likeness import Likeness
    from .features.proposals.runs import Runs
    from .features.proposals.service import Proposals
    from .features.segmenters.pulls import Pulls
    from .features.segmenters.service import Segmenters
    from .features.training.running import Trainer
    from .features.training.service import Trainings
    from .features.transfer.exports.exports import Exports
    from .features.transfer.exports.preparing import Preparing
    from .features.transfer.imports.imports import Imports
    from .features.upkeep.janitor import Janitor
    from .features.upkeep.room import Room
    from .features.webhooks.delivering import Delivering
    from .features.webhooks.service import Webhooks
    from .features.work.assignments import Assignments
    from .features.work.reviews import Reviews
    from .inference.catalog import Catalog
    from .runtime.bus import Bus
    from .runtime.duties import Duties
    from .runtime.outside import Outside
    from .runtime.peers import Peers
    from .runtime.pools import Pools
    from .runtime.queue.base import JobQueue
    from .runtime.queue.handlers import Handlers
    from .storage.access import Access
    from .storage.blobs import BlobStore
    from .storage.engine import Database
    from .storage.quarantine import Quarantine


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
    handlers: "Handlers"
    queue: "JobQueue"
    bus: "Bus"
    peers: "Peers"
    duties: "Duties"
    accounts: "Accounts"
    api_tokens: "ApiTokens"
    invitations: "Invitations"
    open_links: "OpenLinks"
    administration: "Administration"
    identities: "Identities | None"
    images: "Images"
    image_files: "ImageFiles"
    uploads: "Uploads"
    direct_uploads: "DirectUploads"
    renderings: "Renderings"
    imports: "Imports"
    projects: "Projects"
    labels: "Labels"
    project_images: "ProjectImages"
    trash: "Trash"
    assignments: "Assignments"
    reviews: "Reviews"
    comments: "Comments"
    inbox: "Inbox"
    agreement: "Agreement"
    comparisons: "Comparisons"
    merging: "Merging"
    mask_runs: "MaskRuns"
    ahead: "Ahead"
    trainings: "Trainings"
    trainer: "Trainer"
    likeness: "Likeness"
    events: "Events"
    history: "History"
    numbers: "WorkNumbers"
    live: "Live"
    annotations: "Annotations"
    mask_pictures: "MaskPictures"
    exports: "Exports"
    preparing: "Preparing"
    embeddings: "Embeddings"
    bundles: "Bundles"
    prediction: "Prediction"
    proposals: "Proposals"
    proposal_runs: "Runs"
    label_studio: "LabelStudio"
    renewal: "Renewal"
    janitor: "Janitor"
    room: "Room"
    quarantine: "Quarantine"
    access: "Access"
    members: "Members"
    links: "Links"
    visits: "Visits"
    cards: "Cards"
    sandboxes: "Sandboxes"
    outside: "Outside"
    webhooks: "Webhooks"
    delivering: "Delivering"
    stopping: bool = False  # told to stop, and still answering

    def close(self) -> None:
        """Take no more work and let go of the data folder."""
        self.duties.stop()
        self.queue.close()
        self.queue.abandon()
        self.bus.stop()
        self.peers.stop()
        self.uploads.close()
        self.outside.close()
        self.pools.close()
        self.db.close()


def services() -> Services:
    """Those of the application that answers the present request."""
    return current_app.extensions["samphire"]
