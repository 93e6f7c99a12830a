"""The trash of a project: images that were removed from it, until they are restored, deleted for good or purged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from ...contract import parse
from ...domain.events import Kind
from ...domain.outside.ids import some_of
from ...domain.policy import Actor
from ...errors import BadRequest, ImageNotFound
from ...storage.engine import Database
from ...storage.rows import images as image_rows
from ...storage.rows import trash as rows
from ...storage.rows.finding import found_project
from ...storage.tables import Image, ProjectImage
from ...storage.unit_of_work import UnitsOfWork
from .images import PAGE_LIMIT
from .images_schema import NO_CHOICE, TrashChoice


@dataclass(frozen=True)
class TrashPage:
    """`next`: the id after which the following page begins; `total`: of all pages."""

    images: list[tuple[ProjectImage, Image]]
    next: str | None
    total: int


class Trash:
    def __init__(self, db: Database, unit_of_work: UnitsOfWork) -> None:
        self._db, self._unit_of_work = db, unit_of_work

    def page(self, project_id: str, limit: int, after: str | None = None) -> TrashPage:
        """What was removed last comes first. Raises ProjectNotFound; ImageNotFound for an `after` that is not there."""
        limit = max(1, min(limit, PAGE_LIMIT))
        with self._db.read() as session:
            found_project(session, project_id)
            last = None if not after else _found(session, project_id, after)
            found = rows.page(session, project_id, limit + 1, last)
            following = found[limit - 1][0].image_id if len(found) > limit else None
            return TrashPage(found[:limit], following, rows.total(session, project_id))

    def get(self, project_id: str, image_id: str) -> Image:
        """Raises ProjectNotFound, ImageNotFound."""
        with self._db.read() as session:
            found_project(session, project_id)
            _found(session, project_id, image_id)
            image = image_rows.find(session, image_id)
        if image is None:
            raise ImageNotFound()
        return image

    def restore(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> int:
        """{"ids"} or {"all": true}: how many came back. Raises ProjectNotFound, BadRequest."""
        return self._each(actor, project_id, data, rows.restore, "images:restored")

    def delete(self, actor: Actor, project_id: str, data: Mapping[str, Any]) -> int:
        """As `restore`, for good. Files that no project needs go to quarantine with the next cleaning."""
        return self._each(actor, project_id, data, rows.forget, "images:deleted")

    def _each(
        self,
        actor: Actor,
        project_id: str,
        data: Mapping[str, Any],
        perform: Callable[[Session, str, Sequence[str] | None], list[str]],
        told: Kind,
    ) -> int:
        choice = parse(TrashChoice, data, BadRequest)
        everything = choice.all is True
        if everything == (choice.ids is not UNSET):
            raise BadRequest(NO_CHOICE)
        ids = list(dict.fromkeys(choice.ids or ()))
        with self._unit_of_work(actor, reserved=True) as work:
            found_project(work.session, project_id)
            changed: list[str] = []
            for some in [None] if everything else some_of(ids):
                changed += perform(work.session, project_id, some)
            for some in some_of(changed):
                work.tell(told, project_id, {"images": some})
            return len(changed)


def _found(session: Session, project_id: str, image_id: str) -> ProjectImage:
    place = rows.find(session, project_id, image_id)
    if place is None:
        raise ImageNotFound()
    return place
