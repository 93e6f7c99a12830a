"""What a setting is: a field of a frozen dataclass with its default and help, read from texts and checked.

Which settings there are is `config`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from .errors import InvalidSetting


def row(
    default: Any,
    help: str,
    *,
    least: float | None = None,
    most: float | None = None,
    read: Callable[[str], object] | None = None,
    secret: bool = False,
) -> Any:
    """`read`: what a text means; raises ValueError, whose words follow the flag's name. `secret`: never printed."""
    return field(
        default=default, repr=not secret, metadata={"help": help, "least": least, "most": most, "read": read}
    )


@dataclass(frozen=True)
class Row:
    """One setting as flags, environment and docs see it."""

    name: str
    kind: type
    default: Any
    help: str
    least: float | None
    most: float | None
    read: Callable[[str], object] | None

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return "SAMPHIRE_" + self.name.upper()


def rows_of(table: type) -> tuple[Row, ...]:
    """Of a dataclass whose fields are `row`s."""
    kinds = get_type_hints(table)
    return tuple(Row(f.name, kinds[f.name], f.default, **f.metadata) for f in fields(table))


def check(row: Row, value: Any) -> None:
    """Raises InvalidSetting."""
    if row.least is not None and not value >= row.least:
        raise InvalidSetting(f"{row.flag} must be at least {row.least:g}, not {value}.")
    if row.most is not None and not value <= row.most:
        raise InvalidSetting(f"{row.flag} must be at most {row.most:g}, not {value}.")
    if row.read is not None:
        try:
            row.read(value)
        except ValueError as error:
            raise InvalidSetting(f"{row.flag} {error}.") from None


def parse(row: Row, text: str, where: str) -> Any:
    """A text's value. `where`: the flag or variable that InvalidSetting names."""
    if row.kind is bool:
        word = text.strip().lower()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("0", "false", "no", "off"):
            return False
        raise InvalidSetting(f"{where} must be yes or no, not {text!r}.")
    try:
        return row.kind(text)
    except ValueError:
        kind = {int: "a whole number", float: "a number"}.get(row.kind, "text")
        raise InvalidSetting(f"{where} must be {kind}, not {text!r}.") from None
