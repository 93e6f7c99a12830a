"""Makes a segmenter of an encoder and a decoder that other programs exported, and finds out whether they fit.

The decoder's weights are recovered and our graph is built from them where that works and answers alike; else theirs
runs as it is, wrapped. Needs onnx.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from ...domain.types import Prompt
from ...errors import DecodingFailed, UnsupportedSegmenter
from ...inference.catalog import DECODER, PREPARE, read_spec
from ...inference.decoder import Decoder, DecoderOutput
from ..foreign import encoder as foreign_encoder
from ..foreign.decoder import wrapped_decoder, wrapped_prepare
from ..foreign.graph import beside, load, load_structure, save
from ..foreign.interface import Interface, Map, interface, speak_reference
from ..graphs.build_segmenter import complete_segmenter, describe, write_description
from ..graphs.reference_weights import recover_decoder_weights
from .trying import HEIGHT, WIDTH, Trial, Tryout

MOST_LOGIT_DIFFERENCE = 0.5  # between their decoder and ours from its weights, stored as float16
_CLIPPED_AT = 30.0  # some exporters clip their logits
_PROMPTS, _SEED = 6, 7


@dataclass(frozen=True)
class Pair:
    """Two files, and what the segmenter made of them is to be called."""

    encoder: Path
    decoder: Path
    id: str
    title: str
    licence: str


@dataclass(frozen=True)
class Made:
    """What came of it. `difference`: largest of logits between theirs and ours, where ours was built."""

    trial: Trial
    takes: str
    decoder: str


def build_pair(pair: Pair, built: Path, say: Callable[[str], None]) -> Made:
    """Write a whole segmenter into the new folder `built`.

    Raises UnsupportedSegmenter, EncodingFailed, DecodingFailed for networks that are not a SAM's, OSError.
    """
    built.mkdir()
    say("reading the decoder ...")
    model = load(pair.decoder)
    speak_reference(model, pair.encoder)
    known = interface(model)
    say("reading the encoder ...")
    encoder = _write_encoder(pair.encoder, built, known.maps)
    description = {
        **describe(pair.id, pair.title, pair.licence),
        "preprocessing": {
            "resize": "square" if "full_features" in known.maps else "longest_side",
            "mean": list(encoder.mean),
            "std": list(encoder.std),
        },
        "encoder": {"file": encoder.file, "input": encoder.input},
        "embedding": [
            {"name": name, "output": encoder.outputs[name], "grid": one.grid, "channels": one.channels}
            for name, one in known.maps.items()
        ],
    }
    source: dict[str, Any] = {
        "from": f"{pair.encoder.name} and {pair.decoder.name}",
        "encoder": {"file": pair.encoder.name, "sha256": _sha256(pair.encoder), "takes": encoder.takes},
        "decoder": {"file": pair.decoder.name, "sha256": _sha256(pair.decoder)},
    }
    as_it_is = f"run as it is: {known.told()}"
    source["decoder"]["graph"] = as_it_is
    _write_wrapped(built, model, known, {**description, "source": source})
    say("trying them together ...")
    tryout = Tryout(read_spec(built))
    theirs = Decoder(read_spec(built))
    trial = tryout.run(theirs)
    rebuilt = _rebuild(built, model, known, {**description, "source": source}, tryout, theirs)
    if rebuilt is None:
        return Made(trial, encoder.takes, as_it_is)
    return Made(tryout.run(Decoder(read_spec(built))), encoder.takes, rebuilt)


@dataclass(frozen=True)
class _Encoder:
    file: str
    input: str
    outputs: Mapping[str, str]  # our tensor -> output
    mean: Sequence[float]
    std: Sequence[float]
    takes: str


def _write_encoder(path: Path, built: Path, tensors: Mapping[str, Map]) -> _Encoder:
    """Copy an encoder that takes what Samphire feeds, adapt any other."""
    if path.suffix == ".ort":  # onnxruntime's own format, which nothing else can look into
        return _copy_ort(path, built, tensors)
    model = load(path)
    wanted = foreign_encoder.wishes(model, path)
    found = foreign_encoder.maps(foreign_encoder.outputs(model, path, wanted), tensors)
    name, file = wanted.name, built / "encoder.onnx"
    as_it_is = wanted.is_ours and not any(one.layers for one in tensors.values())
    if as_it_is and not beside(load_structure(path)):
        shutil.copyfile(path, file)
    else:
        if not as_it_is:
            name, found = foreign_encoder.INPUT, foreign_encoder.adapt(model, wanted, found, tensors)
        save(model, file)
    return _Encoder(file.name, name, found, wanted.mean, wanted.std, wanted.told())


def _copy_ort(path: Path, built: Path, tensors: Mapping[str, Map]) -> _Encoder:
    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no base class of their own
        raise UnsupportedSegmenter(f"{path.name} is no network onnxruntime can read.") from error
    inputs = [(one.name, one.shape, one.type) for one in session.get_inputs()]
    if len(inputs) != 1 or inputs[0][1][1:] != [3, 1024, 1024] or inputs[0][2] != "tensor(float)":
        raise UnsupportedSegmenter(
            f"{path.name} takes {inputs}: of .ort files Samphire knows encoders of 1x3x1024x1024 float only.",
            hint="Give the .onnx file it was made from.",
        )
    outputs = [
        (one.name, [side if isinstance(side, int) else None for side in one.shape])
        for one in session.get_outputs()
    ]
    file = built / "encoder.ort"
    shutil.copyfile(path, file)
    found = foreign_encoder.maps(outputs, tensors)
    return _Encoder(
        file.name,
        inputs[0][0],
        found,
        foreign_encoder.MEAN,
        foreign_encoder.STD,
        "BCHW float, normalised outside",
    )


def _write_wrapped(
    built: Path, model: onnx.ModelProto, known: Interface, description: Mapping[str, Any]
) -> None:
    for name, graph in (
        (PREPARE, wrapped_prepare(model, known)),
        (DECODER, wrapped_decoder(model, known)),
    ):
        (built / name).write_bytes(graph.SerializeToString(deterministic=True))
    encoders = sorted(built.glob(f"{description['encoder']['file']}*"))
    hashes = [_sha256(path) for path in encoders] + [description["source"]["decoder"]["sha256"]]
    write_description(built, description, hashlib.sha256("".join(hashes).encode()).hexdigest())


def _rebuild(
    built: Path,
    model: onnx.ModelProto,
    known: Interface,
    description: dict[str, Any],
    tryout: Tryout,
    theirs: Decoder,
) -> str | None:
    """Put our decoder, from their weights, in the place of theirs, if it answers alike; what was done, or None."""
    try:
        weights = recover_decoder_weights(model)
    except (UnsupportedSegmenter, KeyError, IndexError, ValueError):
        return None  # no export recognised: theirs runs
    kept = {path: path.read_bytes() for path in (built / PREPARE, built / DECODER, built / "segmenter.json")}
    source = description["source"]
    try:
        complete_segmenter(built, description, weights)
        difference = _difference(tryout, theirs, Decoder(read_spec(built)), known)
    except (DecodingFailed, KeyError, ValueError):
        difference = float("inf")
    if not difference <= MOST_LOGIT_DIFFERENCE:
        for path, data in kept.items():
            path.write_bytes(data)
        return None
    done = f"rebuilt from its weights: logits within {difference:.2g} of the file's"
    told = {**source, "decoder": {**source["decoder"], "graph": done}}
    write_description(built, {**description, "source": told}, read_spec(built).weights)
    return done


def _difference(tryout: Tryout, theirs: Decoder, ours: Decoder, known: Interface) -> float:
    """The largest between the logits of the two, over random prompts on the drawn picture."""
    prompts = random_prompts()
    pairs = zip(tryout.answers(theirs, prompts), tryout.answers(ours, prompts), strict=True)
    return max(apart(one, other, known.masks) for one, other in pairs)


def apart(theirs: DecoderOutput, ours: DecoderOutput, masks: int) -> float:
    """How far each mask that was really theirs is from the same of ours, or from the nearest when they pick one."""
    one, other = (answer.low_res_logits.clip(-_CLIPPED_AT, _CLIPPED_AT) for answer in (theirs, ours))
    if masks == 1:
        return float(np.abs(one[:1] - other).max((1, 2)).min())
    return float(np.abs(one[-masks:] - other[-masks:]).max())


def random_prompts() -> list[Prompt]:
    """Points, points with negatives, boxes, and both, anywhere on the drawn picture."""
    random = np.random.default_rng(_SEED)
    prompts = []
    for index in range(_PROMPTS):
        x, y = random.uniform((0, 0), (WIDTH, HEIGHT), (3, 2)).T
        points = tuple(
            (float(px), float(py), int(k != 2)) for k, (px, py) in enumerate(zip(x, y, strict=True))
        )
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max())) if index % 2 else None
        prompts.append(Prompt(points=points[: index % 3 + (box is None)], box=box))
    return prompts


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
