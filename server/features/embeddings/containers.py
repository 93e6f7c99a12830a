"""The files of embeddings: packed, and read back as what made them."""

from secrets import token_hex

import numpy as np

from ...domain import embedding_codec
from ...domain.compression import STORED, Damaged, compress, expand
from ...domain.embedding_codec import Embedding
from ...errors import InvalidEmbedding
from ...inference.catalog import SegmenterSpec
from ...storage.blobs import BlobStore
from ...storage.tables import Embedding as Row

_ID_CHARACTERS = 40  # of the segmenter, so that a key is never too long


def new_key(image_id: str, spec: SegmenterSpec, window: str) -> str:
    """That no other bytes have had: what was copied under a key, into a backup or beside a bucket, stays true.
    `window`: the key of one, or "" for the whole image."""
    part = f"-{window}" if window else ""
    name = f"{spec.id[:_ID_CHARACTERS]}-{spec.encoding[:12]}{part}-{token_hex(6)}"
    return f"embeddings/{image_id[:2]}/{image_id}/{name}.semb.{STORED}"


def key_of(row: Row) -> tuple[str, ...]:
    """What no two that were ever made share."""
    return (row.image_id, row.segmenter, row.weights, row.window, row.created_at.isoformat())


def pack(tensors: dict[str, np.ndarray], spec: SegmenterSpec, size: tuple[int, int]) -> bytes:
    """The stored file; `size`: width and height of what was encoded."""
    return compress(embedding_codec.encode(tensors, spec.id, spec.encoding, size), STORED)


def read(blobs: BlobStore, key: str) -> bytes:
    """The stored file. Raises FileNotFoundError."""
    with blobs.open(key) as file:
        return file.read()


def unpack(data: bytes, spec: SegmenterSpec) -> Embedding:
    """What a stored file carries. Raises Damaged where it is no embedding that this segmenter decodes."""
    try:
        embedding = embedding_codec.decode(expand(data))
    except InvalidEmbedding as error:
        raise Damaged("no embedding") from error
    shapes = {name: tensor.shape for name, tensor in embedding.tensors.items()}
    expected = {tensor.name: (tensor.grid**2, tensor.channels) for tensor in spec.embedding}
    if (embedding.weights, shapes) != (spec.encoding, expected):
        raise Damaged("another segmenter's")
    return embedding
