"""What another exporter's mask decoder is asked with and what it answers, read off its graph and a few runs.

The reference interface is `onnx.py` of the reference code; SAM 2's exporters write the same without orig_im_size and
with two finer feature maps; transformers' (for transformers.js) under other names, with one axis more and the image's
positional encoding as an input; HQ-SAM's with the features of early layers. Wrapping is `decoder.py`'s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnx import ModelProto, helper, numpy_helper

from ...domain.frames import INPUT_SIDE, LOW_RES_SIDE
from ...errors import UnsupportedSegmenter
from .graph import element, opset, read_instead, real_inputs, run, said, shape

MASKS = 4
SIDE = LOW_RES_SIDE
_CALLED = {
    "input_points": "point_coords",
    "input_labels": "point_labels",
}  # by transformers: by the reference
POSITIONS = "image_positional_embeddings"  # an input of transformers' decoders that no image changes
_PROMPT = ("point_coords", "point_labels")
_OPTIONAL = ("mask_input", "has_mask_input", "orig_im_size")
_NO_LABEL = 5  # means nothing to any SAM


@dataclass(frozen=True)
class Map:
    """One tensor of an embedding as a decoder takes it: (1, channels, grid, grid).

    `layers`: 0, or how many layers' features, (layers, 1, grid, grid, channels), of which the first is used.
    """

    grid: int
    channels: int
    layers: int = 0

    @property
    def planes(self) -> list[int]:
        return [1, self.channels, self.grid, self.grid]

    @property
    def dims(self) -> list[int]:
        """As the exporter's input has it."""
        return [self.layers, 1, self.grid, self.grid, self.channels] if self.layers else self.planes


MAPS = {  # our tensor: how an exporter's input is recognised, whatever it is called
    "image_tokens": Map(64, 256),
    "half_features": Map(128, 64),
    "full_features": Map(256, 32),
}
EARLY_FEATURES = "early_features"  # HQ-SAM's: as many channels as its encoder is wide
USUAL_NAMES = {  # where every dimension is symbolic
    "image_tokens": ("image_embeddings", "image_embed", "embeddings", "image_features"),
    "half_features": ("high_res_feats_1",),
    "full_features": ("high_res_feats_0",),
    EARLY_FEATURES: ("interm_embeddings",),
}


@dataclass(frozen=True)
class Interface:
    """What a decoder is asked with and what it answers."""

    maps: dict[str, Map]  # our tensor -> its shape
    names: dict[str, str]  # our tensor -> its input
    inputs: dict[str, int]  # every input -> TensorProto type
    logits: str  # output (1, k, 256, 256), or with one axis of 1 more
    iou: str  # output (1, k), or with one axis of 1 more
    masks: int  # k
    resized: bool  # its masks come at the size asked for: 256x256 is asked for
    nested: bool  # points are (1, 1, n, 2): those of one object among several
    pads: bool  # it adds the padding point itself
    boxes: bool  # it knows the labels of a box's corners

    def told(self) -> str:
        """For people."""
        size = ", read from its full-size masks" if self.resized else ""
        boxes = "" if self.boxes else ", takes a box as a click in its middle"
        fed_back = "" if "mask_input" in self.inputs else ", takes no mask back"
        return f"{self.masks} mask{'s' if self.masks > 1 else ''}{size}{boxes}{fed_back}"


def speak_reference(model: ModelProto, encoder: Path) -> None:
    """Have a transformers decoder's inputs called as the reference's, in place, and its positional encoding inside.

    That is an output of its encoder, the same for every image. Raises UnsupportedSegmenter.
    """
    for one in model.graph.input:
        if one.name in _CALLED:
            read_instead(model.graph, one.name, _CALLED[one.name])
            one.name = _CALLED[one.name]
    positions = next((one for one in real_inputs(model.graph) if one.name == POSITIONS), None)
    if positions is not None:
        encoding = _positional_encoding(encoder).astype(helper.tensor_dtype_to_np_dtype(element(positions)))
        model.graph.input.remove(positions)
        model.graph.initializer.append(numpy_helper.from_array(encoding, POSITIONS))


def _positional_encoding(encoder: Path) -> np.ndarray:
    """(1, 256, 64, 64)"""
    pictures = (
        np.zeros((1, 3, INPUT_SIDE, INPUT_SIDE), np.float32),
        np.ones((1, 3, INPUT_SIDE, INPUT_SIDE), np.float32),
    )
    answers = [run(encoder, [picture]) for picture in pictures]
    if not all(POSITIONS in answer for answer in answers):
        raise UnsupportedSegmenter(f"The decoder wants {POSITIONS}, which the encoder does not give.")
    one, other = (answer[POSITIONS] for answer in answers)
    if one.shape != (1, 256, 64, 64) or not np.array_equal(one, other):
        raise UnsupportedSegmenter(f"The encoder's {POSITIONS} is not one constant of 256x64x64.")
    return one


