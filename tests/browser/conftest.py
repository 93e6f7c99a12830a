"""A server, installed Chromium, and pages that fail their test when the browser's console tells of an error."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from server.lab.bundled import FOLDER, make_static
from server.lab.chromium import HOW_TO_GET_IT, QUIET, find_chromium
from tests.browser.annotating import PATIENCE_S, Annotating
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.projects import make_project
from tests.browser.team import Team
from tests.web.live.running import Server, running

# Each page compiles 11 MB of wasm: optimizing it takes longer than it saves here.
HEADLESS = ("--no-sandbox", "--js-flags=--liftoff-only", *QUIET)
WITHOUT_GPU = ("--disable-gpu",)
PATIENCE_MS = 1000 * PATIENCE_S
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package", autouse=True)
def bundled(tmp_path_factory) -> Iterator[Path]:
    """Pages are tested as a wheel carries them: every server that is started here serves these."""
    folder = tmp_path_factory.mktemp("static")
    make_static(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(folder))
        yield folder


@pytest.fixture(scope="package")
def server(tmp_path_factory, bundled) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("browser")) as server:
        yield server


@pytest.fixture(scope="package")
def team(tmp_path_factory, bundled) -> Iterator[Team]:
    """A server that people sign in to; each test has its own people."""
    folder = tmp_path_factory.mktemp("team")
    with running(folder, "--team") as server:
        yield Team(server.base, folder)


@pytest.fixture
def project(server) -> dict:
    """A new one, with four pictures, of which one has an object."""
    return make_project(server)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Ends with this folder: while it lives, no other event loop can run in this thread."""
    if not find_chromium():
        pytest.skip(HOW_TO_GET_IT)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def chromium(playwright) -> Iterator[Callable[..., Browser]]:
    """A browser for a set of flags, started once for each."""
    started: dict[tuple[str, ...], Browser] = {}

    def launch(*flags: str) -> Browser:
        if flags not in started:
            started[flags] = playwright.chromium.launch(
                executable_path=find_chromium(), args=[*HEADLESS, *flags], timeout=PATIENCE_MS
            )
        return started[flags]

    yield launch
    for browser in started.values():
        browser.close()


class Problems:
    """What the console and the network complained about, less what the test said it expects."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.allowed = [
            re.compile(r"net::ERR_ABORTED"),  # a page left while it was loading
            re.compile(r"status of 409 .*/labels\b"),  # an object with a new label overtook the list of them
        ]

    def allow(self, pattern: str) -> None:
        self.allowed.append(re.compile(pattern))

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: message.type == "error" and self.said.append(
            f"{message.text} ({message.location.get('url', '')})"))  # fmt: skip
        page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        page.on("requestfailed", lambda request: self.said.append(f"{request.url}: {request.failure}"))

    def unexpected(self) -> list[str]:
        return [said for said in self.said if not any(pattern.search(said) for pattern in self.allowed)]


# What is accepted is what was painted, to the pixel; test_specks.py is about the rest.
KEEP_SPECKS = """try { localStorage["samphire.specks"] ??= "keep"; } catch { /* forbidden */ }"""


@pytest.fixture
def new_page(chromium) -> Iterator[Callable[..., Page]]:
    """Opens a page with a fresh profile: `new_page(flags, **options of the browser context)`."""
    contexts, problems = [], Problems()

    def open_page(flags: tuple[str, ...] = WITHOUT_GPU, **options) -> Page:
        options = {"viewport": {"width": 1200, "height": 800}, "reduced_motion": "reduce"} | options
        context = chromium(*flags).new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(KEEP_SPECKS)
        contexts.append(context)
        page = context.new_page()
        problems.watch(page)
        return page

    open_page.problems = problems  # type: ignore[attr-defined]
    yield open_page
    for context in contexts:
        context.close()
    assert not problems.unexpected()


@pytest.fixture
def problems(new_page) -> Problems:
    return new_page.problems


@pytest.fixture
def annotating(new_page, server) -> Callable[..., Annotating]:
    """Opens a page and drives its annotate page: `annotating(flags, **options)`."""

    def start(*args, base: str | None = None, **options) -> Annotating:
        return Annotating(new_page(*args, **options), base or server.base)

    return start


@pytest.fixture
def opened(annotating, server) -> Callable[..., tuple[Annotating, Native]]:
    """Opens a new picture: `opened(seed, before, **options)`; `before` may put objects on it, on the server's side."""

    def start(seed: int, before: Callable[[Native], object] = lambda _: None, **options):
        native = Native.upload(server.base, still_life(seed))
        before(native)
        return annotating(**options).open(native.image, "?decoder=server"), native

    return start


@pytest.fixture
def eventually(playwright) -> Callable[..., object]:
    """Asks again until the answer is true; for what is not in a page."""

    def wait(ask: Callable[[], object], timeout_s: float = PATIENCE_S) -> object:
        end = time.monotonic() + timeout_s
        while not (answer := ask()):
            assert time.monotonic() < end, f"it did not come true in {timeout_s} s"
            time.sleep(0.05)
        return answer

    return wait
