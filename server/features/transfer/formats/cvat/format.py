"""CVAT's XML for images 1.1: label definitions with attributes and colours, and masks.

Objects are written as masks, which CVAT has since 2.3 and which hold holes and parts: runs along the rows of the box,
the first of zeros. Read are masks, polygons, boxes and ellipses; those of one group and label are one object.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from .. import shapes
from ..objects import DatasetImage, DatasetLabel, DatasetObject, Format, Piece
from ..streams.xml_stream import printable
from .file import OCCLUDED, read, recognises

FILE = "annotations.xml"
_INPUTS = {"text": "text", "number": "number", "choice": "select", "flag": "checkbox"}


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    yield _piece('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n')
    listed = "".join(map(_label, labels))
    yield _piece(
        f"<meta><task><name>Samphire</name><mode>annotation</mode><labels>{listed}</labels></task></meta>\n"
    )
    for number, image in enumerate(images):
        subset = f" subset={_quoted(image.split)}" if image.split else ""
        yield _piece(
            f'<image id="{number}" name={_quoted(image.file_name)}{subset} width="{image.width}" '
            f'height="{image.height}">\n'
        )
        for place, each in enumerate(image.objects):
            yield _piece(_mask(image, each, place))
        yield _piece("</image>\n")
    yield _piece("</annotations>\n")


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    return shapes.without(each, "score", "prompts")


def _mask(image: DatasetImage, each: DatasetObject, place: int) -> str:
    mask, left, top = shapes.pixels(each, image)
    flat = mask.reshape(-1)
    changes = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff(changes, prepend=0, append=len(flat)).tolist()
    rle = ", ".join(map(str, [0, *runs] if flat[0] else runs))
    given = "".join(
        f"<attribute name={_quoted(name)}>{_text(_value(value))}</attribute>"
        for name, value in each.attributes.items()
        if name != OCCLUDED
    )
    occluded = int(each.attributes.get(OCCLUDED) is True)
    rows, columns = mask.shape
    return (
        f'<mask label={_quoted(each.label)} source="manual" occluded="{occluded}" rle="{rle}" left="{left}" '
        f'top="{top}" width="{columns}" height="{rows}" z_order="{place}">{given}</mask>\n'
    )


def _label(label: DatasetLabel) -> str:
    color = f"<color>{label.color}</color>" if label.color else ""
    listed = "".join(map(_attribute, label.attributes))
    return f"<label><name>{_text(label.name)}</name>{color}<type>any</type><attributes>{listed}</attributes></label>"


def _attribute(one: dict[str, Any]) -> str:
    kind = _INPUTS.get(one.get("type", "text"), "text")
    choices = [str(choice) for choice in one.get("choices") or []]
    values = {"select": choices, "number": ["-1000000", "1000000", "1"], "checkbox": ["false", "true"]}.get(
        kind, [""]
    )
    default = values[0] if kind in ("select", "checkbox") and values else ""
    return (
        f"<attribute><name>{_text(str(one.get('name', '')))}</name><mutable>False</mutable>"
        f"<input_type>{kind}</input_type><default_value>{_text(default)}</default_value>"
        f"<values>{_text(chr(10).join(values))}</values></attribute>"
    )


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(text: str) -> str:
    return escape(printable(text))


def _quoted(text: str) -> str:
    return quoteattr(printable(text))


def _piece(text: str) -> Piece:
    return FILE, text.encode()


def _named(split: str | None) -> str:
    """Datumaro takes the name of the file for the split."""
    return f"{split}.xml" if split else FILE


FORMAT = Format(
    "CVAT XML for images 1.1",
    "application/xml",
    "xml",
    write,
    read,
    losses,
    recognises,
    named=_named,
)
