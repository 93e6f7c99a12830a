"""The decoder's attention, arranged so that the N = 4096 image tokens are touched as little as possible.

Two identities, exact in real arithmetic (X image tokens (N, 256), h one of 8 heads, T prompt and output tokens):

1. Image tokens are not projected; the few other tokens are carried to them instead.

       token to image   scores = (q_h W_k,h) X^T               the key bias cancels in the softmax
                        out    = (softmax(scores) X) W_v,h^T   the value bias passes through it
       image to token   scores = (k_h W_q,h) X^T + k_h b_q,h   kept as (8T, N): the long axis last, all is vectorised
                        out    = softmax(scores)^T (v_h W_o,h^T)

   Position features meet 16 channels a head instead of 256: W_h pe^T (16, N) is a constant. In the first layer X is
   the image's own, so there keys, values and queries are projected once for the image, in the prepare graph.

2. LayerNorm over image tokens is not carried out. Let Y be its argument and d the deviation of each row. Every term
   summed into Y is centred over the channels beforehand, so LN(Y) = gamma Y / d + beta. gamma and beta move into the
   prompt-sized operands, 1 / d scales the columns of the scores, and the next residual sum is taken d times too
   large, which its own LayerNorm cannot tell.
"""

from dataclasses import dataclass

import numpy as np

from .decoder_blocks import (
    CHANNELS,
    HEAD_WIDTH,
    HEADS,
    IMAGE_TOKENS,
    NORM_EPSILON,
    Blocks,
)

SCALE = HEAD_WIDTH**-0.5


@dataclass(frozen=True)
class ImageState:
    """Image tokens as a LayerNorm not carried out: gamma * raw / deviation + beta."""

    raw: str  # (N, 256), each row with mean zero
    deviation: str  # (1, N)
    gamma: np.ndarray  # (256,)
    beta: np.ndarray  # (256,)
    norm: str  # whose gamma and beta these are


@dataclass(frozen=True)
class PreparedImage:
    """What the first layer needs of an image, see `decoder_graph.build_prepare`."""

    residual: str  # (N, 256), centred
    keys: str  # (8, 16, N)
    values: str  # (8, N, 16)
    queries: str  # (8, 16, N)


def self_attention(net: Blocks, located: str, values: str, name: str) -> str:
    """Queries and keys (T, 256), values (T, 256) -> (T, 256)."""
    g, width = net.graph, CHANNELS // HEADS
    q, k = (net.split_heads(net.linear(located, f"{name}.{part}_proj"), width) for part in "qk")
    v = net.split_heads(net.linear(values, f"{name}.v_proj"), width)
    scores = g.op("MatMul", g.op("Mul", q, g.scalar(width**-0.5)), g.transpose(k, 0, 2, 1))
    out = g.op("MatMul", g.op("Softmax", scores, axis=-1), v)
    return net.linear(net.join_heads(out, width), f"{name}.out_proj")


def look_at_prepared(net: Blocks, located: str, image: PreparedImage, name: str) -> str:
    """Tokens (T, 256) look at the image before the first layer -> (T, 256)."""
    g = net.graph
    q = net.split_heads(net.linear(located, f"{name}.q_proj"))  # (8, T, 16)
    seen = g.op("MatMul", g.op("Softmax", g.op("MatMul", q, image.keys), axis=-1), image.values)  # (8, T, 16)
    return _project_seen(net, seen, name)


def look_at(net: Blocks, located: str, image: ImageState, name: str) -> str:
    """Tokens (T, 256) look at the image -> (T, 256)."""
    g = net.graph
    q = net.split_heads(net.linear(located, f"{name}.q_proj"))  # (8, T, 16)
    scores, _ = _scores(net, q, image, f"{name}.k_proj")  # (8, T, N)
    weights = g.op("Div", g.op("Softmax", scores, axis=-1), image.deviation)
    raw = g.op("MatMul", g.reshape(weights, -1, IMAGE_TOKENS), image.raw)  # (8T, 256)
    gamma, beta = _norm_weights(net, image)
    seen = g.op("Add", g.op("Mul", raw, gamma), beta)
    by_head = net.weights[f"{name}.v_proj.weight"].reshape(HEADS, HEAD_WIDTH, CHANNELS).transpose(0, 2, 1)
    value = g.weight(f"{name}.v_proj.heads", by_head)  # (8, 256, 16)
    return _project_seen(net, g.op("MatMul", g.reshape(seen, HEADS, -1, CHANNELS), value), name)


