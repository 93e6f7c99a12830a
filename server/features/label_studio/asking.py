"""What a smart tool asks, put together: the labelling interface, where the image is, the prompt in pixels."""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import msgspec

from ...errors import BadRequest
from ..transfer.formats.source import Unreadable
from ..transfer.formats.streams.xml_stream import elements
from .schema import MOST_POINTS, Context, Drawn, Predict

_MOST_CONFIG_BYTES = 1_000_000
_POINTS, _BOXES = ("keypointlabels", "keypoint"), ("rectanglelabels", "rectangle")


class Interface(NamedTuple):
    """`brush`: name of the BrushLabels; `image`: of the Image they are for; `value`: the task's field with its
    address."""

    brush: str
    image: str
    value: str


def read_predict(body: bytes) -> Predict:
    """Raises BadRequest."""
    try:
        return msgspec.json.decode(body, type=Predict)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(
            f"This is not as Label Studio asks an ML backend. {error}", hint="See docs/other-programs.md."
        ) from None


def read_interface(config: str) -> Interface:
    """The first brush labels and the image that they are for. Raises BadRequest."""
    found = list(_elements(config))
    images = {each.get("name"): each for each in found if each.tag == "Image"}
    for brush in found:
        image = images.get(brush.get("toName", ""))
        if brush.tag in ("BrushLabels", "Brush") and image is not None:
            value = image.get("value", "")
            if not value.startswith("$"):
                raise BadRequest("The <Image> of the labelling interface names no field of the task.")
            return Interface(brush.get("name", ""), image.get("name", ""), value[1:])
    raise BadRequest(
        "The labelling interface has no <BrushLabels> for an <Image>.",
        hint="Add <BrushLabels> with the labels of the smart tool: masks are brush strokes.",
    )


def address_of(predict: Predict, interface: Interface) -> str:
    """Of the first task's image. Raises BadRequest."""
    address = predict.tasks[0].data.get(interface.value) if predict.tasks else None
    if not isinstance(address, str) or not address:
        raise BadRequest(f'The task has no image in "{interface.value}".')
    return address


def prompt_of(context: Context, width: int, height: int) -> tuple[dict[str, Any], str | None]:
    """{"points", "box"} in pixels, as a prediction takes them, and the label. Of several boxes the last counts. Raises
    BadRequest."""
    points: list[list[float]] = []
    box, label = None, None
    for drawn in context.result:
        x, y = drawn.value.x, drawn.value.y
        if x is None or y is None or drawn.type not in (*_POINTS, *_BOXES):
            continue
        if drawn.image_rotation % 360:
            raise BadRequest("The image is rotated in Label Studio.", hint="Turn it back, then try again.")
        left, top = x * width / 100, y * height / 100
        if drawn.type in _POINTS:
            points.append([left, top, 1 if drawn.is_positive else 0])
        else:
            right, bottom = left + drawn.value.width * width / 100, top + drawn.value.height * height / 100
            box = [left, top, right, bottom]
        label = _label(drawn) or label
    if not points and box is None:
        raise BadRequest("Nothing was drawn with a smart key point or rectangle.")
    return {"points": points[-MOST_POINTS:], "box": box}, label


def _label(drawn: Drawn) -> str | None:
    names = [*drawn.value.keypointlabels, *drawn.value.rectanglelabels]
    return names[0] if names else None


def _elements(config: str) -> Iterator[Element]:
    data = config.encode("utf-8", "replace")
    if len(data) > _MOST_CONFIG_BYTES:
        raise BadRequest("The labelling interface is too large.")
    try:
        for element, _ in elements(io.BytesIO(data), "Image", "BrushLabels", "Brush"):
            yield element
    except Unreadable as problem:
        raise BadRequest(f"The labelling interface cannot be read: {problem.found}.") from None
