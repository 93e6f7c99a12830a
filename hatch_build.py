"""The build hook: makes what is generated (server/vendoring.py) and says what goes into the wheel."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SamphireBuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """For a wheel, and for an editable installation, which takes the files from the checkout itself."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)  # the source tree's own `server`
        from server.vendoring import VendoringFailed, ensure

        try:
            ensure(Path(self.root), self.app.display_info)
        except VendoringFailed as error:
            self.app.abort(str(error))
        if version == "standard":
            build_data["force_include"].update(wheel_files(Path(self.root)))


def wheel_files(root: Path) -> dict[str, str]:
    """Path in the tree -> path in the wheel, of what lies outside the package or is git-ignored."""
    from server.vendoring import VENDOR_FILES

    left_out = {root / "static" / "vendor" / file.target for file in VENDOR_FILES if not file.in_wheel}
    return {
        str(path): f"server/{folder.name}/{path.relative_to(folder).as_posix()}"
        for folder in (root / "static", root / "templates", root / "server" / "segmenters")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in left_out and path.suffix != ".map" and path.name[0] != "."
    }
