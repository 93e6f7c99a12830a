"""`samphire doctor --free`: lets go of what `features.upkeep.room` counts."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from ...services import Services
from ...storage.rows import embeddings, imports


def let_go(services: Services, what: str) -> None:
    """Free what `what` names; only while nothing else uses the data folder."""
    folder = services.settings.data_path
    if what == "exports":
        _unlink(services.exports.files())
    elif what == "imports":
        with services.db.write(reserved=True) as session:
            waiting = imports.spools_of_unfinished(session)
            imports.forget_spools(session, list(waiting))
        _unlink(folder / "imports" / spool for spool in waiting.values())
    elif what == "downloads":
        shutil.rmtree(folder / "downloads", ignore_errors=True)
    elif what == "embeddings":
        with services.db.write(reserved=True) as session:
            keys = embeddings.remove_all(session)
        services.blobs.delete(keys)
    elif what == "deleted":
        services.janitor.forget_deleted()
    else:
        services.quarantine.empty()


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
