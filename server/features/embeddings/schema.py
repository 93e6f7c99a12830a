"""Embeddings as the API has them."""

from typing import Annotated, Literal

from ...contract import Resource, about
from ...contract.answers import ErrorShape

State = Literal["none", "queued", "running", "ready", "failed"]


class Embedding(Resource):
    """What the encoder made of an image, or where that stands."""

    segmenter: Annotated[str, about("Id of the segmenter whose encoder makes it.")]
    weights: Annotated[str, about("SHA-256 that it carries: `encoding` of each segmenter that decodes it.")]
    state: Annotated[State, about("How far it is.")]
    position: Annotated[int | None, about("Place in the queue, 1 is next.")]
    seconds_left: Annotated[float | None, about("Estimate from recent encodings.")]
    bytes: Annotated[int | None, about("Size as stored, compressed.")]
    url: Annotated[str, about("Where its bytes are.")]
    window: Annotated[str | None, about("The window of the image that it is of; null: the whole image.")]
    error: Annotated[ErrorShape | None, about("Why it failed.")]


class EmbeddingNews(Embedding):
    """News of an image's embedding."""

    image: Annotated[str, about("Id of the image.")]
