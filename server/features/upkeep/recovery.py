"""Makes images again of originals that the database does not know: it was lost, or is an older copy."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ...domain.policy import MACHINE
from ...errors import SamphireError
from ...runtime.pools import Pools
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.quarantine import Quarantine
from ...storage.rows import images as rows
from ...storage.rows import project_images
from ..pictures.bounds import Limits
from ..pictures.files import ImageFiles, new_image
from ..pictures.pixels import make_copies
from ..projects.service import Projects
from .janitor import blobs_in, bring_back, unknown_blobs

PROJECT = "Recovered"


@dataclass
class Outcome:
    """`images`: made again; `files`: brought back from quarantine, or mended; `problems`: (file, what is wrong)."""

    images: int = 0
    files: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


class Recovery:
    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        quarantine: Quarantine,
        projects: Projects,
        pools: Pools,
        limits: Limits,
    ) -> None:
        self._db, self._blobs, self._quarantine, self._projects = db, blobs, quarantine, projects
        self._files, self._limits = ImageFiles(blobs, pools), limits

    def run(self, tell: Callable[[int], None] = lambda done: None) -> Outcome:
        """Images keep their ids and go into a project of their own; names and annotations were in the database.
        `tell` is given how many originals were looked at."""
        outcome = Outcome(files=bring_back(self._db, self._blobs, self._quarantine))
        for number, (key, opened) in enumerate(
            sorted(self._originals().items(), key=lambda item: item[0]), start=1
        ):
            try:
                with opened as path:
                    self._try(key, path, outcome)
            except FileNotFoundError:
                outcome.problems.append((key, "The file is gone."))
            tell(number)
        return outcome

    def _originals(self) -> dict[str, AbstractContextManager[Path]]:
        """The originals that no image knows, as files, by key."""
        found = {key: nullcontext(path) for key, path in blobs_in(self._quarantine).items()}
        unknown = [each.key for each in unknown_blobs(self._db, self._blobs)]
        in_store = {key: self._blobs.local(key) for key in unknown}
        return {key: opened for key, opened in (found | in_store).items() if is_original(key)}

    def _try(self, key: str, path: Path, outcome: Outcome) -> None:
        try:
            self._recover(key, path, outcome)
        except SamphireError as error:
            outcome.problems.append((str(path), error.message))
        except OSError as error:
            outcome.problems.append((str(path), str(error.strerror or error)))

    def _recover(self, key: str, path: Path, outcome: Outcome) -> None:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        about = path.stat()
        with self._db.read() as session:
            known = rows.of_bytes(session, sha256)
        for each in known:
            if self._blobs.size(each.original_key) != each.bytes:
                self._files.mend(each, path)
                outcome.files += 1
        if known:
            return
        copies = make_copies(path, self._limits)
        image_id = key.split("/")[2]
        image = new_image(image_id, sha256, about.st_size, "", copies)
        image.name = f"{image_id}.{image.original_key.rpartition('.')[2]}"
        image.created_at = datetime.fromtimestamp(about.st_mtime, UTC)
        project_id = self._project()
        self._files.write(image, path, copies)
        with self._db.write() as session:
            session.add(image)
            session.flush()
            project_images.put(session, project_id, image.id, image.name)
        outcome.images += 1

    def _project(self) -> str:
        for each in self._projects.list(MACHINE):
            if each.name == PROJECT:
                return each.id
        return self._projects.create(MACHINE, {"name": PROJECT}).id


def is_original(key: str) -> bool:
    return key.startswith("images/") and key.rpartition("/")[2].startswith("original.")
