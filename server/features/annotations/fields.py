"""From what a client says of an annotation to values fit for the table.

Fields the server makes itself (area, bbox, times) and unknown ones are ignored: a client may send back what it
was given.
"""

from typing import Any

from msgspec import UNSET

from ...contract import parse, to_json
from ...domain.masks import check_rle, rle_area, rle_bbox
from ...errors import InvalidAnnotation
from .mask_schema import RLE
from .schema import CHANGEABLE, WRITABLE, AnnotationChange, NewAnnotation, Version, Writable

_LABEL = ("label_id", "label", "color")
_USUAL = {name: value for name, value in to_json(Writable(z=0)).items() if name != "z"}


def parse_new(data: Any) -> NewAnnotation:
    """`label_id` is that of a label of the project; else `label` and `color` say which one it is, or will be. Raises
    InvalidAnnotation, InvalidRLE."""
    new = parse(NewAnnotation, data, InvalidAnnotation)
    if not new.label_id:
        for name in ("label", "color"):
            if getattr(new, name) is UNSET:
                raise InvalidAnnotation(f'The annotation has no "{name}".')
    return new


def parse_change(data: Any) -> AnnotationChange:
    """Raises InvalidAnnotation, InvalidRLE."""
    change = parse(AnnotationChange, data, InvalidAnnotation)
    if change.color is UNSET and all(getattr(change, name) is UNSET for name in CHANGEABLE):
        raise InvalidAnnotation("Nothing is changed.", hint=f"Fields that can be: {', '.join(CHANGEABLE)}.")
    return change


def parse_version(value: Any) -> int:
    """Raises InvalidAnnotation."""
    return parse(Version, value, InvalidAnnotation)


def columns_of_new(new: NewAnnotation) -> dict[str, Any]:
    """As `columns`, with the usual values of what is not said; without `id` and `z` where they are not."""
    own = {name: value for name, value in (("id", new.id), ("z", new.z)) if value is not None}
    return _USUAL | columns(new) | own


def columns(said: NewAnnotation | AnnotationChange) -> dict[str, Any]:
    """Column values of the fields that were sent, without the mask; `label_id`, `label`, `color` identify the label."""
    every = ((name, getattr(said, name)) for name in (*_LABEL, *WRITABLE))
    values = {
        name: _USUAL.get(name) if value is None else value for name, value in every if value is not UNSET
    }
    if values.get("z", 0) is None:
        del values["z"]
    return to_json(values)


def measure(rle: RLE, width: int, height: int) -> dict[str, Any]:
    """The mask's values for the table. Raises InvalidRLE, or InvalidAnnotation for an empty mask."""
    mask = check_rle({"size": rle.size, "counts": rle.counts}, width, height)
    area = int(rle_area(mask))
    if area == 0:
        raise InvalidAnnotation("The mask is empty.", hint="Accept a mask that covers at least one pixel.")
    return {"rle_counts": rle.counts, "area": area, "bbox": [int(v) for v in rle_bbox(mask)]}
