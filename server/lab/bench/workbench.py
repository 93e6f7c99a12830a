"""What sections share: a Samphire server of its own with an empty data folder, pictures on it, and Chromium."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import paths
from ...config import Settings
from ..bundled import make_static
from ..chromium import HOW_TO_GET_IT, QUIET, find_chromium
from . import pictures
from .rows import Missing
from .serving import SamphireServer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserType

_FLAGS = ("--disable-gpu", *QUIET)
_NO_PLAYWRIGHT = (
    "Driving a browser needs playwright: `pip install playwright` (it brings only its Python package)."
)


class Workbench:
    """Made once a run. Everything is started when first asked for and ended when the run ends."""

    def __init__(self, settings: Settings, quick: bool, photographs: list[Path]) -> None:
        """`settings`: what they name of a database, Redis and a bucket is `elsewhere`; what is measured has its own.
        `photographs`: measured in addition to the pictures the program draws."""
        self.elsewhere = settings
        self.settings = replace(settings, database="", redis="", blobs="", jobs="inprocess")
        self.quick, self.photographs = quick, photographs
        self.chromium_version: str | None = None
        self._ends = ExitStack()
        self._server: SamphireServer | None = None
        self._images: dict[str, dict[str, Any]] = {}
        self._playwright: BrowserType | None = None

    def __enter__(self) -> "Workbench":
        self.folder = Path(tempfile.mkdtemp(prefix="samphire-bench-"))
        self._ends.callback(shutil.rmtree, self.folder, ignore_errors=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.close()

    def say(self, sentence: str) -> None:
        """Progress, to stderr: stdout is the report's alone."""
        print(f"bench: {sentence}", file=sys.stderr, flush=True)

    def times(self, full: int, quick: int) -> int:
        """How often to repeat something."""
        return quick if self.quick else full

    @property
    def server(self) -> SamphireServer:
        if self._server is None:
            self._server = SamphireServer(self.folder / "data", self.settings, static=self._bundled())
            self._ends.callback(self._server.stop)
        return self._server

    def _bundled(self) -> Path | None:
        """The pages as a wheel has them; None where those at hand are that."""
        if not (paths.STATIC / "vendor" / "esbuild").is_dir():
            return None
        self.say("bundling the pages")
        folder = self.folder / "static"
        make_static(folder)
        return folder

    def image(self, size: tuple[int, int]) -> dict[str, Any]:
        """Image JSON of the program's picture at (width, height), stored and encoded on the server."""
        name = pictures.name_of(size)
        if name not in self._images:
            self.say(f"encoding {name}")
            self._images[name] = self.server.encoded(name, pictures.drawn_jpeg(size))
        return self._images[name]

    @contextmanager
    def chromium(self, profile: Path | None = None) -> Iterator[Any]:
        """A headless Chromium: a playwright Browser, or with a profile folder its BrowserContext.

        Raises Missing when there is no playwright or no Chromium.
        """
        program = find_chromium()
        if program is None:
            raise Missing(f"There is no Chromium here. {HOW_TO_GET_IT}")
        options: dict[str, Any] = {
            "executable_path": str(program),
            "args": list(_FLAGS),
            "chromium_sandbox": False,  # it opens this program's own pages only, and containers forbid it
        }
        driver = self._driver()
        if profile is None:
            opened = browser = driver.launch(**options)
        else:
            opened = driver.launch_persistent_context(str(profile), **options)
            browser = opened.browser
        if browser is not None:
            self.chromium_version = browser.version
        try:
            yield opened
        finally:
            opened.close()

    def _driver(self) -> "BrowserType":
        if self._playwright is None:
            try:
                from playwright.sync_api import sync_playwright
            except ImportError:
                raise Missing(_NO_PLAYWRIGHT) from None
            self._playwright = self._ends.enter_context(sync_playwright()).chromium
        return self._playwright