def answer_prepared(net: Blocks, image: PreparedImage, located: str, tokens: str, name: str) -> str:
    """The image before the first layer looks at the tokens (T, 256) -> its tokens after, centred (N, 256)."""
    g = net.graph
    k = net.split_heads(net.linear(located, f"{name}.k_proj"))  # (8, T, 16)
    weights = _softmax_over_tokens(net, g.op("MatMul", k, image.queries))  # (8, T, N)
    told = _told(net, tokens, name, np.zeros(CHANNELS, np.float32))  # (8T, 256)
    return g.op("Gemm", g.reshape(weights, -1, IMAGE_TOKENS), told, image.residual, transA=1)


def answer(net: Blocks, image: ImageState, located: str, tokens: str, name: str, norm: str) -> ImageState:
    """The image looks at the tokens (T, 256) -> the image's next state."""
    g = net.graph
    k = net.split_heads(net.linear(located, f"{name}.k_proj"))  # (8, T, 16)
    gamma, _ = _norm_weights(net, image)
    mean_row = g.weight(f"{image.norm}.mean_row", image.gamma[None] / CHANNELS)  # (1, 256)
    scores, mean = _scores(net, k, image, f"{name}.q_proj", mean_row)  # (8, T, N), mean(gamma raw) (1, N)
    bias = net.weights[f"{name}.q_proj.bias"] + image.beta @ net.weights[f"{name}.q_proj.weight"].T
    by_head = g.weight(f"{name}.q_proj.offset", SCALE * bias.reshape(HEADS, HEAD_WIDTH, 1))
    scores = g.op("Add", scores, g.op("MatMul", k, by_head))
    weights = g.op("Mul", _softmax_over_tokens(net, scores), image.deviation)
    rows = g.op("Concat", g.reshape(weights, -1, IMAGE_TOKENS), mean, axis=0)  # (8T + 1, N)
    minus = g.const(np.full((1, CHANNELS), -1, np.float32))
    told = g.op("Concat", _told(net, tokens, name, image.beta), minus, axis=0)  # (8T + 1, 256)
    raw = g.op("Gemm", rows, told, g.op("Mul", image.raw, gamma), transA=1)
    return normalised(net, raw, norm, previous=image.deviation)


def normalised(net: Blocks, raw: str, norm: str, previous: str | None = None) -> ImageState:
    """The state LayerNorm(raw), where raw (N, 256) is centred and was summed `previous` (1, N) times too large."""
    g = net.graph
    square = g.reshape(g.op("ReduceSumSquare", raw, g.ints(-1)), 1, IMAGE_TOKENS)
    epsilon = g.scalar(NORM_EPSILON)
    if previous is not None:
        epsilon = g.op("Mul", g.op("Mul", previous, previous), epsilon)
    deviation = g.op("Sqrt", g.op("Add", g.op("Mul", square, g.scalar(1 / CHANNELS)), epsilon))
    return ImageState(raw, deviation, net.weights[f"{norm}.weight"], net.weights[f"{norm}.bias"], norm)


def scaled_projection(net: Blocks, name: str) -> np.ndarray:
    """The matrix (256, 128) of a key or query projection with the softmax's scale in it."""
    return SCALE * net.weights[f"{name}.weight"].T


def heads_by_width(net: Blocks, tokens: str, matrix: np.ndarray, bias: np.ndarray | None, name: str) -> str:
    """tokens (N, in) times matrix (in, 128) plus bias, as (8, 16, N)."""
    g = net.graph
    column = [] if bias is None else [g.weight(f"{name}.column", bias[:, None])]
    product = g.op("Gemm", g.weight(name, matrix.T), tokens, *column, transB=1)
    return g.reshape(product, HEADS, HEAD_WIDTH, IMAGE_TOKENS)


