"""One line of the report."""

from typing import NamedTuple


class Check(NamedTuple):
    """`mend`: what to do when not ok. Samphire works without what is not `needed`."""

    name: str
    ok: bool
    value: str
    mend: str = ""
    needed: bool = True
