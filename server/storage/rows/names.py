"""Names of files as they are searched and sorted. Pure computation."""

import re

_DIGITS = re.compile(r"[0-9]+")
_MOST_DIGITS = 99


def search_name(name: str) -> str:
    """Without the difference of upper and lower case, in any script."""
    return name.casefold()


def sort_name(name: str) -> str:
    """Sorts as people do: "img2" before "img10", whatever the case."""
    return _DIGITS.sub(_number, name.casefold())


def _number(match: re.Match[str]) -> str:
    """A number after how many digits it has, so that shorter ones come first."""
    digits = match[0].lstrip("0") or "0"
    return f"{min(len(digits), _MOST_DIGITS):02d}{digits}"