def heads_by_token(net: Blocks, tokens: str, matrix: np.ndarray, bias: np.ndarray | None, name: str) -> str:
    """tokens (N, in) times matrix (in, 128) plus bias, as (8, N, 16)."""
    g = net.graph
    row = [] if bias is None else [g.weight(f"{name}.row", bias)]
    return net.split_heads(g.op("Gemm", tokens, g.weight(name, matrix), *row))


def _scores(
    net: Blocks, by_head: str, image: ImageState, projection: str, extra: str | None = None
) -> tuple[str, str]:
    """by_head (8, T, 16) against projected image tokens: (8, T, N), but for what beta and the bias add to a row.

    `extra` (1, 256) is one more row for the big product; its result, extra raw^T (1, N), is returned beside.
    """
    g = net.graph
    matrix = scaled_projection(net, projection).T.reshape(HEADS, HEAD_WIDTH, CHANNELS)
    weight = g.weight(f"{projection}.heads", matrix)
    gamma, _ = _norm_weights(net, image)
    probe = g.op("Mul", g.reshape(g.op("MatMul", by_head, weight), -1, CHANNELS), gamma)  # (8T, 256)
    rows = probe if extra is None else g.op("Concat", probe, extra, axis=0)
    product = g.op("Gemm", rows, image.raw, transB=1)  # (8T [+ 1], N)
    beside = product
    if extra is not None:
        beside = g.op("Slice", product, g.ints(-1), g.ints(2**31), g.ints(0))
        product = g.op("Slice", product, g.ints(0), g.ints(-1), g.ints(0))
    content = g.op("Div", g.reshape(product, HEADS, -1, IMAGE_TOKENS), image.deviation)
    positions = g.op("MatMul", weight, g.transpose(net.image_positions(), 1, 0))  # (8, 16, N), a constant
    return g.op("Add", content, g.op("MatMul", by_head, positions)), beside


def _told(net: Blocks, tokens: str, name: str, beta: np.ndarray) -> str:
    """What each token tells the image, by head: (8T, 256), centred over the channels.

    The attention weights of a head sum to one, so an eighth of a constant row in every head adds that row once: the
    output bias and the beta of the norm before are carried so.
    """
    g = net.graph
    out = (
        net.weights[f"{name}.out_proj.weight"].reshape(CHANNELS, HEADS, HEAD_WIDTH).transpose(1, 2, 0)
    )  # (8, 16, 256)
    row = (net.weights[f"{name}.out_proj.bias"] + beta) / HEADS
    v = net.split_heads(net.linear(tokens, f"{name}.v_proj"))  # (8, T, 16)
    told = g.op("MatMul", v, g.weight(f"{name}.out_proj.heads", out - out.mean(-1, keepdims=True)))
    return g.reshape(g.op("Add", told, g.weight(f"{name}.out_proj.row", row - row.mean())), -1, CHANNELS)


def _softmax_over_tokens(net: Blocks, scores: str) -> str:
    """Softmax of (8, T, N) over the middle axis; the Softmax operator would transpose to and fro."""
    g, axis = net.graph, net.graph.ints(1)
    raised = g.op("Exp", g.op("Sub", scores, g.op("ReduceMax", scores, axis)))
    return g.op("Div", raised, g.op("ReduceSum", raised, axis))


def _project_seen(net: Blocks, seen: str, name: str) -> str:
    """(8, T, 16) -> (T, 256) through the value bias and the output projection."""
    g = net.graph
    joined = g.op(
        "Add", net.join_heads(seen), g.weight(f"{name}.v_proj.bias", net.weights[f"{name}.v_proj.bias"])
    )
    return net.linear(joined, f"{name}.out_proj")


def _norm_weights(net: Blocks, image: ImageState) -> tuple[str, str]:
    g = net.graph
    return g.weight(f"{image.norm}.gamma", image.gamma), g.weight(f"{image.norm}.beta", image.beta)
