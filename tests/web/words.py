"""Finds the texts that code and templates give to t() and counted(): literals, or it says where they are not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from server import errors, paths
from server.features.webhooks.delivering import PAUSES
from server.runtime.outside import REASONS

STATIC = paths.STATIC
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
RECORD = re.compile(rf"\{{\s*(?:\w+:\s*{LITERAL.pattern},?\s*)+\}}")  # a text with its translations beside it
CALL = re.compile(r"(?<![\w.$])(t|counted)\(")
IN_TEMPLATE = re.compile(r"""(?<![\w.])t\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def without_comments(code: str) -> str:
    """Comments blanked out, line by line, so that places stay the same."""
    code = re.sub(r"/\*.*?\*/", lambda match: re.sub(r"[^\n]", " ", match[0]), code, flags=re.S)
    return re.sub(r"(?<![:\"'`\w])//[^\n]*", "", code)


def arguments(code: str, start: int) -> list[str]:
    """The arguments of the call whose bracket opened just before `start`, as they are written."""
    found, depth, at, begin = [], 0, start, start
    while depth >= 0:
        if (quoted := LITERAL.match(code, at)) or (
            quoted := re.compile(r"`(?:[^`\\]|\\.)*`").match(code, at)
        ):
            at = quoted.end()
            continue
        char = code[at]
        depth += (char in "([{") - (char in ")]}")
        if (char == "," and depth == 0) or depth < 0:
            found.append(code[begin:at].strip())
            begin = at + 1
        at += 1
    return [argument for argument in found if argument]


def record(argument: str) -> dict[str, str]:
    """Language -> text, of a text that has its translations beside it; nothing of another."""
    if not RECORD.fullmatch(argument):
        return {}
    return {name: json.loads(text) for name, text in re.findall(rf"(\w+):\s*({LITERAL.pattern})", argument)}


def with_translations() -> Iterator[tuple[Path, dict[str, str]]]:
    """(file, language -> text) of the texts of scripts that have their translations beside them."""
    for path in sorted((STATIC / "js").rglob("*.js")):
        code = without_comments(path.read_text("utf-8"))
        for call in CALL.finditer(code):
            given = arguments(code, call.end())
            wanted = given[0:1] if call[1] == "t" else given[2:3]
            yield from ((path, texts) for each in wanted if (texts := record(each)))


def in_scripts() -> Iterator[tuple[Path, str, str | None]]:
    """(file, call, text): the text a translation stands under, None where it is no literal; without those that
    have their translations beside them."""
    for path in sorted((STATIC / "js").rglob("*.js")):
        code = without_comments(path.read_text("utf-8"))
        for call in CALL.finditer(code):
            if path.name == "text.js" or code[: call.start()].endswith("function "):
                continue
            given = arguments(code, call.end())
            wanted = given[0:1] if call[1] == "t" else given[1:3]
            if wanted and record(wanted[-1]):
                continue
            literal = all(LITERAL.fullmatch(each) for each in wanted) and wanted
            yield path, code[call.start() : call.end() + 60], json.loads(wanted[-1]) if literal else None


def in_templates() -> Iterator[tuple[Path, str, str | None]]:
    for path in sorted(paths.TEMPLATES.glob("*.html")):
        code = path.read_text("utf-8")
        for call in re.finditer(r"(?<![\w.])t\(", code):
            whole = IN_TEMPLATE.match(code, call.start())
            yield path, code[call.start() : call.end() + 60], (whole[1] or whole[2]) if whole else None


def of_errors() -> set[str]:
    """What the server says of errors in general, which the page translates where it can."""
    classes = [errors.SamphireError]
    for each in classes:
        classes.extend(each.__subclasses__())
    return {text for each in classes for text in (each.sentence, each.hint)} | {*REASONS, *PAUSES}


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))
