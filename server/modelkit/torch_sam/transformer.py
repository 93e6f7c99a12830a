"""The two-way transformer of SAM's mask decoder: prompt tokens and image tokens look at each other in turn.

Kirillov et al. 2023, appendix A; `transformer.py` of the reference code. Parameter names are the checkpoints'.
"""

from torch import Tensor, nn

from .layers import Mlp, attend


class TwoWayTransformer(nn.Module):
    """`depth` two-way layers, and a last look of the tokens at the image."""

    def __init__(self, depth: int, width: int, heads: int, mlp_width: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            TwoWayLayer(width, heads, mlp_width, is_first=index == 0) for index in range(depth)
        )
        self.final_attn_token_to_image = Attention(width, heads, width // 2)
        self.norm_final_attn = nn.LayerNorm(width)

    def forward(self, image: Tensor, image_positions: Tensor, prompt: Tensor) -> tuple[Tensor, Tensor]:
        """Image tokens and their positions (B, N, C), prompt tokens (B, T, C) -> tokens, image tokens, afterwards.

        The prompt itself serves as the tokens' positions in every attention.
        """
        tokens = prompt
        for layer in self.layers:
            tokens, image = layer(tokens, image, prompt, image_positions)
        seen = self.final_attn_token_to_image(tokens + prompt, image + image_positions, image)
        return self.norm_final_attn(tokens + seen), image


class TwoWayLayer(nn.Module):
    """Tokens look at each other, then at the image, think, and the image looks at them."""

    def __init__(self, width: int, heads: int, mlp_width: int, *, is_first: bool) -> None:
        super().__init__()
        self.is_first = is_first  # its tokens are the prompt already: no positions are added, nor a residual
        self.self_attn = Attention(width, heads, width)
        self.norm1 = nn.LayerNorm(width)
        self.cross_attn_token_to_image = Attention(width, heads, width // 2)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width, mlp_width, nn.ReLU())
        self.norm3 = nn.LayerNorm(width)
        self.norm4 = nn.LayerNorm(width)
        self.cross_attn_image_to_token = Attention(width, heads, width // 2)

    def forward(
        self, tokens: Tensor, image: Tensor, prompt: Tensor, image_positions: Tensor
    ) -> tuple[Tensor, Tensor]:
        """tokens, prompt (B, T, C), image, image_positions (B, N, C) -> tokens, image."""
        if self.is_first:
            tokens = self.self_attn(tokens, tokens, tokens)
        else:
            tokens = tokens + self.self_attn(tokens + prompt, tokens + prompt, tokens)
        tokens = self.norm1(tokens)
        located = image + image_positions
        tokens = self.norm2(tokens + self.cross_attn_token_to_image(tokens + prompt, located, image))
        tokens = self.norm3(tokens + self.mlp(tokens))
        answer = self.cross_attn_image_to_token(located, tokens + prompt, tokens)
        return tokens, self.norm4(image + answer)


class Attention(nn.Module):
    """Multi-head attention in `inner` channels."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, inner) for _ in "qkv")
        self.out_proj = nn.Linear(inner, width)

    def forward(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Queries (B, n, C), keys and values (B, m, C) -> (B, n, C)."""
        q, k, v = (
            projection(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, heads, tokens, c)
            for projection, x in ((self.q_proj, query), (self.k_proj, key), (self.v_proj, value))
        )
        return self.out_proj(attend(q, k, v).transpose(1, 2).flatten(2))
