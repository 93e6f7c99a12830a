"""Builds TinyViT, MobileSAM's image encoder, as an ONNX graph made for onnxruntime's CPU kernels, from weights.

What is different from an exported graph, and changes no result by more than rounding:

1. Shapes are fixed: no node computes one. GELU and LayerNorm are one operator each.
2. Tokens stay (tokens, channels) between convolutions. A window's tokens are collected by one Gather each for queries,
   keys and values, which splits heads, cuts windows and pads in one pass over rows of 32 numbers; another Gather puts
   what came out back in the picture's order. Projections so never see padding: it is one more token, of zeros.
3. The scale of the scores is part of the weights of the queries.

The products of `quantized` run on 8-bit integers, see `encoder_quantization.py`.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto

from ...domain.frames import GRID, INPUT_SIDE
from .encoder_quantization import ByteWeight
from .encoder_weights import (
    HEAD_WIDTH,
    INPUT,
    NECK_EPSILON,
    NECK_WIDTH,
    NORM_EPSILON,
    OUTPUT,
    STAGES,
    Stage,
    Weights,
    distances,
    linear_weights,
)
from .onnx_builder import GraphBuilder


def build_encoder(
    weights: Weights,
    quantized: Mapping[str, ByteWeight] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """The encoder as a checked model: `input` (1, 3, 1024, 1024) -> `output` (1, 256, 64, 64), both float32.

    `weights` are named as `recover_encoder_weights` names them; `quantized` holds the products on integers by name.
    """
    net = _TinyViT(weights, quantized or {})
    net.graph.named(net.run(INPUT), OUTPUT)
    return net.graph.model(
        "tiny_vit",
        [(INPUT, TensorProto.FLOAT, [1, 3, INPUT_SIDE, INPUT_SIDE])],
        [(OUTPUT, TensorProto.FLOAT, [1, NECK_WIDTH, GRID, GRID])],
        dict(metadata or {}),
    )


class _TinyViT:
    """Planes are (1, C, side, side), tokens (side * side, C), row by row."""

    def __init__(self, weights: Weights, quantized: Mapping[str, ByteWeight]) -> None:
        self.graph, self.weights, self.quantized = GraphBuilder(), weights, quantized

    def run(self, pixels: str) -> str:
        """(1, 3, 1024, 1024) -> (1, 256, 64, 64)."""
        x = self._gelu(self._conv(pixels, "patch_embed.seq.0", stride=2))
        x = self._conv(x, "patch_embed.seq.2", stride=2)  # (1, 64, 256, 256)
        for block in range(STAGES[0].depth):
            x = self._conv_block(x, f"layers.0.blocks.{block}")
        hidden = self._conv(x, "layers.0.downsample.conv1")
        for index, stage in enumerate(STAGES[1:], start=1):
            x = self._merged(hidden, f"layers.{index - 1}.downsample", STAGES[index - 1], stage)  # tokens
            for block in range(stage.depth):
                x = self._attention_block(x, f"layers.{index}.blocks.{block}", stage)
            if index + 1 < len(STAGES):
                hidden = self._linear(x, f"layers.{index}.downsample.conv1")
                hidden = self._planes(hidden, stage.side, STAGES[index + 1].width)
        x = self._norm(self._linear(x, "neck.0"), "neck.1", NECK_EPSILON)
        x = self._conv(self._planes(x, GRID, NECK_WIDTH), "neck.2")
        x = self._norm(self._tokens(x, GRID, NECK_WIDTH), "neck.3", NECK_EPSILON)
        return self._planes(x, GRID, NECK_WIDTH)

    def _conv_block(self, x: str, name: str) -> str:
        """Planes -> planes of the same shape."""
        hidden = self._gelu(self._conv(x, f"{name}.conv1"))
        hidden = self._gelu(self._conv(hidden, f"{name}.conv2"))
        return self._gelu(self.graph.op("Add", self._conv(hidden, f"{name}.conv3"), x))

    def _merged(self, hidden: str, name: str, before: Stage, after: Stage) -> str:
        """Planes on one stage's grid, already of the next one's width -> tokens on the next one's grid."""
        stride = before.side // after.side
        hidden = self._gelu(self._conv(self._gelu(hidden), f"{name}.conv2", stride))
        return self._linear(self._tokens(hidden, after.side, after.width), f"{name}.conv3")

    def _attention_block(self, x: str, name: str, stage: Stage) -> str:
        """Tokens -> tokens."""
        g = self.graph
        x = g.op("Add", self._attention(x, f"{name}.attn", stage), x)
        x = self._conv(self._planes(x, stage.side, stage.width), f"{name}.local_conv")
        x = self._tokens(x, stage.side, stage.width)
        hidden = self._gelu(self._linear(self._norm(x, f"{name}.mlp.norm"), f"{name}.mlp.fc1"))
        return g.op("Add", self._linear(hidden, f"{name}.mlp.fc2"), x)

    def _attention(self, x: str, name: str, stage: Stage) -> str:
        """Tokens -> tokens; each looks at its window of window x window tokens."""
        g, layout = self.graph, _Windows(stage)
        padded = g.op("Concat", x, g.const(np.zeros((1, stage.width), np.float32)), axis=0)
        qkv = self._linear(self._norm(padded, f"{name}.norm"), f"{name}.qkv")
        rows = g.reshape(qkv, -1, HEAD_WIDTH)
        query, key, value = (  # each (windows, heads, window * window, 32)
            g.op("Gather", rows, layout.rows(g, part), axis=0) for part in range(3)
        )
        table = g.weight(f"{name}.attention_biases", self.weights[f"{name}.attention_biases"])
        bias = g.op("Gather", table, g.const(distances(stage.window), np.int32), axis=1)
        scores = g.op("Add", g.op("MatMul", query, g.transpose(key, 0, 1, 3, 2)), bias)
        seen = g.reshape(g.op("MatMul", g.op("Softmax", scores, axis=-1), value), -1, HEAD_WIDTH)
        joined = g.op("Gather", seen, layout.back(g), axis=0)  # (tokens, heads, 32)
        return self._linear(g.reshape(joined, -1, stage.width), f"{name}.proj")

    def _linear(self, x: str, name: str) -> str:
        """(n, in) -> (n, out)."""
        g = self.graph
        weight, bias = linear_weights(self.weights, name)
        if name in self.quantized:
            out = self._integer_product(x, self.quantized[name])
        else:
            out = g.op("MatMul", x, g.weight(f"{name}.weight", weight))
        return out if bias is None else g.op("Add", out, g.weight(f"{name}.bias", bias))

    def _integer_product(self, x: str, weight: ByteWeight) -> str:
        """(n, in) -> (n, out). onnxruntime makes one operator of it, with the bias that is added next."""
        g, size = self.graph, None
        if weight.by_row:
            size = g.op("ReduceMax", g.op("Abs", x), g.ints(1), keepdims=1)  # (n, 1)
            size = g.op("Max", size, g.scalar(1e-6))
            x = g.op("Div", x, size)
        whole, step, zero = g.ops("DynamicQuantizeLinear", x, outputs=3)
        product = g.op(
            "Cast", g.op("MatMulInteger", whole, g.const(weight.whole), zero), to=TensorProto.FLOAT
        )
        out = g.op("Mul", product, g.op("Mul", step, g.const(weight.step)))
        return out if size is None else g.op("Mul", out, size)

    def _conv(self, x: str, name: str, stride: int = 1) -> str:
        """Planes -> planes. A weight (out, 1, 3, 3) is that of a depthwise convolution."""
        weight, bias = self.weights[f"{name}.weight"], self.weights.get(f"{name}.bias")
        side = weight.shape[-1]
        given = [] if bias is None else [self.graph.weight(f"{name}.bias", bias)]
        return self.graph.op(
            "Conv", x, self.graph.weight(f"{name}.weight", weight), *given,
            kernel_shape=[side, side], pads=[side // 2] * 4, strides=[stride, stride],
            group=len(weight) if weight.shape[1] == 1 else 1,
        )  # fmt: skip

    def _norm(self, x: str, name: str, epsilon: float = NORM_EPSILON) -> str:
        gamma, beta = (
            self.graph.weight(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias")
        )
        return self.graph.op("LayerNormalization", x, gamma, beta, axis=-1, epsilon=epsilon)

    def _gelu(self, x: str) -> str:
        return self.graph.op("Gelu", x)

    def _planes(self, x: str, side: int, width: int) -> str:
        return self.graph.transpose(self.graph.reshape(x, 1, side, side, width), 0, 3, 1, 2)

    def _tokens(self, x: str, side: int, width: int) -> str:
        return self.graph.reshape(self.graph.transpose(x, 0, 2, 3, 1), side * side, width)


class _Windows:
    """Where the rows of 32 numbers of a stage's tokens lie, in the picture's order and in windows.

    The graph holds them as short sums, which onnxruntime carries out when it loads the file.
    """

    def __init__(self, stage: Stage) -> None:
        side, window = stage.side, stage.window
        count, self._size, self._heads = -(-side // window), window * window, stage.heads
        token = np.full((count * window, count * window), side * side)  # the token of zeros, past the last
        token[:side, :side] = np.arange(side * side).reshape(side, side)
        self._token = token.reshape(count, window, count, window).swapaxes(1, 2).reshape(-1, 1, self._size)
        of_window, _, within = np.nonzero(self._token < side * side)
        self._place = np.empty((side * side, 1), np.int64)
        self._place[self._token[of_window, 0, within], 0] = of_window * self._heads * self._size + within

    def rows(self, graph: GraphBuilder, part: int) -> str:
        """(windows, heads, window * window) among (token, head, query | key | value), part 0, 1 or 2."""
        of_token = graph.const(self._token * self._heads * 3, np.int32)
        return graph.op("Add", of_token, graph.const(np.arange(self._heads)[:, None] * 3 + part, np.int32))

    def back(self, graph: GraphBuilder) -> str:
        """(tokens, heads) among (window, head, window * window)."""
        of_token = graph.const(self._place, np.int32)
        return graph.op("Add", of_token, graph.const(np.arange(self._heads) * self._size, np.int32))
