"""Finds an installed Chromium, Chrome or Edge for the browser tests and `samphire bench`; fetches none."""

import os
import shutil
import sys
from pathlib import Path

VARIABLE = "SAMPHIRE_CHROMIUM"
HOW_TO_GET_IT = (
    "Install Chromium (Debian: `sudo apt install chromium`; macOS: `brew install --cask chromium`; "
    f"Windows: `winget install Hibbiki.Chromium`), or set {VARIABLE} to the program of an installed Chrome "
    "or Edge."
)
# Against what costs time and has nothing to do with a page: updates, lookups, and the address bar's pop-ups, pages that
# each new window loads. The last list of features counts alone, so what matters of Playwright's own stands in it too.
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,"
    "NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_MAC = ("Chromium", "Google Chrome", "Microsoft Edge")
_WINDOWS = (r"Chromium\Application\chrome.exe", r"Google\Chrome\Application\chrome.exe",
            r"Microsoft\Edge\Application\msedge.exe")  # fmt: skip


def find_chromium() -> Path | None:
    """The program, or None. SAMPHIRE_CHROMIUM decides when it is set, even when it points at nothing."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen) if Path(chosen).is_file() else None
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    if on_path:
        return Path(on_path)
    return next((path for path in _usual_places() if path.is_file()), None)


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        return [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in _MAC]
    if sys.platform == "win32":
        folders = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return [Path(folder) / place for folder in folders if folder for place in _WINDOWS]
    return []
