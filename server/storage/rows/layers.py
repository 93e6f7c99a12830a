"""Who sees what where annotators do not see each other's work: it is decided here, for a row and for a query.

An image is independent when its project has several annotators per image, or when it is gold. There an annotator makes
and sees the objects of a layer of their own; everybody else the common ones, of no layer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session, aliased

from ...domain.outside.ids import some_of
from ...domain.policy import ROLES, Actor, Role
from ...domain.visits import Visit
from ...errors import ProjectNotFound
from ..portable import has_part, words
from ..tables import Annotation, Assignment, Event, Project, ProjectImage
from . import members
from .visits import reach

OTHERS = (
    "*"  # audience of an event: everybody but annotators. An account's id: that account. None: everybody.
)
_ANNOTATOR, _REVIEWER, _MANAGER = (ROLES.index(each) for each in ("annotator", "reviewer", "manager"))
_OF_MANY = ("images:changed", "assignments:changed")  # work on images, told of many at once
_OWN_KINDS = ("annotation:changed", "annotation:deleted", "image:changed", "images:changed")


def annotators_per_image(project: Project) -> int:
    return project.settings.get("annotators_per_image", 1)


def is_independent(project: Project, place: ProjectImage) -> bool:
    return annotators_per_image(project) > 1 or place.gold


@dataclass(frozen=True)
class Sight:
    """How somebody sees a project. `alone`: the account of an annotator, who sees nobody else's work on independent
    images; None: of anybody else. `rank`: of the role. `several`: whether every image is independent; else gold ones
    are. `visit`: of a visitor."""

    project_id: str
    rank: int
    alone: str | None = None
    several: bool = False
    visit: Visit | None = None

    @property
    def role(self) -> Role:
        return ROLES[self.rank]

    @property
    def reviews(self) -> bool:
        """Whether they may look into layers."""
        return self.rank >= _REVIEWER

    @property
    def manages(self) -> bool:
        """Whether they know which images are gold."""
        return self.rank >= _MANAGER

    def hides(self, place: ProjectImage) -> bool:
        """Whether others' work on the image is none of theirs."""
        return self.alone is not None and (self.several or place.gold)

    def layer(self, place: ProjectImage) -> str | None:
        """Where they see and make objects of the image."""
        return self.alone if self.hides(place) else None

    def sees(self, place: ProjectImage, layer: str | None) -> bool:
        """Whether they may ask for what a layer of the image holds; None: for the common objects."""
        return self.shows(place) and (layer == self.layer(place) or (layer is not None and self.reviews))

    def shows(self, place: ProjectImage) -> bool:
        """Whether the image is there for them."""
        visit = self.visit
        if visit is None:
            return True
        return visit.image_id in (None, place.image_id) and not (visit.is_unseen and place.gold)

    def places(self) -> ColumnElement[bool]:
        """Of a query of a project's images: those that are there for them."""
        return true() if self.visit is None else reach.places(self.visit)

    def changes(self, place: ProjectImage, annotation: Annotation, actor: Actor) -> bool:
        """Of one that they see."""
        return annotation.layer in (self.layer(place), actor.account)

    def annotations(self) -> ColumnElement[bool]:
        """Of a query of annotations: those they see where they ask for no layer."""
        return self._either(Annotation.image_id, Annotation.layer == self.alone, Annotation.layer.is_(None))

    def assignments(self) -> ColumnElement[bool]:
        """Of a query of assignments. Whose images are to work on is the team's to know."""
        if self.visit is not None:
            return false()
        return self._either(Assignment.image_id, Assignment.account_id == self.alone, true())

    def state(self) -> ColumnElement[str]:
        """Of a query of a project's images: how far each is, to them."""
        if self.alone is None:
            return ProjectImage.state.expression
        own = select(Assignment.state).where(same_image(), Assignment.account_id == self.alone)
        begun = exists().where(
            Annotation.project_id == ProjectImage.project_id,
            Annotation.image_id == ProjectImage.image_id,
            Annotation.layer == self.alone,
        )
        said = own.correlate(ProjectImage).scalar_subquery()
        state = func.coalesce(said, case((begun, "in_progress"), else_="new"))
        if not self.several:
            return case((ProjectImage.gold, state), else_=ProjectImage.state)
        accepted = and_(ProjectImage.state == "accepted", ~ProjectImage.gold, said == "done")
        return case((accepted, "accepted"), else_=state)

    def events(self) -> ColumnElement[bool]:
        """Of a query of events: those they are told. What was told to all of an image that is independent now is not
        for annotators any more, but for how it is shown."""
        if self.visit is not None:
            return reach.events(self.visit, OTHERS)
        if self.alone is None:
            return or_(Event.audience.is_(None), Event.audience == OTHERS)
        common = Event.audience.is_(None)
        shown = (Event.kind == "image:changed") & has_part(cast(Event.payload, Text), '"rendering"')
        hidden, among = true(), true()
        if not self.several:
            gold = gold_of(self.project_id)
            each = words(Event.payload["images"])
            hidden = Event.image_id.in_(gold)
            among = exists(select(each.c.value).where(each.c.value.in_(gold)).correlate(Event))
        of_one = Event.image_id.is_not(None) & hidden & ~shown
        of_many = Event.kind.in_(_OF_MANY) & among
        return or_(common & ~of_one & ~of_many, Event.audience == self.alone)

    def history(self) -> ColumnElement[bool]:
        """Of a query of events: those that a history shows them. What is told twice, to one annotator and to all
        others, it shows once."""
        if not self.reviews:
            return self.events()
        own = Event.kind.in_(_OWN_KINDS) & Event.payload["follows"].as_boolean().is_(None)
        return or_(Event.audience.is_(None), Event.audience == OTHERS, own)

    def _either(
        self, image_id: SQLColumnExpression[str], own: ColumnElement[bool], common: ColumnElement[bool]
    ) -> ColumnElement[bool]:
        """The one on independent images, the other elsewhere."""
        if self.alone is None:
            return common
        if self.several:
            return own
        return case((image_id.in_(gold_of(self.project_id)), own), else_=common)


