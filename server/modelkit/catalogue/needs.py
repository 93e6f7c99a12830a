"""What the verbs need beyond what `pip install samphire` brings, and how to get it."""

from dataclasses import dataclass
from importlib.util import find_spec

from ...errors import Unavailable


@dataclass(frozen=True)
class Extra:
    """An extra of the distribution and what is imported of it."""

    name: str
    packages: tuple[str, ...]

    @property
    def install(self) -> str:
        return f'pip install "samphire[{self.name}]"'


BUILDING = Extra("segmenters", ("onnx",))
EXPORTING = Extra("export", ("torch", "onnx", "onnxscript", "safetensors"))


def check_packages(extra: Extra, what: str) -> None:
    """Raises Unavailable when one is missing."""
    missing = [name for name in extra.packages if find_spec(name) is None]
    if missing:
        raise Unavailable(
            f"{what} needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed.",
            hint=f"`{extra.install}` brings what is needed; nothing was changed.",
        )
