"""Guidelines: Markdown that reads well and can do no harm."""

import re

import pytest

from server.features.projects.guidelines import render_guidelines


def test_what_people_write():
    html = render_guidelines(
        "# Cars\n\n- **every** one\n- ~~not~~ [see](https://example.org/a?b=1&c)\n\n|a|b|\n|-|-|\n|1|2|\n"
    )
    assert "<h1>Cars</h1>" in html
    assert "<strong>every</strong>" in html
    assert "<s>not</s>" in html
    assert "<td>2</td>" in html
    assert (
        '<a href="https://example.org/a?b=1&amp;c" target="_blank" rel="noopener noreferrer nofollow">'
        in html
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x()'>b</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\\\nscript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "![x](https://example.org/track.png)",
        "![x](javascript:alert(1))",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](https://a "onmouseover=alert(1)")',
        '[x](https://a"onmouseover="alert(1))',
        '``` "><script>\nx\n```',
        "<style>*{display:none}</style>",
        "<iframe src=//example.org></iframe>",
        "[x](//[)",
    ],
)
def test_what_attackers_write(source):
    html = render_guidelines(source)
    tags = re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"p", "a", "pre", "code", "br"}
    for _, attributes in tags:
        plain = re.sub(r'"[^"]*"', '""', attributes)
        assert not re.search(r"\bon\w+\s*=|\bsrc\s*=|\bstyle\s*=", plain)
    for url in re.findall(r'href="([^"]*)"', html):
        assert re.match(r"(https?:|mailto:|[/#?]|[^:]*$)", url), url


def test_deep_nesting_ends():
    render_guidelines(">" * 5000 + "x")
    render_guidelines("[" * 5000)
    render_guidelines("*a_" * 5000)
