"""The settings: one row each (name, default, help), from which flags, environment variables and docs come.

A value is taken from the command line, else from `SAMPHIRE_<NAME>`, else from the row's default.
"""

import argparse
import os
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from .addresses import (
    EVERYWHERE,
    Network,
    is_loopback_host,
    listed,
    read_base_path,
    read_issuer,
    read_networks,
    read_origins,
    read_places,
)
from .errors import InvalidSetting

LOG_LEVELS = ("debug", "info", "warning", "error")
OIDC_ACCOUNTS = ("invited", "anybody")


def default_data_folder() -> str:
    """Where the operating system wants a program's data."""
    if sys.platform == "win32":
        return str(Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Samphire")
    if sys.platform == "darwin":
        return str(Path.home() / "Library" / "Application Support" / "Samphire")
    return str(Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "samphire")


def _row(
    default: Any,
    help: str,
    *,
    least: float | None = None,
    most: float | None = None,
    read: Callable[[str], object] | None = None,
) -> Any:
    """`read`: what a text means; raises ValueError, whose words follow the flag's name."""
    return field(default=default, metadata={"help": help, "least": least, "most": most, "read": read})


def _one_of(*choices: str) -> Callable[[str], object]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {text!r}")
        return text

    return read


@dataclass(frozen=True)
class Settings:
    """The table. Every field is a setting; what is derived from them stands below as properties."""

    host: str = _row(
        "127.0.0.1", "Address to listen on. Unless it is a loopback address, people sign in, as with --team."
    )
    port: int = _row(8765, "Port to listen on; 0 picks a free one.", least=0, most=65535)
    data: str = _row("", "Folder for all stored data (default: the system's folder for user data).")
    open_browser: bool = _row(True, "Open the page in a browser once the server listens.")
    team: bool = _row(
        False,
        "Let several people work here, each with an account; the first start prints a link to create the owner's.",
    )
    allowed_hosts: str = _row(
        "",
        "Other host names of this server, separated by commas; with the port if a proxy drops it.",
    )
    base_path: str = _row(
        "", "Path below which a proxy serves this server, such as /samphire.", read=read_base_path
    )
    trusted_proxies: str = _row(
        "",
        "Addresses or networks of reverse proxies whose X-Forwarded-* headers are trusted, separated by commas. "
        "People then sign in, as with --team.",
        read=read_networks,
    )
    frame_ancestors: str = _row(
        "", "Origins whose pages may show this server in a frame, separated by commas.", read=read_origins
    )
    outgoing_networks: str = _row(
        "",
        "Private networks, such as 10.0.0.0/8, that webhooks may be sent to and Label Studio's images fetched from, "
        "separated by commas.",
        read=read_networks,
    )
    label_studio: str = _row(
        "",
        "Address of Label Studio, for projects used as its ML backend, and other addresses that its images may be "
        "fetched from, separated by commas.",
        read=read_places,
    )
    max_upload_mb: float = _row(50.0, "Largest upload, in megabytes (10^6 bytes).", least=0.001, most=4000)
    max_import_mb: float = _row(
        20_000.0, "Largest archive of images, in megabytes.", least=0.001, most=1_000_000
    )
    max_pixels: int = _row(100_000_000, "Largest image, in pixels; checked before decoding.", least=1)
    max_sandboxes: int = _row(
        1000, "Most sandboxes of visitors at once, of which those of one share link may be half.", least=0
    )
    max_side: int = _row(20_000, "Longest side of an image, in pixels; checked before decoding.", least=1)
    encode_threads: int = _row(0, "Threads per image encoding; 0 uses all cores.", least=0, most=256)
    decode_workers: int = _row(
        0, "Masks computed at once on the server; 0 uses all cores.", least=0, most=256
    )
    predict_timeout_s: float = _row(
        60.0, "How long a prediction waits for its image to be encoded, in seconds.", least=0, most=3600
    )
    segmenter: str = _row(
        "mobile_sam",
        "Segmenter to use by default; `samphire segmenters list` lists the installed ones.",
    )
    oidc_issuer: str = _row(
        "", "Issuer of an OpenID Connect provider that people may sign in with.", read=read_issuer
    )
    oidc_client_id: str = _row(
        "",
        "What that provider knows this server as. The secret that goes with it is in SAMPHIRE_OIDC_CLIENT_SECRET, "
        "or in a file.",
    )
    oidc_secret_file: str = _row("", "File that holds the client's secret and nothing else.")
    oidc_name: str = _row("", "What people call the provider (default: its host).")
    oidc_accounts: str = _row(
        "invited",
        "Who gets an account by signing in with the provider: invited (who follows a link), or anybody.",
        read=_one_of(*OIDC_ACCOUNTS),
    )
    log_level: str = _row("info", f"How much to log: {', '.join(LOG_LEVELS)}.", read=_one_of(*LOG_LEVELS))

    def __post_init__(self) -> None:
        for row in ROWS:
            _check(row, getattr(self, row.name))

    @property
    def data_path(self) -> Path:
        return Path(self.data or default_data_folder()).expanduser().absolute()

    @property
    def is_local(self) -> bool:
        """Bound to loopback: whoever reaches the port is already on this machine."""
        return is_loopback_host(self.host)

    @property
    def is_team(self) -> bool:
        """Whether people sign in, since others than the one at this machine can reach the server."""
        return self.team or not self.is_local or bool(self.proxy_networks)

    @property
    def allowed_addresses(self) -> frozenset[str]:
        """Host names, some with a port, as a browser's address has them."""
        return frozenset(name.lower() for name in listed(self.allowed_hosts))

    @property
    def base(self) -> str:
        """What every address of this server begins with: "" or as "/samphire"."""
        return read_base_path(self.base_path)

    def address(self, host: str, port: int) -> str:
        """What to open in a browser to reach this server by that name."""
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{port}{self.base}/"

    def local_address(self, port: int) -> str:
        """The same on this machine."""
        return self.address("127.0.0.1" if self.host in EVERYWHERE else self.host, port)

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        return read_networks(self.trusted_proxies)

    @property
    def own_networks(self) -> tuple[Network, ...]:
        return read_networks(self.outgoing_networks)

    @property
    def image_places(self) -> tuple[str, ...]:
        return read_places(self.label_studio)

    @property
    def framing_origins(self) -> tuple[str, ...]:
        return read_origins(self.frame_ancestors)

    @property
    def max_upload_bytes(self) -> int:
        return int(self.max_upload_mb * 1_000_000)

    @property
    def max_import_bytes(self) -> int:
        return int(self.max_import_mb * 1_000_000)


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


def _rows() -> tuple[Row, ...]:
    kinds = get_type_hints(Settings)
    return tuple(Row(f.name, kinds[f.name], f.default, **f.metadata) for f in fields(Settings))


ROWS = _rows()


def _check(row: Row, value: Any) -> None:
    if row.least is not None and not value >= row.least:
        raise InvalidSetting(f"{row.flag} must be at least {row.least:g}, not {value}.")
    if row.most is not None and not value <= row.most:
        raise InvalidSetting(f"{row.flag} must be at most {row.most:g}, not {value}.")
    if row.read is not None:
        try:
            row.read(value)
        except ValueError as error:
            raise InvalidSetting(f"{row.flag} {error}.") from None


def _parse(row: Row, text: str, where: str) -> Any:
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


def add_arguments(
    parser: argparse.ArgumentParser, only: Collection[str] | None = None, absent: Any = None
) -> None:
    """One flag per row, or for those named in `only`; absent flags stay None so that the environment can speak.

    A parser below another takes `argparse.SUPPRESS` for `absent`, so as not to hide what that one was given.
    """
    group = parser.add_argument_group("settings")
    for row in ROWS:
        if only is not None and row.name not in only:
            continue
        text = f"{row.help} [{row.variable}; {row.default!r}]".replace("%", "%%")
        if row.kind is bool:
            group.add_argument(row.flag, action=argparse.BooleanOptionalAction, default=absent, help=text)
        else:
            group.add_argument(row.flag, default=absent, metavar=row.kind.__name__.upper(), help=text)


def load(flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from parsed flags (`vars(namespace)`; None means not given) and the environment.

    Raises InvalidSetting, naming the flag or variable."""
    flags = flags or {}
    environ = os.environ if environ is None else environ
    chosen: dict[str, Any] = {}
    for row in ROWS:
        value = flags.get(row.name)
        if value is not None:
            chosen[row.name] = _parse(row, value, row.flag) if isinstance(value, str) else value
        elif row.variable in environ:
            chosen[row.name] = _parse(row, environ[row.variable], row.variable)
    return Settings(**chosen)


def markdown_table() -> str:
    """The settings as the documentation shows them."""
    lines = ["| flag | variable | default | what it is |", "|---|---|---|---|"]
    lines += [f"| `{r.flag}` | `{r.variable}` | `{r.default!r}` | {r.help} |" for r in ROWS]
    return "\n".join(lines)
