"""The image encoder: pixels to image tokens."""

import numpy as np
from PIL import Image

from server.domain.frames import GRID, INPUT_SIDE, InputFrame
from server.errors import EncodingFailed
from server.inference.catalog import SegmenterSpec
from server.inference.sessions import Session


class Encoder:
    """One segmenter's encoder; `threads` of onnxruntime for one image, 0 for as many as there are cores."""

    def __init__(self, spec: SegmenterSpec, threads: int = 0) -> None:
        self._session = Session(spec.encoder_path, threads, EncodingFailed)
        self._mean = np.array(spec.mean, np.float32)
        self._std = np.array(spec.std, np.float32)

    def encode(self, rgb: np.ndarray) -> dict[str, np.ndarray]:
        """uint8 (H, W, 3) -> {"image_tokens": float32 (4096, 256)}, row-major over the 64x64 grid.

        Raises EncodingFailed.
        """
        (embedding,) = self._session.run(["output"], {"input": self._input(rgb)})  # (1, 256, 64, 64)
        tokens = np.ascontiguousarray(embedding.reshape(-1, GRID * GRID).T)
        if not np.isfinite(tokens).all():
            raise EncodingFailed("The encoder's answer holds numbers that are not finite.")
        return {"image_tokens": tokens}

    def _input(self, rgb: np.ndarray) -> np.ndarray:
        """(1, 3, 1024, 1024): long side scaled to 1024, normalised, and only then padded with zeros."""
        frame = InputFrame(rgb.shape[1], rgb.shape[0])
        scaled = Image.fromarray(rgb).resize((frame.width, frame.height), Image.Resampling.BILINEAR)
        padded = np.zeros((1, 3, INPUT_SIDE, INPUT_SIDE), np.float32)
        normal = (np.asarray(scaled, np.float32) - self._mean) / self._std
        padded[0, :, : frame.height, : frame.width] = normal.transpose(2, 0, 1)
        return padded
