"""The files of embeddings: packed, read in a content coding, and read back as what made them."""

import numpy as np

from ...domain import embedding_codec
from ...domain.compression import STORED, Damaged, compress, expand, recode
from ...domain.embedding_codec import Embedding
from ...errors import InvalidEmbedding
from ...inference.catalog import SegmenterSpec
from ...storage.blobs import BlobStore


def blob_key(image_id: str, spec: SegmenterSpec, window: str) -> str:
    """`window`: the key of one, or "" for the whole image."""
    part = f"-{window}" if window else ""
    return f"embeddings/{image_id[:2]}/{image_id}/{spec.id}-{spec.weights[:12]}{part}.semb.{STORED}"


def pack(tensors: dict[str, np.ndarray], spec: SegmenterSpec, size: tuple[int, int]) -> bytes:
    """The stored file; `size`: width and height of what was encoded."""
    return compress(embedding_codec.encode(tensors, spec.id, spec.weights, size), STORED)


def load(blobs: BlobStore, key: str, spec: SegmenterSpec) -> Embedding:
    """Raises FileNotFoundError, and Damaged where it is no embedding of this segmenter."""
    try:
        embedding = embedding_codec.decode(expand(_bytes(blobs, key)))
    except InvalidEmbedding as error:
        raise Damaged(key) from error
    shapes = {name: tensor.shape for name, tensor in embedding.tensors.items()}
    expected = {tensor.name: (tensor.grid**2, tensor.channels) for tensor in spec.embedding}
    if (embedding.segmenter, embedding.weights, shapes) != (spec.id, spec.weights, expected):
        raise Damaged(key)
    return embedding


def read(blobs: BlobStore, key: str, coding: str) -> bytes:
    """Its bytes in a content coding. Raises FileNotFoundError, Damaged."""
    return recode(_bytes(blobs, key), coding)


def _bytes(blobs: BlobStore, key: str) -> bytes:
    with blobs.open(key) as file:
        return file.read()