def interface(model: ModelProto) -> Interface:
    """Found by names, shapes and a few runs. Raises UnsupportedSegmenter when it is no decoder of SAM's kind."""
    opset(model)
    inputs = {one.name: one for one in real_inputs(model.graph)}
    missing = [name for name in _PROMPT if name not in inputs]
    if missing:
        raise UnsupportedSegmenter(
            f"This decoder has no input {' and no input '.join(missing)}; it takes {', '.join(inputs) or 'nothing'}."
        )
    maps: dict[str, Map] = {}
    names: dict[str, str] = {}
    for name, value in inputs.items():
        if name not in (*_PROMPT, *_OPTIONAL):
            tensor, found = _map_of(name, shape(value), maps)
            maps[tensor], names[tensor] = found, name
    if "image_tokens" not in maps or ("half_features" in maps) != ("full_features" in maps):
        raise UnsupportedSegmenter(
            f"This decoder reads {', '.join(names.values()) or 'no image'}: not what a SAM's does."
        )
    points = shape(inputs["point_coords"])
    nested = len(points) == 4
    if len(points) not in (3, 4) or points[-2] is not None or points[-1] not in (2, None):
        raise UnsupportedSegmenter(
            f"This decoder takes points as {said(points)}; SAM's take any number, as 1x?x2.",
            hint="Export it again with a dynamic number of points.",
        )
    types = {name: element(value) for name, value in inputs.items()}
    asking = _Asking(model, types, {names[tensor]: found for tensor, found in maps.items()}, nested)
    answer = asking.ask(1)
    logits, masks = _logits({name: value.shape for name, value in answer.items()})
    _check_layers(asking, maps, names, logits)
    return Interface(
        maps=maps, names=names, inputs=types, logits=logits, masks=masks,
        iou=_scores({name: value.shape for name, value in answer.items()}, masks),
        resized=logits in ("masks", "pred_masks") and "orig_im_size" in types,
        nested=nested, pads=nested or "full_features" in maps, boxes=asking.knows_corners(logits),
    )  # fmt: skip


class _Asking:
    """A decoder and inputs of the right shapes: two points, and features that are the same each time."""

    def __init__(
        self, model: ModelProto, types: Mapping[str, int], maps: Mapping[str, Map], nested: bool
    ) -> None:
        self._model, self._types, self._nested = model, types, nested
        random = np.random.default_rng(1)
        self.features = {name: random.normal(0, 0.1, found.dims) for name, found in maps.items()}

    def ask(self, *labels: float, features: Mapping[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
        """Output -> its value for points of these labels, and one of padding. Raises UnsupportedSegmenter."""
        axes = (1, 1) if self._nested else (1,)
        count = len(labels) + 1
        spread = np.linspace(300, 700, 2 * count)
        values = {
            "point_coords": spread.reshape(*axes, count, 2),
            "point_labels": np.array([*labels, -1]).reshape(*axes, count),
            "mask_input": np.zeros((1, 1, SIDE, SIDE)), "has_mask_input": np.zeros(1),
            "orig_im_size": np.array([SIDE, SIDE]), **self.features, **(features or {}),
        }  # fmt: skip
        feeds = {
            name: values[name].astype(helper.tensor_dtype_to_np_dtype(kind))
            for name, kind in self._types.items()
        }
        return run(self._model, feeds)

    def knows_corners(self, logits: str) -> bool:
        """Whether labels 2 and 3 mean more to it than a number that means nothing."""
        try:
            corners, nothing = self.ask(2, 3)[logits], self.ask(_NO_LABEL, _NO_LABEL)[logits]
        except UnsupportedSegmenter:  # one that looks labels up knows those it has
            return True
        return not np.array_equal(corners, nothing)


def _check_layers(asking: _Asking, maps: Mapping[str, Map], names: Mapping[str, str], logits: str) -> None:
    """Of several layers' features only the first are kept, so nothing else may count."""
    if EARLY_FEATURES not in maps or maps[EARLY_FEATURES].layers == 1:
        return
    name = names[EARLY_FEATURES]
    other = asking.features[name].copy()
    other[1:] = 0
    if not np.array_equal(asking.ask(1)[logits], asking.ask(1, features={name: other})[logits]):
        raise UnsupportedSegmenter(f"This decoder reads more than the first layer of {name}.")


def _map_of(name: str, dims: list[int | None], taken: Mapping[str, Map]) -> tuple[str, Map]:
    """Which of our tensors an input of this shape is; by its name where the shape does not tell."""
    if len(dims) == 5 and dims[2:4] in ([64, 64], [None, None]) and EARLY_FEATURES not in taken and dims[4]:
        return EARLY_FEATURES, Map(64, dims[4], dims[0] or 4)
    fitting = [
        tensor for tensor, one in MAPS.items()
        if tensor not in taken and len(dims) == 4
        and all(dim in (None, want) for dim, want in zip(dims[1:], one.planes[1:], strict=True))
    ]  # fmt: skip
    if len(fitting) > 1:
        named = [tensor for tensor in fitting if name in USUAL_NAMES[tensor]]
        fitting = named or [tensor for tensor in fitting if tensor == "image_tokens"]
    if not fitting:
        raise UnsupportedSegmenter(
            f"This decoder wants an input {name} ({said(dims)}), which no SAM encoder Samphire knows makes."
        )
    return fitting[0], MAPS[fitting[0]]


def _logits(answer: dict[str, tuple[int, ...]]) -> tuple[str, int]:
    """The output that holds 256x256 logits, and how many. Full-size masks of a 256x256 picture have that size too."""
    names: Iterable[str] = sorted(answer, key=lambda name: ("low" not in name, "masks" not in name))
    for name in names:
        *ones, masks, height, width = (1, 1, 1, *answer[name])[-max(3, len(answer[name])) :]
        if set(ones) == {1} and masks in (1, 3, MASKS) and (height, width) == (SIDE, SIDE):
            return name, masks
    told = ", ".join(f"{name} {said(dims)}" for name, dims in answer.items())
    raise UnsupportedSegmenter(f"This decoder answers with {told}: none of it is 1, 3 or 4 masks of 256x256.")


def _scores(answer: dict[str, tuple[int, ...]], masks: int) -> str:
    """The output that holds the predicted IoUs."""
    for word in ("iou", "score"):
        for name, dims in answer.items():
            if word in name.lower() and dims[-1:] == (masks,) and set(dims[:-1]) <= {1}:
                return name
    raise UnsupportedSegmenter(
        f"This decoder answers with {', '.join(answer)}: no predicted IoU for each mask."
    )
