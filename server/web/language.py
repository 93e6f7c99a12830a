"""Which language a page speaks, and its words: the code and the templates hold them in English, `messages.json` in the
others, each under its English."""

import json
from functools import lru_cache
from types import MappingProxyType

from flask import Flask, Response, request

from .. import paths

ENGLISH = "en"
COOKIE = "samphire_language"  # what the person chose; without it the browser's preference counts


def register(app: Flask) -> None:
    """Templates have `t(english)` for literals, `told(sentence)` for what errors say, and `language()`."""
    app.add_template_global(translated, "t")
    app.add_template_global(translated, "told")
    app.add_template_global(language)
    app.after_request(_vary)


def _vary(response: Response) -> Response:
    """Pages differ by what tells their language."""
    if response.mimetype == "text/html":
        response.vary.update(("Cookie", "Accept-Language"))
    return response


@lru_cache(maxsize=1)
def _all_messages() -> dict[str, dict[str, str]]:
    return json.loads((paths.TEMPLATES / "messages.json").read_text("utf-8"))


def languages() -> tuple[str, ...]:
    return (ENGLISH, *_all_messages())


def language() -> str:
    """Of the page that answers this request, as `<html lang>` has it."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in languages() else request.accept_languages.best_match(languages(), ENGLISH)


def messages() -> MappingProxyType[str, str]:
    """English text -> the text in the page's language; nothing for English."""
    return MappingProxyType(_all_messages().get(language(), {}))


def translated(english: str) -> str:
    return messages().get(english, english)
