"""Segmenters in use: which one a caller means, and its networks, loaded once and dropped when there are too many.

Greenlets of one thread only: networks are asked for here and then used in native threads.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from ...config import Settings
from ...domain.frames import InputFrame
from ...errors import SegmenterNotFound
from ...inference.automatic_decoder import AutomaticDecoder, automatic_decoder
from ...inference.catalog import Catalog, SegmenterSpec
from ...inference.decoder import Decoder, DecoderOutput, Prepared
from ...inference.encoder import Encoder
from ...runtime.pools import Pools
from ...runtime.sharing import SingleFlight

_ENCODERS = 2  # in memory at once: 0.4 GB for MobileSAM's, 1.4 GB for SAM 2 tiny's
_DECODERS = 4  # 50 megabytes each
_AUTOMATIC = 2
_NAME_CHARACTERS = 80

Network = TypeVar("Network")


class ImageEncoder(Protocol):
    """What `Encoder` is to the services."""

    def encode(self, rgb: np.ndarray) -> dict[str, np.ndarray]: ...


class MaskDecoder(Protocol):
    """What `Decoder` is to the services."""

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared: ...

    def decode(
        self,
        prepared: Prepared,
        coords: np.ndarray,
        labels: np.ndarray,
        frame: InputFrame,
        mask_input: np.ndarray | None = None,
    ) -> DecoderOutput: ...


class Segmenters:
    """One per process. `make_encoder(spec, threads)` and `make_decoder(spec)` are replaced in tests."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        pools: Pools,
        make_encoder: Any = Encoder,
        make_decoder: Any = Decoder,
    ) -> None:
        self._settings, self._catalog, self._pools = settings, catalog, pools
        self._make_encoder, self._make_decoder = make_encoder, make_decoder
        self._encoders: _Loaded[ImageEncoder] = _Loaded(_ENCODERS, self._load_encoder)
        self._decoders: _Loaded[MaskDecoder] = _Loaded(_DECODERS, self._load_decoder)
        self._automatic: _Loaded[AutomaticDecoder] = _Loaded(_AUTOMATIC, self._load_automatic)

    def installed(self) -> tuple[SegmenterSpec, ...]:
        return self._catalog.installed()

    def find(self, segmenter: object = None) -> SegmenterSpec:
        """The segmenter of this name, as a client sent it, or for None the configured one.

        Raises SegmenterNotFound, which lists those there are.
        """
        name = self._settings.segmenter if segmenter is None else segmenter
        return self._catalog.find(
            name[:_NAME_CHARACTERS] if isinstance(name, str) else f"<{type(name).__name__}>"
        )

    def encodings(self) -> set[str]:
        """What embeddings carry that an installed segmenter decodes."""
        return {spec.encoding for spec in self.installed()}

    def maker(self, encoding: str) -> SegmenterSpec | None:
        """Whose encoder makes the embeddings that carry `encoding`. None when no installed segmenter decodes them."""
        return self._catalog.maker(encoding)

    def maker_for(self, spec: SegmenterSpec) -> SegmenterSpec:
        """Whose encoder makes this segmenter's embeddings."""
        return self.maker(spec.encoding) or spec  # which has just been removed

    def find_maker(self, segmenter: str, encoding: str) -> SegmenterSpec:
        """As `maker`; `segmenter`: who it was when they were asked for. Raises SegmenterNotFound."""
        maker = self.maker(encoding)
        if maker is None:
            raise _replaced(self.find(segmenter).id)
        return maker

    def check_current(self, spec: SegmenterSpec) -> None:
        """Raises SegmenterNotFound when another version of this segmenter has been installed since, or none is."""
        if unit(self.find(spec.id)) != unit(spec):
            raise _replaced(spec.id)

    def check_files(self, spec: SegmenterSpec) -> None:
        """Raises SegmenterNotFound when a file of it is not there or not whole, which only its size can tell."""
        for name, size in spec.bytes.items():
            path = spec.path(name)
            if not path.is_file() or path.stat().st_size != size:
                raise SegmenterNotFound(
                    f"The file {name} of the segmenter {spec.id!r} is missing or incomplete.",
                    hint="`samphire doctor` says how to repair it.",
                )

    def encoder(self, spec: SegmenterSpec) -> ImageEncoder:
        """Of all that share its embeddings there is one. Raises SegmenterNotFound, EncodingFailed."""
        return self._encoders.get(self.maker_for(spec))

    def decoder(self, spec: SegmenterSpec) -> MaskDecoder:
        """Raises SegmenterNotFound, DecodingFailed."""
        return self._decoders.get(spec)

    def automatic(self, spec: SegmenterSpec) -> AutomaticDecoder:
        """For masks all over an image. Raises SegmenterNotFound, DecodingFailed."""
        return self._automatic.get(spec)

    def _load_encoder(self, spec: SegmenterSpec) -> ImageEncoder:
        encoder = self._pools.encode(self._make_encoder, spec, self._settings.encode_threads)
        self.check_current(spec)  # else these may be the files of another version
        return encoder

    def _load_decoder(self, spec: SegmenterSpec) -> MaskDecoder:
        decoder = self._pools.decode(self._make_decoder, spec)
        self.check_current(spec)
        return decoder

    def _load_automatic(self, spec: SegmenterSpec) -> AutomaticDecoder:
        decoder = self._pools.decode(automatic_decoder, spec)
        self.check_current(spec)
        return decoder


def _replaced(segmenter: str) -> SegmenterNotFound:
    return SegmenterNotFound(f"The segmenter {segmenter!r} has just been replaced.", hint="Ask again.")


def unit(spec: SegmenterSpec) -> tuple[str, ...]:
    """What distinguishes this version of a segmenter from every other, down to the bytes of its files."""
    return (spec.id, spec.weights, *spec.sha256.values())


class _Loaded(Generic[Network]):
    """At most `most` networks; the one that was asked for least recently makes room for another."""

    def __init__(self, most: int, load: Callable[[SegmenterSpec], Network]) -> None:
        self._most, self._load = most, load
        self._networks: OrderedDict[tuple[str, ...], Network] = OrderedDict()
        self._shared = SingleFlight()

    def get(self, spec: SegmenterSpec) -> Network:
        key = unit(spec)
        if key not in self._networks:
            return self._shared.run(key, lambda: self._add(key, spec))
        self._networks.move_to_end(key)
        return self._networks[key]

    def _add(self, key: tuple[str, ...], spec: SegmenterSpec) -> Network:
        self._make_room(self._most - 1)  # before it is loaded, so that there are never more in memory
        network = self._networks[key] = self._load(spec)
        self._make_room(self._most)  # two may have been loaded at once
        return network

    def _make_room(self, most: int) -> None:
        while len(self._networks) > most:
            self._networks.popitem(last=False)
