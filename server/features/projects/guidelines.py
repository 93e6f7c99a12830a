"""Guidelines: Markdown as people write it, to HTML that can do nothing but be read. Pure computation."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_HARMLESS = re.compile(r"https?://|mailto:|[/#?]|[^:]*$", re.IGNORECASE)  # the last: no scheme at all


@lru_cache(maxsize=64)
def render_guidelines(source: str) -> str:
    """CommonMark with tables and strikethrough. HTML in it is shown as text; links lead to http, https, mailto or
    within Samphire; pictures of other hosts would tell them who reads, so they stay links.
    """
    return _MARKDOWN.render(source)


def _is_harmless(url: str) -> bool:
    return _HARMLESS.match(url) is not None


def _open_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, environment: Any
) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return renderer.renderToken(tokens, index, options, environment)


def _make() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    markdown.validateLink = _is_harmless
    markdown.add_render_rule("link_open", _open_link)
    return markdown


_MARKDOWN = _make()
