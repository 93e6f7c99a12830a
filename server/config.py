"""The settings: one row each (name, default, help), from which flags, environment variables and docs come.

A value is taken from the command line, else from `SAMPHIRE_<NAME>`, else from the row's default.
"""

import argparse
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .addresses import (
    EVERYWHERE,
    Bucket,
    Network,
    is_loopback_host,
    listed,
    one_of,
    read_base_path,
    read_blobs,
    read_database,
    read_issuer,
    read_listener,
    read_networks,
    read_origins,
    read_places,
    read_redis,
    read_report_address,
)
from .errors import InvalidSetting
from .paths import default_data_folder
from .setting_rows import check, parse, rows_of
from .setting_rows import row as _row

LOG_LEVELS = ("debug", "info", "warning", "error")
CSP_MODES = ("enforce", "report-only")
LOG_FORMATS = ("text", "json")
OIDC_ACCOUNTS = ("invited", "anybody")


@dataclass(frozen=True)
class Settings:
    """The table. Every field is a setting; what is derived from them stands below as properties."""

    host: str = _row(
        "127.0.0.1", "Address to listen on. Unless it is a loopback address, people sign in, as with --team."
    )
    port: int = _row(8765, "Port to listen on; 0 picks a free one.", least=0, most=65535)
    data: str = _row("", "Folder for all stored data (default: the system's folder for user data).")
    database: str = _row(
        "",
        "PostgreSQL database to use in the place of the data folder's SQLite file, as "
        "postgresql+psycopg://user:password@host/name; with a password better in the variable, which nobody else sees.",
        read=read_database,
        secret=True,
    )
    redis: str = _row(
        "",
        "Redis server that several server processes share, as redis://user:password@host:6379/0; needs --database. "
        "A password is better in the variable.",
        read=read_redis,
        secret=True,
    )
    blobs: str = _row(
        "",
        "Where images, and what encoders made of them, are kept: s3://bucket/prefix, with "
        "?endpoint=https://minio.example for another store than AWS (default: the data folder). Keys come from AWS's "
        "environment variables and files.",
        read=read_blobs,
    )
    jobs: str = _row(
        "inprocess",
        "Who does jobs, such as encoding: inprocess (servers), or celery (`samphire worker`, by --redis).",
        read=one_of("inprocess", "celery"),
    )
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
    metrics_address: str = _row(
        "",
        "Address and port, such as 127.0.0.1:9100, at which Prometheus reads /metrics; whoever reaches it may.",
        read=read_listener,
    )
    frame_ancestors: str = _row(
        "", "Origins whose pages may show this server in a frame, separated by commas.", read=read_origins
    )
    csp: str = _row(
        "enforce",
        f"What browsers do about what the content policy forbids: {', '.join(CSP_MODES)}.",
        read=one_of(*CSP_MODES),
    )
    csp_report_to: str = _row(
        "",
        "Address that browsers report to what the content policy forbids, such as https://reports.example/csp.",
        read=read_report_address,
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
    drain_s: float = _row(
        0.0,
        "How long to go on answering after being told to stop, in seconds, while /readyz says 503: for a load balancer "
        "that notices late.",
        least=0,
        most=600,
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
        read=one_of(*OIDC_ACCOUNTS),
    )
    log_format: str = _row(
        "text",
        f"How log lines are written: {', '.join(LOG_FORMATS)}.",
        read=one_of(*LOG_FORMATS),
    )
    log_names: bool = _row(False, "Let log lines quote the names of files, labels and people.")
    log_level: str = _row("info", f"How much to log: {', '.join(LOG_LEVELS)}.", read=one_of(*LOG_LEVELS))

    def __post_init__(self) -> None:
        for row in ROWS:
            check(row, getattr(self, row.name))
        if self.redis and not self.database:
            hint = "SQLite's file is for one process: see docs/many-machines.md."
            raise InvalidSetting("--redis needs --database.", hint=hint)
        if self.jobs == "celery" and not self.redis:
            raise InvalidSetting(
                "--jobs celery needs --redis.", hint="Workers learn of new jobs through Redis."
            )

    @property
    def data_path(self) -> Path:
        return Path(self.data or default_data_folder()).expanduser().absolute()

    @property
    def database_path(self) -> Path:
        """The SQLite file, where that is the database."""
        return self.data_path / "samphire.db"

    @property
    def bucket(self) -> Bucket | None:
        """Where blobs are, unless in the data folder."""
        return read_blobs(self.blobs)

    @property
    def database_url(self) -> str:
        """As SQLAlchemy has it."""
        return read_database(self.database) or f"sqlite:///{self.database_path}"

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


ROWS = rows_of(Settings)


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
            chosen[row.name] = parse(row, value, row.flag) if isinstance(value, str) else value
        elif row.variable in environ:
            chosen[row.name] = parse(row, environ[row.variable], row.variable)
    return Settings(**chosen)


def markdown_table() -> str:
    """The settings as the documentation shows them."""
    lines = ["| flag | variable | default | what it is |", "|---|---|---|---|"]
    lines += [f"| `{r.flag}` | `{r.variable}` | `{r.default!r}` | {r.help} |" for r in ROWS]
    return "\n".join(lines)
