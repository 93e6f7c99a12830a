"""What of the table a person can be offered to pull here: all that its packages are there for, or nearly."""

from importlib.util import find_spec
from typing import Any

from ...inference.catalog import QUALITY_KEYS
from . import sources
from .needs import BUILDING, EXPORTING, Extra
from .npm_package import npm_is_there
from .sources import Bundled, NpmPackage


def offers() -> list[dict[str, Any]]:
    """Those of the best measured quality first. Checkpoints, which need gigabytes of packages, only where those are."""
    found = []
    for one in sources.PULLABLE:
        if isinstance(one, Bundled):
            continue
        package = isinstance(one, NpmPackage)
        extra = BUILDING if package else EXPORTING
        lacks = not _has(extra) or (package and not npm_is_there())
        if lacks and not package:
            continue
        quality = one.quality if isinstance(one, NpmPackage) else None
        found.append(
            {
                "id": one.id,
                "title": one.title,
                "licence": one.licence,
                "download_bytes": one.archive.bytes,
                "quality": None
                if quality is None
                else dict(zip(QUALITY_KEYS, ("Berkeley", 100, *quality), strict=True)),
                "needs": extra.install if lacks else None,
            }
        )
    return sorted(found, key=lambda offer: -offer["quality"]["one_click"] if offer["quality"] else 0)


def _has(extra: Extra) -> bool:
    return all(find_spec(name) is not None for name in extra.packages)
