"""The image encoder: pixels to the tensors of an embedding."""

import numpy as np
from PIL import Image

from ..domain.frames import INPUT_SIDE
from ..errors import EncodingFailed
from .catalog import SegmenterSpec
from .sessions import Session


class Encoder:
    """One segmenter's encoder; `threads` of onnxruntime for one image, 0 for as many as there are cores."""

    def __init__(self, spec: SegmenterSpec, threads: int = 0) -> None:
        """Raises SegmenterNotFound, EncodingFailed."""
        self._spec = spec
        self._session = Session(spec.encoder_path, threads, EncodingFailed)
        self._mean = np.array(spec.mean, np.float32)
        self._std = np.array(spec.std, np.float32)

    def encode(self, rgb: np.ndarray) -> dict[str, np.ndarray]:
        """uint8 (H, W, 3) -> the spec's tensors, float32 (grid * grid, channels) each, row-major over the grid.

        Raises EncodingFailed.
        """
        return self.run(self.pixels(rgb))

    def run(self, pixels: np.ndarray) -> dict[str, np.ndarray]:
        """What `pixels` made of a picture -> what `encode` gives. Raises EncodingFailed."""
        tensors = self._spec.embedding
        outputs = self._session.run([tensor.output for tensor in tensors], {self._spec.encoder_input: pixels})
        embedding = {}
        for tensor, output in zip(tensors, outputs, strict=True):  # (1, channels, grid, grid)
            if output.size != tensor.channels * tensor.grid**2:
                raise EncodingFailed(f"The encoder's {tensor.output} has the shape {output.shape}.")
            if not np.isfinite(output).all():
                raise EncodingFailed("The encoder's answer holds numbers that are not finite.")
            embedding[tensor.name] = np.ascontiguousarray(output.reshape(tensor.channels, -1).T)
        return embedding

    def pixels(self, rgb: np.ndarray) -> np.ndarray:
        """(1, 3, 1024, 1024): scaled into the input frame, normalised, and only then padded with zeros."""
        frame = self._spec.frame(rgb.shape[1], rgb.shape[0])
        scaled = Image.fromarray(rgb).resize((frame.width, frame.height), Image.Resampling.BILINEAR)
        padded = np.zeros((1, 3, INPUT_SIDE, INPUT_SIDE), np.float32)
        normal = (np.asarray(scaled, np.float32) - self._mean) / self._std
        padded[0, :, : frame.height, : frame.width] = normal.transpose(2, 0, 1)
        return padded