def sight_of(session: Session, actor: Actor, project: Project) -> Sight:
    """Raises ProjectNotFound for who has no role in the project, perhaps since a moment ago."""
    if actor.everywhere:
        return sight_with(actor, project, None)
    if actor.visit is not None:
        return sight_with(actor, project, actor.visit.role if actor.visit.project_id == project.id else None)
    return sight_with(actor, project, members.role_in(session, actor.id, project.id))


def sight_with(actor: Actor, project: Project, role: Role | None) -> Sight:
    """As `sight_of`, where the actor's role in the project is known; None: none."""
    several = annotators_per_image(project) > 1
    if actor.everywhere:
        return Sight(project.id, len(ROLES) - 1, several=several)
    if role is None:
        raise ProjectNotFound()
    rank = ROLES.index(role)
    if actor.visit is not None:
        return Sight(project.id, rank, several=several, visit=actor.visit)
    return Sight(project.id, rank, actor.id if rank == _ANNOTATOR else None, several)


def plainly(session: Session, sight: Sight) -> Sight:
    """The same to queries of images, of their objects and of whose they are: where no image is independent, an
    annotator sees what others see."""
    if sight.alone is None or sight.several or session.scalar(gold_of(sight.project_id).limit(1)) is not None:
        return sight
    return replace(sight, alone=None)


def common(project_id: str) -> Sight:
    """That of the server itself: the common objects."""
    return Sight(project_id, len(ROLES) - 1)


def audience(project: Project, place: ProjectImage, layer: str | None) -> str | None:
    """To whom it is told that objects of a layer, or the common ones, changed."""
    return layer or (OTHERS if is_independent(project, place) else None)


def gold_of(project_id: str) -> Select[str]:
    """Ids of the gold images of a project."""
    return select(ProjectImage.image_id).where(ProjectImage.project_id == project_id, ProjectImage.gold)


def independent_row(
    project_id: SQLColumnExpression[str], image_id: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Of a query of rows about images: whether theirs is independent."""
    place, project = aliased(ProjectImage), aliased(Project)
    several = func.coalesce(project.settings["annotators_per_image"].as_integer(), 1) > 1
    return exists().where(
        place.project_id == project_id,
        place.image_id == image_id,
        project.id == place.project_id,
        or_(place.gold, several),
    )


def independent_of(session: Session, project: Project, image_ids: Sequence[str]) -> set[str]:
    """Those of these images that are independent."""
    if annotators_per_image(project) > 1:
        return set(image_ids)
    found: set[str] = set()
    for some in some_of(image_ids):
        found |= set(session.scalars(gold_of(project.id).where(ProjectImage.image_id.in_(some))))
    return found


def has_gold(session: Session, project: Project) -> bool:
    """Whether some images are independent and others are not."""
    return annotators_per_image(project) == 1 and session.scalar(gold_of(project.id).limit(1)) is not None


def with_gold(session: Session, project_ids: Sequence[str]) -> set[str]:
    """Those of these projects that have gold images."""
    gold = exists().where(ProjectImage.project_id == Project.id, ProjectImage.gold)
    return set(session.scalars(select(Project.id).where(Project.id.in_(project_ids), gold)))


def set_gold(session: Session, project_id: str, image_ids: Sequence[str], gold: bool) -> list[str]:
    """Those of these that were not so before."""
    which = ProjectImage.removed_at.is_(None) & (ProjectImage.gold != gold)
    query = (
        update(ProjectImage)
        .where(ProjectImage.project_id == project_id, ProjectImage.image_id.in_(image_ids), which)
        .values(gold=gold)
        .returning(ProjectImage.image_id)
    )
    return list(session.scalars(query))


def same_image() -> ColumnElement[bool]:
    """Joins assignments with images of projects."""
    return (Assignment.project_id == ProjectImage.project_id) & (Assignment.image_id == ProjectImage.image_id)
