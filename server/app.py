"""The factory: settings -> services -> routes -> sockets. The only place that knows all of them."""

from pathlib import Path

from flask import Flask

from server import paths
from server.config import Settings, with_token
from server.inference.catalog import open_catalog
from server.jobs.inprocess import InProcessQueue
from server.jobs.pools import Pools
from server.services import Services
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
from server.services.pulls import Offer, Pulls
from server.services.renderings import Renderings
from server.services.renewal import Renewal
from server.services.room import Room
from server.services.segmenters import Segmenters
from server.services.uploads import Uploads
from server.storage.blobs import open_store
from server.storage.engine import REQUEST_PATIENCE_SECONDS, Database
from server.storage.quarantine import Quarantine
from server.storage.reserve import Reserve
from server.web import auth, clients, errors, headers, language, openapi, pages, proxy, sockets, static
from server.web.api import BLUEPRINTS

MULTIPART_OVERHEAD_BYTES = 1_000_000


def database_path(settings: Settings) -> Path:
    return settings.data_path / "samphire.db"


def build_services(settings: Settings) -> Services:
    """Open the data folder and build what works on it. One process at a time may do so: see `DataLock`."""
    folder = settings.data_path
    folder.mkdir(parents=True, exist_ok=True)
    db = Database.open(f"sqlite:///{database_path(settings)}", Reserve(folder / "reserve"))
    blobs = open_store(folder / "blobs")
    pools = Pools(settings.decode_workers)
    files = ImageFiles(blobs, pools)
    queue = InProcessQueue()
    notifier = Notifier()
    catalog = open_catalog(folder)
    segmenters = Segmenters(settings, catalog, pools)
    uploads = Uploads(settings, db, blobs, pools)
    embeddings = Embeddings(segmenters, db, blobs, pools, queue, notifier)
    imports = Imports(folder / "imports", settings.max_import_bytes, db, uploads, pools)
    exports = Exports(folder / "exports", db, blobs, pools)
    quarantine = Quarantine(folder / "quarantine")
    return Services(
        settings=settings,
        db=db,
        blobs=blobs,
        catalog=catalog,
        segmenters=segmenters,
        pulls=Pulls(folder, _offers, lambda: {spec.id for spec in segmenters.installed()}),
        pools=pools,
        queue=queue,
        notifier=notifier,
        images=Images(db),
        image_files=files,
        uploads=uploads,
        renderings=Renderings(db, blobs, files, uploads.reader, embeddings, notifier),
        imports=imports,
        projects=Projects(db, pools, segmenters),
        labels=Labels(db),
        project_images=ProjectImages(db, notifier, embeddings.forget),
        trash=Trash(db),
        annotations=Annotations(db, pools, notifier),
        mask_pictures=MaskPictures(db, pools),
        exports=exports,
        embeddings=embeddings,
        prediction=Prediction(settings, segmenters, embeddings, pools),
        renewal=Renewal(segmenters, embeddings, db),
        janitor=Janitor(db, blobs, quarantine, imports.spools, exports, pools),
        quarantine=quarantine,
        room=Room(folder, db),
    )


def _offers() -> list[Offer]:
    from server.catalogue.offers import offers  # what surrounds it is none of the server's

    return [Offer(**each) for each in offers()]


def create_app(settings: Settings) -> Flask:
    """A Flask application; `app.extensions["samphire"]` is its Services, `["socketio"]` its SocketIO."""
    settings = with_token(settings)
    app = Flask("server", static_folder=None, template_folder=str(paths.TEMPLATES))
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes + MULTIPART_OVERHEAD_BYTES
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    services = build_services(settings)
    services.db.patience_seconds = REQUEST_PATIENCE_SECONDS
    app.extensions["samphire"] = services

    errors.register(app)
    auth.register(app)
    clients.register(app)
    headers.register(app)
    static.register(app)
    language.register(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(openapi.blueprint)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    sockets.register(app, services)
    proxy.register(app, settings)
    return app
