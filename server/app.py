"""The factory: settings -> services -> routes -> sockets. The only place that knows all of them."""

import os
from typing import Any

from flask import Flask

from . import openapi, pages, paths, sockets
from .config import Settings
from .contract.json import default
from .features.accounts.administration import Administration
from .features.accounts.invitations import Invitations
from .features.accounts.limits import Limits
from .features.accounts.oidc.opening import open_identities
from .features.accounts.open_links import OpenLinks
from .features.accounts.passwords import Passwords
from .features.accounts.service import Accounts
from .features.accounts.tokens import ApiTokens
from .features.agreement.comparisons import Comparisons
from .features.agreement.consensus import CONSENSUS, Merging
from .features.agreement.service import AGREEMENT, Agreement
from .features.annotations.restoring import Restoring
from .features.annotations.service import Annotations
from .features.bundles.service import Bundles
from .features.comments.inbox import Inbox
from .features.comments.service import Comments
from .features.embeddings.renewal import RENEW, Renewal
from .features.embeddings.service import ENCODE, Embeddings
from .features.events.service import Events
from .features.history.service import History
from .features.images.direct import DirectUploads
from .features.images.mask_pictures import MaskPictures
from .features.images.renderings import Renderings
from .features.images.service import Images
from .features.images.uploads import Uploads
from .features.label_studio.fetching import TOKEN_VARIABLE, ImageSource
from .features.label_studio.service import LabelStudio
from .features.links import pace
from .features.links.cards import Cards
from .features.links.sandboxes import Sandboxes
from .features.links.service import Links
from .features.links.visits import Visits
from .features.live.service import Live
from .features.mask_runs.ahead import Ahead
from .features.mask_runs.making import MASKS, UNDO_MASKS
from .features.mask_runs.service import MaskRuns
from .features.members.service import Members
from .features.numbers.service import WorkNumbers
from .features.pictures.files import ImageFiles
from .features.prediction.scenes import Scenes
from .features.prediction.service import Prediction
from .features.projects.images import ProjectImages
from .features.projects.labels import Labels
from .features.projects.service import Projects
from .features.projects.trash import Trash
from .features.proposals.likeness import Likeness
from .features.proposals.runs import Runs
from .features.proposals.service import Proposals
from .features.segmenters.pulls import PULL, Offer, Pulls
from .features.segmenters.service import Segmenters
from .features.training.folders import Folders
from .features.training.gathering import Gathering
from .features.training.running import TRAIN, Trainer
from .features.training.service import Trainings
from .features.transfer.exports.exports import Exports
from .features.transfer.exports.preparing import EXPORT, Preparing
from .features.transfer.imports.imports import Imports
from .features.upkeep.janitor import Janitor
from .features.upkeep.room import Room
from .features.webhooks.delivering import WEBHOOK, Delivering
from .features.webhooks.service import Webhooks
from .features.work.assignments import Assignments
from .features.work.reviews import Reviews
from .inference.catalog import open_catalog
from .routes import ROUTES
from .runtime.bus import open_bus
from .runtime.duties import Duties
from .runtime.outside import Outside
from .runtime.peers import Peers, open_peers
from .runtime.pools import Pools
from .runtime.queue import QUEUES, MakeQueue
from .runtime.queue.handlers import Handlers
from .services import Services
from .storage.access import Access
from .storage.data_lock import id_of
from .storage.engine import REQUEST_PATIENCE_SECONDS
from .storage.jobs import StoredJobs
from .storage.leading import Leading
from .storage.moved import check_moved
from .storage.ownership import open_database, open_own
from .storage.private import make_folder
from .storage.quarantine import Quarantine
from .storage.rows.jobs import IMPORT
from .storage.unit_of_work import UnitsOfWork
from .web import acting, auth, clients, errors, headers, language, proxy, static
from .web.identity import Identity
from .web.operating import measuring, request_ids

MULTIPART_OVERHEAD_BYTES = 1_000_000


