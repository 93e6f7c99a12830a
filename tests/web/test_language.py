"""Pages speak the language of the person, and every text they have is there in it."""

import json

import pytest

from server import errors, paths
from server.features.webhooks.delivering import PAUSES
from server.runtime.outside import REASONS
from server.web.language import COOKIE
from tests.web.words import (
    PLACEHOLDER,
    STATIC,
    in_scripts,
    in_templates,
    of_errors,
    placeholders,
    with_translations,
)

ALL = json.loads((paths.TEMPLATES / "messages.json").read_text("utf-8"))
USED = [*in_scripts(), *in_templates()]
TEXTS = {text for _, _, text in USED if text is not None}
BESIDE = list(with_translations())


def boot(page: str) -> dict:
    return json.loads(page.split('id="boot">')[1].split("</script>")[0])


def test_the_browsers_preference_counts(client):
    page = client.get("/", headers={"Accept-Language": "fr;q=0.9, zh-CN, zh;q=0.8, en;q=0.5"}).text
    assert '<html lang="zh"' in page
    assert ALL["zh"]["Drop an image here"] in page
    assert "Drop an image here" not in page.split('id="boot">')[0]
    assert boot(page)["messages"] == ALL["zh"]
    assert boot(page)["languages"] == ["en", *ALL]


def test_what_was_chosen_counts_more(client):
    client.set_cookie(COOKIE, "zh")
    assert '<html lang="zh"' in client.get("/", headers={"Accept-Language": "en"}).text
    client.set_cookie(COOKIE, "en")
    page = client.get("/", headers={"Accept-Language": "zh"}).text
    assert '<html lang="en"' in page
    assert boot(page)["messages"] == {}


def test_a_cache_on_the_way_tells_languages_apart(client):
    for page in ("/", "/projects/default", "/projects/none"):
        vary = client.get(page, headers={"Accept": "text/html"}).headers["Vary"]
        assert {"Cookie", "Accept-Language"} <= set(vary.split(", "))
    assert "Cookie" not in client.get("/api/status").headers.get("Vary", "")


def test_a_language_nobody_speaks_here_is_english(client):
    client.set_cookie(COOKIE, "<script>")
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "tlh"}).text


def test_pages_of_errors_are_translated(client):
    answer = client.get("/projects/none", headers={"Accept": "text/html", "Accept-Language": "zh"})
    assert answer.status_code == 404
    assert ALL["zh"]["There is no such project."] in answer.text


def test_texts_are_literals():
    assert [(path.name, call) for path, call, text in USED if text is None] == []
    assert len(TEXTS) > 300


def test_tools_have_their_translations_beside_them_and_nothing_else_has():
    files = {path for path, _ in BESIDE}
    tools = STATIC / "js/editor/tools"
    assert {path.parent for path in files} == {tools}
    kinds = {
        path for path in tools.glob("*.js") if 'import("./tool.js").ToolKind} */' in path.read_text("utf-8")
    }
    assert len(kinds) >= 8
    assert files >= kinds
    assert {(path.name, text) for path, _, text in USED if path in kinds} == set()


@pytest.mark.parametrize("language", ALL)
def test_what_has_its_translations_beside_it_has_this_one(language):
    """In the same words as elsewhere, if the text is there too, and with the same values."""
    for _, texts in BESIDE:
        english, text = texts["en"], texts.get(language, "")
        assert text.strip(), english
        assert placeholders(english) == placeholders(text)
        same = {others[language] for _, others in BESIDE if others["en"] == english}
        assert same | {ALL[language].get(english, text)} == {text}
    assert {name for _, texts in BESIDE for name in texts} == {"en", *ALL}


@pytest.mark.parametrize("language", ALL)
def test_every_text_is_translated(language):
    assert sorted(TEXTS - set(ALL[language])) == []


@pytest.mark.parametrize("language", ALL)
def test_what_visitors_and_webhooks_meet_is_translated(language):
    refusals = [errors.SandboxesFull, errors.SandboxesTaken, errors.SandboxFull, errors.VisitorImageTooLarge]
    refusals += [
        errors.TooManyCloseUps,
        errors.TooManyImages,
        errors.TooManyVisits,
        errors.TooMuchSaved,
        errors.LinkNotFound,
        errors.NotByLink,
        errors.VisitEnded,
    ]
    sentences = [text for each in refusals for text in (each.sentence, each.hint)]
    assert [text for text in (*sentences, *REASONS, *PAUSES) if text not in ALL[language]] == []


@pytest.mark.parametrize("language", ALL)
def test_no_translation_is_left_over(language):
    assert sorted(set(ALL[language]) - TEXTS - of_errors()) == []
    assert len(of_errors() & set(ALL[language])) >= 20


@pytest.mark.parametrize("language", ALL)
def test_translations_say_the_same_values(language):
    other = {
        english: text
        for english, text in ALL[language].items()
        if placeholders(english) != placeholders(text)
    }
    assert other == {}
    assert [
        text for text in ALL[language].values() if not text.strip() or PLACEHOLDER.sub("", text).count("{")
    ] == []
