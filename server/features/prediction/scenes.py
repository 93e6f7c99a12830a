"""Images made ready for the decoder, for what decodes a whole image or many of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...domain.frames import InputFrame
from ...errors import DecodingFailed
from ...inference.automask_types import Crop, View
from ...inference.automatic_decoder import AutomaticDecoder
from ...inference.catalog import SegmenterSpec
from ...inference.decoder import Prepared
from ...runtime.long_runs import LongRun
from ...runtime.pools import Pools
from ...runtime.queue.base import Urgency
from ...storage.tables import Image
from ..embeddings.service import Embeddings
from ..pictures.files import ImageFiles
from ..segmenters.service import MaskDecoder, Segmenters


@dataclass(frozen=True)
class Scene:
    """One image."""

    decoder: MaskDecoder
    prepared: Prepared
    frame: InputFrame


class Scenes:
    def __init__(
        self, segmenters: Segmenters, embeddings: Embeddings, files: ImageFiles, pools: Pools
    ) -> None:
        self._segmenters, self._embeddings, self._files, self._pools = segmenters, embeddings, files, pools

    def open(self, image: Image, spec: SegmenterSpec) -> Scene:
        """Waits until it is encoded. Raises what `Embeddings.wait` does, SegmenterNotFound, DecodingFailed."""
        decoder = self._segmenters.decoder(spec)
        prepared = self._pools.decode(decoder.prepare, self._tensors(image, spec))
        return Scene(decoder, prepared, spec.frame(image.width, image.height))

    def open_automatic(
        self, image: Image, spec: SegmenterSpec, urgency: Urgency = Urgency.AHEAD
    ) -> tuple[AutomaticDecoder, View]:
        """The same for many clicks. `urgency`: of the encoding."""
        decoder = self._segmenters.automatic(spec)
        prepared = self._pools.decode(decoder.prepare, self._tensors(image, spec, urgency))
        return decoder, View(prepared, spec.frame(image.width, image.height))

    def views(
        self, decoder: AutomaticDecoder, image: Image, spec: SegmenterSpec, whole: View, long: LongRun
    ) -> Callable[[Crop], View]:
        """What `automatic_masks` asks for crops: the whole image is at hand, the others are encoded for this alone."""

        def view(crop: Crop) -> View:
            if tuple(crop) == (0, 0, image.width, image.height):
                return whole
            return long.aside(lambda: self._part(decoder, image, spec, crop))

        return view

    def _part(self, decoder: AutomaticDecoder, image: Image, spec: SegmenterSpec, crop: Crop) -> View:
        x, y, width, height = crop
        rgb = self._files.rgb(image)[y : y + height, x : x + width]
        tensors = self._pools.encode(self._segmenters.encoder(spec).encode, rgb)
        return View(self._pools.decode(decoder.prepare, tensors), spec.frame(width, height))

    def have_ready(self, image: Image, spec: SegmenterSpec) -> None:
        """Soon: it is encoded while another image is segmented."""
        self._embeddings.ensure(image, spec, Urgency.AHEAD)

    def _tensors(
        self, image: Image, spec: SegmenterSpec, urgency: Urgency = Urgency.AHEAD
    ) -> Mapping[str, np.ndarray]:
        for _ in range(2):  # the second time when a damaged embedding had to be recreated
            row = self._embeddings.wait(image, spec, None, urgency)
            embedding = self._embeddings.load(row, spec)
            if embedding is not None:
                return embedding.tensors
        raise DecodingFailed("The image's embedding cannot be read back from the data folder.")
