"""Which JavaScript modules a page needs, so that it can name them all at once.

Modules are found one import at a time, a round trip for each level; `<link rel="modulepreload">` for the whole
closure makes it one. Imports are read from the files, a checkout's or a bundle's, so the list cannot fall behind them.
"""

import posixpath
import re
from functools import lru_cache
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STATIC = re.compile(r"""(?:^|(?<=;))\s*(?:import|export)\b[^"';]*?["'](\.[^"']+)["'];""", re.MULTILINE)


@lru_cache(maxsize=8)
def closure(root: Path, entries: tuple[str, ...]) -> tuple[str, ...]:
    """The modules `entries` and all that they import at once, as paths under `root`: of each entry all, then of the
    next, since those who name the first ones first want them first."""
    found: dict[str, None] = {}
    waiting = list(entries)
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found[path] = None
        code = _COMMENT.sub("", (root / path).read_text("utf-8"))
        waiting[:0] = [
            posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            for name in _STATIC.findall(code)
        ]
    return tuple(found)
