"""The images of one import: each put into the project as it comes, or stored first and put there when all can be."""

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

from ....domain.policy import Actor
from ....errors import Forbidden, ProjectNotFound, SamphireError
from ....runtime.greenlets import Pool
from ....runtime.pools import Pools
from ....storage.engine import Database
from ....storage.rows import imports as rows
from ....storage.rows.finding import found_project
from ....storage.tables import ImportJob
from ....storage.unit_of_work import UnitsOfWork
from ...images.uploads import Received, Uploads
from ..formats.objects import FileProblem
from .files import Member
from .recorder import Recorder

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_AT_ONCE = 4  # images; at most two of them are decoded at once
_PLACED_AT_ONCE = 200
Size = tuple[int, int]  # width, height
Store = Callable[[Received, str], None]


class Pictures:
    """`check` raises Forbidden once whoever imports may not any more, and is asked before anything comes into the
    project. `failed`: how many could not be stored, or are not as the objects on them want them."""

    def __init__(
        self,
        actor: Actor,
        db: Database,
        unit_of_work: UnitsOfWork,
        uploads: Uploads,
        pools: Pools,
        job: ImportJob,
        recorder: Recorder,
        check: Callable[[], None],
    ) -> None:
        self._actor, self._db, self._unit_of_work = actor, db, unit_of_work
        self._uploads, self._pools = uploads, pools
        self._job, self._recorder, self._check = job, recorder, check
        self._stopped: list[Exception] = []
        self.failed = 0

    def add(self, members: Iterator[Member], wanted: Callable[[str], bool]) -> int:
        """Into the project at once; how many files were met that are images, or should be."""

        def keep(received: Received, name: str) -> None:
            self._check()
            image, new = self._uploads.keep(
                self._actor, received, name, self._job.project_id, with_folders=True
            )
            self._recorder.file(name, rows.ADDED if new else rows.KNOWN, image_id=image.id)

        return self._each(members, wanted, keep)

    def stage(self, members: Iterator[Member], wanted: Mapping[str, set[Size]]) -> None:
        """Stored, and in no project yet. `wanted`: by name the sizes that objects have, in pixels."""

        def stage(received: Received, name: str) -> None:
            self._check()
            image = self._uploads.stage(received, name, self._job.project_id)
            self._recorder.file(name, rows.CHECKED, image_id=image.id)
            for size in wanted[name] - {(image.width, image.height)}:
                self.failed += 1
                self._recorder.problem(other_size(name, size, (image.width, image.height)))

        self._each(members, wanted.__contains__, stage)
        self._recorder.flush()

    def place(self) -> None:
        """What is staged into the project. Two files that hold the same image are told: it is one image there."""
        first: dict[str, str] = {}
        with self._db.read() as session:
            for name, image_id in rows.names_of_images(session, self._job.id):
                first.setdefault(image_id, name)
        while True:
            self._check()
            with self._unit_of_work(self._actor) as work:
                found_project(work.session, self._job.project_id)
                staged = rows.checked(work.session, self._job.id, _PLACED_AT_ONCE)
                added: list[str] = []
                for file in staged:
                    assert file.image_id is not None
                    new = self._uploads.place(work.session, self._job.project_id, file.image_id, file.name)
                    file.status = rows.ADDED if new else rows.KNOWN
                    added += [file.image_id] if new else []
                if added:
                    work.tell("images:added", self._job.project_id, {"images": added})
                again = [(file.name, first[file.image_id or ""]) for file in staged]
            for name, other in again:
                if name != other:
                    same = f"the same image as {other}: the project has it once, with the objects of both"
                    self._recorder.problem(FileProblem(name, "", same, "", note=True))
            if not staged:
                return

    def drop(self) -> None:
        """Forget what is staged."""
        while True:
            with self._db.write(reserved=True) as session:
                staged = rows.checked(session, self._job.id, _PLACED_AT_ONCE)
                image_ids = [file.image_id for file in staged if file.image_id]
                for file in staged:
                    session.delete(file)
            if not staged:
                return
            self._uploads.drop(image_ids)

    def _each(self, members: Iterator[Member], wanted: Callable[[str], bool], store: Store) -> int:
        pool, met = Pool(_AT_ONCE), 0
        try:
            while not self._stopped and (member := self._pools.read_files(_following, members)) is not None:
                settled = member.name in self._recorder.settled
                if not wanted(member.name) and (member.problem is None or self._job.format is not None):
                    if not settled:
                        status = rows.SKIPPED if member.problem is None else rows.NOTED
                        self._recorder.file(member.name, status, member.problem)
                    continue
                met += 1
                if member.problem is not None:
                    self._fail(member.name, member.problem)
                elif not settled:
                    self._receive(member, pool, store)
        finally:
            pool.join()
        if self._stopped:
            raise self._stopped[0]
        return met

    def _receive(self, member: Member, pool: Pool, store: Store) -> None:
        """Its bytes are taken in before the next member is met; what is made of them may take longer."""
        receiving = ExitStack()
        try:
            stream = receiving.enter_context(self._pools.read_files(member.open))
            received = receiving.enter_context(self._uploads.receive(stream))
        except (SamphireError, OSError) as error:
            receiving.close()
            self._caught(member.name, error)
            return

        def work() -> None:
            with receiving:
                try:
                    store(received, member.name)
                except Exception as error:
                    self._caught(member.name, error)

        pool.spawn(work)

    def _caught(self, name: str, error: Exception) -> None:
        """Report the failure of one file and go on with the others, unless all would fail."""
        if isinstance(error, Forbidden | ProjectNotFound):
            self._stopped.append(error)
        elif isinstance(error, SamphireError) and error.status < 500:
            self._fail(name, error.message)
        elif isinstance(error, OSError) and error.errno not in DISK_FULL:
            self._fail(name, f"This file cannot be read ({error.strerror or error}).")
        else:
            self._stopped.append(error)

    def _fail(self, name: str, message: str) -> None:
        self.failed += 1
        self._recorder.file(name, rows.FAILED, message)


def other_size(name: str, objects: Size, image: Size) -> FileProblem:
    """Objects that were drawn on an image of another size."""
    return FileProblem(
        name,
        "",
        f"objects drawn on {objects[0]} x {objects[1]} pixels",
        f"the size of the image, {image[0]} x {image[1]}",
    )


def _following(members: Iterator[Member]) -> Member | None:
    return next(members, None)
