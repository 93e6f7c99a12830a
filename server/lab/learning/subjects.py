"""What is trained and what is measured: each a decoder with the embeddings that are its own to decode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from ...domain import embedding_codec
from ...domain.frames import InputFrame, Resize
from ...errors import Unavailable
from ...inference.catalog import SegmenterSpec
from ...inference.decoder import Decoder as Installed
from ...inference.encoder import Encoder
from ...inference.training_plan import What
from ...inference.training_set import TrainingImage, TrainingSet
from ...modelkit.graphs.own_weights import read_weights
from ...modelkit.training.answering import InTraining
from ...modelkit.training.choosing import Choosing
from ...modelkit.training.decoding import Decoder, best_device
from ...modelkit.training.encoders import open_network
from ...modelkit.training.through_encoder import WithEncoder
from ..evaluation.measure import AnyDecoder, Scene


@dataclass(frozen=True)
class Subject:
    """`embed`: the tensors of an image of the set; raises InvalidDataset, EncodingFailed."""

    decoder: AnyDecoder
    embed: Callable[[TrainingImage], Mapping[str, np.ndarray]]
    resize: Resize

    def scene(self, image: TrainingImage) -> Scene:
        frame = InputFrame(image.width, image.height, self.resize)
        return Scene(self.decoder, self.decoder.prepare(self.embed(image)), frame)


def begun(base: SegmenterSpec, what: What) -> Decoder:
    """What training begins with, on the best device there is. Raises UnsupportedSegmenter, OSError."""
    weights = read_weights(base)
    if what == "lora":
        return WithEncoder(weights, open_network(base).encoder()).to(best_device())
    if what == "choice":
        return Choosing(weights).to(best_device())
    return Decoder(weights).to(best_device())


def check_device(what: What) -> None:
    """Raises Unavailable where it would take days."""
    if what == "lora" and best_device() == "cpu":
        raise Unavailable(
            "Training the encoder needs a GPU, and PyTorch finds none on the server.",
            hint="Install a PyTorch that matches the GPU's driver, or train the decoder instead.",
        )


def in_training(model: Decoder, source: TrainingSet, resize: Resize) -> Subject:
    if isinstance(model, WithEncoder):
        return Subject(InTraining(model), lambda image: model.tensors(source.rgb(image)), resize)
    return Subject(InTraining(model), source.tensors, resize)


def installed(spec: SegmenterSpec, source: TrainingSet) -> Subject:
    """With the embeddings of the set, or those that its own encoder makes of the set's pixels, as they are stored and
    sent. Raises SegmenterNotFound, EncodingFailed."""
    decoder = Installed(spec, threads=0)
    if spec.encoding == source.weights:
        return Subject(decoder, source.tensors, spec.resize)
    encoder = Encoder(spec, threads=0)

    @cache
    def encoded(image: TrainingImage) -> bytes:
        tensors = encoder.encode(source.rgb(image))
        return embedding_codec.encode(tensors, spec.id, spec.encoding, (image.width, image.height))

    return Subject(decoder, lambda image: embedding_codec.decode(encoded(image)).tensors, spec.resize)