def build_services(
    settings: Settings,
    make_queue: MakeQueue | None = None,
    peers: Peers | None = None,
) -> Services:
    """Open the data folder and build what works on it, with others that do so at the same time, if any: see `DataLock`
    for who may."""
    folder, peers = settings.data_path, peers or Peers()
    make_folder(folder)
    check_moved(settings)
    db = open_database(settings)
    blobs = open_own(folder / "blobs", settings.bucket, db)
    pools = Pools(settings.decode_workers)
    files = ImageFiles(blobs, pools)
    handlers = Handlers()
    jobs = StoredJobs(db, shared=bool(settings.redis), changed=lambda: peers.mention("jobs"))
    queue = (make_queue or QUEUES[settings.jobs](settings.redis))(jobs, handlers)
    peers.hear("jobs", queue.look)
    events, access = Events(db), Access(db)
    bus = open_bus(peers.line, events.stored, events.lasts)
    unit_of_work = UnitsOfWork(db, bus.publish, bus.tell_inboxes)
    catalog = open_catalog(folder)
    segmenters = Segmenters(settings, catalog, pools)
    uploads = Uploads(settings, db, blobs, pools, unit_of_work)
    limits = Limits(peers)
    embeddings = Embeddings(segmenters, db, blobs, pools, queue, bus, limits)
    renewal = Renewal(segmenters, embeddings, db, queue)
    pulls = Pulls(folder, _offers, lambda: {spec.id for spec in segmenters.installed()}, queue)
    imports = Imports(
        folder / "imports", settings.max_import_bytes, db, unit_of_work, uploads, pools, queue, access
    )
    exports = Exports(folder / "exports", db, blobs, pools)
    preparing = Preparing(exports, queue)
    quarantine, agreement = Quarantine(folder / "quarantine"), Agreement(db, pools, queue)
    merging = Merging(db, pools, unit_of_work, queue, access)
    projects, labels = Projects(db, pools, segmenters, unit_of_work), Labels(db, unit_of_work)
    scenes = Scenes(segmenters, embeddings, files, pools)
    mask_runs = MaskRuns(db, pools, unit_of_work, queue, access, projects, segmenters, scenes)
    folders = Folders(folder / "trainings", db)
    gathering = Gathering(db, embeddings, blobs, files, pools, folders)
    trainer = Trainer(folder, db, access, segmenters, gathering, folders, pools, bus)
    passwords = Passwords(pools)
    accounts = Accounts(db, passwords, limits)
    outside = Outside(settings.own_networks)
    delivering = Delivering(db, outside, queue, bus, access)
    handlers.update(  # how jobs of each kind are done
        {
            ENCODE: embeddings.handler,
            RENEW: renewal.handler,
            IMPORT: imports.handler,
            EXPORT: preparing.handler,
            PULL: pulls.handler,
            AGREEMENT: agreement.handler,
            CONSENSUS: merging.handler,
            MASKS: mask_runs.handler,
            TRAIN: trainer.handler,
            UNDO_MASKS: mask_runs.undo_handler,
            WEBHOOK: delivering.handler,
        }
    )
    prediction = Prediction(settings, segmenters, embeddings, pools, peers)
    annotations, proposals = Annotations(db, pools, unit_of_work), Proposals(db)
    token = os.environ.get(TOKEN_VARIABLE)
    source = ImageSource(outside, settings.image_places, token, settings.max_upload_bytes)
    janitor = Janitor(db, blobs, quarantine, imports.spools, exports, folders, pools)
    ahead, likeness = Ahead(db, unit_of_work, queue, projects), Likeness(db, pools, alone=not settings.redis)
    leading = Leading(settings.database_url) if settings.redis else None
    return Services(
        settings=settings,
        db=db,
        blobs=blobs,
        catalog=catalog,
        segmenters=segmenters,
        pulls=pulls,
        pools=pools,
        handlers=handlers,
        queue=queue,
        bus=bus,
        peers=peers,
        duties=Duties([janitor, renewal, ahead, likeness, delivering], leading),
        accounts=accounts,
        api_tokens=ApiTokens(db, accounts),
        invitations=Invitations(db, passwords, accounts, limits),
        open_links=OpenLinks(db),
        administration=Administration(db, passwords, accounts),
        identities=open_identities(settings, db, accounts, limits),
        images=Images(db),
        image_files=files,
        uploads=uploads,
        direct_uploads=DirectUploads(uploads, blobs, pools, limits),
        renderings=Renderings(db, blobs, files, uploads.reader, embeddings, unit_of_work),
        imports=imports,
        projects=projects,
        labels=labels,
        project_images=ProjectImages(db, unit_of_work, embeddings.forget),
        trash=Trash(db, unit_of_work),
        assignments=Assignments(db, unit_of_work),
        reviews=Reviews(unit_of_work),
        comments=Comments(db, unit_of_work, limits),
        inbox=Inbox(db, bus.tell_inboxes),
        agreement=agreement,
        comparisons=Comparisons(db, pools),
        merging=merging,
        mask_runs=mask_runs,
        ahead=ahead,
        trainings=Trainings(
            db,
            pools,
            queue,
            projects,
            segmenters,
            embeddings,
            folders,
            lambda: [each.id for each in _offers()],
        ),
        trainer=trainer,
        likeness=likeness,
        events=events,
        history=History(db, annotations, Restoring(unit_of_work)),
        numbers=WorkNumbers(db),
        live=Live(shared=bus.is_shared),
        annotations=annotations,
        mask_pictures=MaskPictures(db, pools),
        exports=exports,
        preparing=preparing,
        embeddings=embeddings,
        bundles=Bundles(db, blobs, files, embeddings, annotations, labels, projects),
        prediction=prediction,
        proposals=proposals,
        proposal_runs=Runs(proposals, scenes, projects, pools, access, bus, peers.claims),
        label_studio=LabelStudio(db, pools, projects, uploads, prediction, source),
        renewal=renewal,
        janitor=janitor,
        quarantine=quarantine,
        room=Room(folder, db, settings.bucket),
        access=access,
        members=Members(db, accounts.tell, limits),
        links=Links(db, passwords, unit_of_work),
        visits=Visits(db, passwords, settings.max_sandboxes, limits),
        cards=Cards(db, pools, files, limits),
        sandboxes=Sandboxes(db, unit_of_work, blobs, pools, embeddings.forget, limits),
        outside=outside,
        webhooks=Webhooks(db, outside, delivering, limits),
        delivering=delivering,
    )


