"""What every part of the decoder graph uses: a graph to write into, the weights, and SAM's small layers.

Methods take and return names of values; shapes stand in comments. T prompt and output tokens, N = 4096 image tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi

import numpy as np

from .onnx_builder import GraphBuilder

GRID = 64  # image tokens a side
IMAGE_TOKENS = GRID * GRID
CHANNELS = 256
HEADS = 8
HEAD_WIDTH = 16  # of the cross-attentions; self-attention has 32
NORM_EPSILON = 1e-5
NORM2D_EPSILON = 1e-6
OBJECT_TOKEN = "mask_decoder.obj_score_token.weight"  # SAM 2's first output token; its score is not asked for


@dataclass(frozen=True)
class Blocks:
    """A graph under construction and the weights (public names, PyTorch layout) its parts are made of."""

    graph: GraphBuilder
    weights: Mapping[str, np.ndarray]

    @property
    def is_sam2(self) -> bool:
        """SAM 2's decoder: an output token more, predicted IoUs through a sigmoid, finer features on the way up."""
        return OBJECT_TOKEN in self.weights

    def branch(self) -> "Blocks":
        """The same weights, writing into the body of an If."""
        return Blocks(GraphBuilder(self.graph.storage, parent=self.graph), self.weights)

    def linear(self, value: str, name: str) -> str:
        """(.., in) -> (.., out)."""
        g = self.graph
        product = g.op("MatMul", value, g.weight(f"{name}.weight.t", self.weights[f"{name}.weight"].T))
        return g.op("Add", product, g.weight(f"{name}.bias", self.weights[f"{name}.bias"]))

    def norm(self, value: str, name: str, epsilon: float = NORM_EPSILON) -> str:
        """LayerNorm over the last axis."""
        g = self.graph
        scale, shift = (
            g.weight(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias")
        )
        return g.op("LayerNormalization", value, scale, shift, axis=-1, epsilon=epsilon)

    def mlp(self, tokens: str, layer: str) -> str:
        """(T, 256) -> (T, 256) with its residual and norm3."""
        g = self.graph
        hidden = g.op("Relu", self.linear(tokens, f"{layer}.mlp.lin1"))
        return self.norm(g.op("Add", tokens, self.linear(hidden, f"{layer}.mlp.lin2")), f"{layer}.norm3")

    def split_heads(self, value: str, width: int = HEAD_WIDTH) -> str:
        """(T, 8 * width) -> (8, T, width)."""
        return self.graph.transpose(self.graph.reshape(value, -1, HEADS, width), 1, 0, 2)

    def join_heads(self, value: str, width: int = HEAD_WIDTH) -> str:
        """(8, T, width) -> (T, 8 * width)."""
        return self.graph.reshape(self.graph.transpose(value, 1, 0, 2), -1, HEADS * width)

    def fourier(self, unit_coords: str) -> str:
        """Random Fourier features (.., 256) of coordinates (.., 2) in [0, 1], x first (Tancik et al. 2020)."""
        g = self.graph
        gaussian = self.weights["prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"]  # (2, 128)
        signed = g.op("Sub", g.op("Mul", unit_coords, g.scalar(2.0)), g.scalar(1.0))
        phase = g.op("MatMul", signed, g.weight("fourier_matrix", 2 * pi * gaussian))
        return g.op("Concat", g.op("Sin", phase), g.op("Cos", phase), axis=-1)

    def image_positions(self) -> str:
        """(N, 256) features of the token centres; made of constants, so folded when the file is loaded."""
        centres = (np.arange(GRID, dtype=np.float32) + 0.5) / GRID
        grid = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)  # (N, 2) x, y
        return self.fourier(self.graph.const(grid))
