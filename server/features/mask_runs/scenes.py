"""Images made ready for the decoder, for jobs: encoded behind everybody who waits for one."""

from dataclasses import dataclass

from ...domain.frames import InputFrame
from ...errors import DecodingFailed
from ...inference.catalog import SegmenterSpec
from ...inference.decoder import Prepared
from ...runtime.pools import Pools
from ...runtime.queue.base import Urgency
from ...storage.tables import Image
from ..embeddings.service import Embeddings
from ..segmenters.service import MaskDecoder, Segmenters


@dataclass(frozen=True)
class Scene:
    """One image."""

    decoder: MaskDecoder
    prepared: Prepared
    frame: InputFrame


class Scenes:
    def __init__(self, segmenters: Segmenters, embeddings: Embeddings, pools: Pools) -> None:
        self._segmenters, self._embeddings, self._pools = segmenters, embeddings, pools

    def open(self, image: Image, spec: SegmenterSpec) -> Scene:
        """Waits until it is encoded. Raises what `Embeddings.wait` does, SegmenterNotFound, DecodingFailed."""
        decoder = self._segmenters.decoder(spec)
        for _ in range(2):  # the second time when a damaged embedding had to be recreated
            row = self._embeddings.wait(image, spec, None, Urgency.AHEAD)
            embedding = self._embeddings.load(row, spec)
            if embedding is not None:
                prepared = self._pools.decode(decoder.prepare, embedding.tensors)
                return Scene(decoder, prepared, spec.frame(image.width, image.height))
        raise DecodingFailed("The image's embedding cannot be read back from the data folder.")

    def have_ready(self, image: Image, spec: SegmenterSpec) -> None:
        """Soon: it is encoded while another image is segmented."""
        self._embeddings.ensure(image, spec, Urgency.AHEAD)