def _room(services: Services) -> object:
    """What a full disk could let go, for who may know how much all projects take."""
    return services.pools.compute(services.room.describe) if acting.actor().everywhere else None


def _offers() -> list[Offer]:
    from .modelkit.catalogue.offers import offers  # what surrounds it is none of the server's

    return [Offer(**each) for each in offers()]


def create_app(settings: Settings) -> Flask:
    """A Flask application; `app.extensions["samphire"]` is its Services, `["socketio"]` its SocketIO."""
    app = Flask(paths.PACKAGE, static_folder=None, template_folder=str(paths.TEMPLATES))
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes + MULTIPART_OVERHEAD_BYTES
    app.config["PROPAGATE_EXCEPTIONS"] = False
    provider: Any = app.json
    provider.sort_keys, provider.default = False, default
    services = build_services(settings, peers=open_peers(settings.redis, lambda: id_of(settings.data_path)))
    services.db.patience_seconds = REQUEST_PATIENCE_SECONDS
    app.extensions |= {
        "samphire": services,
        "samphire.settings": settings,
        "samphire.pools": services.pools,
        "samphire.access": services.access,
    }
    accounts, visits = services.accounts, services.visits
    identity = Identity(
        settings, accounts.of_sign_in, accounts.of_token, visits.of_cookie, services.access.is_member
    )
    app.extensions["samphire.identity"] = identity

    measuring.register(app)
    errors.register(app, lambda: _room(services))
    auth.register(app)
    acting.register(app)
    pace.register(app, Limits(services.peers))
    clients.register(app)
    headers.register(app)
    static.register(app)
    language.register(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(openapi.blueprint)
    for routes in ROUTES:
        app.register_blueprint(routes.blueprint)

    sockets.register(app, services)
    proxy.register(app, settings)
    request_ids.register(app, settings)
    return app
