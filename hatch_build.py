"""The build hook: makes what is generated (server/modelkit) and says what goes into the wheel."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The package's modules import each other by relative names, so that it can be called `server` in a checkout and
# `samphire` once installed. An editable installation has both.
ALIAS = "\n__path__ = [{folder!r}]  # the checkout's\n"


class SamphireBuildHook(BuildHookInterface):
    _made: TemporaryDirectory | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """For a wheel, and for an editable installation, which takes the files from the checkout itself."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)  # the source tree's own `server`
        from server.modelkit.bundling import bundle
        from server.modelkit.vendoring import VendoringFailed, ensure

        root = Path(self.root)
        try:
            ensure(root, self.app.display_info)
            self._made = TemporaryDirectory(prefix="samphire-")
            made = Path(self._made.name)
            if version == "standard":
                bundle(root, made)
                build_data["force_include"].update(wheel_files(root, made))
            else:
                alias = made / "__init__.py"
                own = (root / "server" / "__init__.py").read_text("utf-8")
                alias.write_text(own + ALIAS.format(folder=str(root / "server")), "utf-8")
                build_data["force_include_editable"] = {str(alias): "samphire/__init__.py"}
        except VendoringFailed as error:
            self.app.abort(str(error))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self._made is not None:
            self._made.cleanup()


def wheel_files(root: Path, bundled: Path) -> dict[str, str]:
    """Path on disk -> path in the wheel, of what lies outside the package, is git-ignored, or was bundled."""
    from server.modelkit.bundling import BUNDLED
    from server.modelkit.vendoring import LEFT_OUT

    static = root / "static"
    left_out = {static / "vendor" / name for name in LEFT_OUT}
    left_out |= {path for name in BUNDLED for path in (static / name).rglob("*")}
    found = {
        **_placed(static, "samphire/static"),
        **_placed(root / "templates", "samphire/templates"),
        **_placed(root / "server" / "segmenters", "samphire/segmenters"),
        **_placed(bundled, "samphire/static"),
    }
    return {str(path): place for path, place in found.items() if path not in left_out}


def _placed(folder: Path, place: str) -> dict[Path, str]:
    return {
        path: f"{place}/{path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name[0] != "."
    }
