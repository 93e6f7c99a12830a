"""Whose objects of an image are compared, out of the database."""

import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from ...domain.agreement.comparing import COMMON, People
from ...domain.agreement.instances import Instance
from ...storage.rows import annotations
from ...storage.rows.agreement.figures import Finished, Layers
from ...storage.tables import Annotation
from .stored import VERSION


def drawn(session: Session, project_id: str, finished: Finished) -> People:
    """Objects of who is done with an image, the lowest first; with the common ones where it is gold."""
    layers = annotations.by_layer(session, project_id, [finished.image_id]).get(finished.image_id, {})
    people = {who: _instances(layers.get(who, [])) for who in finished.accounts}
    if finished.gold:
        people[COMMON] = _instances(layers.get(None, []))
    return people


def stamp(finished: Finished, layers: Layers) -> str:
    """Another one as soon as something was changed that is compared."""
    who: list[str | None] = [*finished.accounts, *([None] if finished.gold else [])]
    told = [VERSION, *((each, layers.get(each)) for each in who)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _instances(drawn: Iterable[Annotation]) -> list[Instance]:
    return [_instance(each) for each in drawn]


def _instance(each: Annotation) -> Instance:
    x, y, wide, high = each.bbox
    return Instance(each.id, each.label_id, each.rle_counts, (x, y, wide, high), each.area)
