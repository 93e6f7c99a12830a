"""Addresses, networks, origins and choices, read from text."""

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_PORTS = {"http": 80, "https": 443}
_MOST_CHARACTERS = 2000
_ORIGIN = re.compile(
    r"'self'|\*|https?://(\*\.)?[\w.-]+(:(\d+|\*))?|https?://\[[0-9a-f:]+\](:\d+)?", re.IGNORECASE
)


_DATABASE = re.compile(
    r"postgresql(\+psycopg)?://"
    r"(?P<rest>([^@/?#\s]*@)?([^@:/?#\s]*|\[[0-9a-f:]+\])(:\d+)?/[^@/?#\s]+(\?[^#\s]*)?)",
    re.IGNORECASE,
)
_REDIS = re.compile(
    r"rediss?://([^@/?#\s]*@)?([^@:/?#\s]+|\[[0-9a-f:]+\])(:\d+)?(/\d*)?(\?[^#\s]*)?", re.IGNORECASE
)


_BUCKET = re.compile(
    r"s3://(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(/(?P<prefix>[\w./-]*))?(\?(?P<query>[^#\s]*))?",
    re.ASCII,
)
_ENDPOINT, _DIRECT = "endpoint", "direct"


_PLACE = re.compile(r"(https?://[\w.-]+(:\d+)?)?", re.ASCII)  # a source of a content policy


class Bucket(NamedTuple):
    """`prefix`: of every key, with a slash at its end, or "". `endpoint`: "" for what the AWS environment says.
    `direct`: the endpoint at which browsers fetch images themselves; "": they do not."""

    name: str
    prefix: str
    endpoint: str
    direct: str = ""

    @property
    def shown(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")


class Target(NamedTuple):
    """`host`: a name in ASCII, or an address. `authority`: as the header `Host` has it."""

    scheme: str
    host: str
    port: int
    path: str
    authority: str


def listed(text: str) -> list[str]:
    """Words between commas or blanks."""
    return text.replace(",", " ").split()


def one_of(*choices: str) -> Callable[[str], object]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {text!r}")
        return text

    return read


def read_listener(text: str) -> tuple[str, int] | None:
    """Host and port of "127.0.0.1:9100" or "[::1]:9100"; None for "". Raises ValueError."""
    if not text:
        return None
    try:
        parts = urlsplit(f"//{text}")
        if parts.hostname and parts.port is not None and parts.netloc == text and "@" not in text:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise ValueError(f"must be an address and a port such as 127.0.0.1:9100, not {text!r}")


def read_base_path(text: str) -> str:
    """ "/samphire" of "samphire/"; "" for the root of a host. Raises ValueError."""
    path = "/".join(["", *filter(None, text.strip().split("/"))])
    if not re.fullmatch(r"(/[\w.~-]*[\w~-][\w.~-]*)*", path, re.ASCII):
        raise ValueError(f"must be a path such as /samphire, not {text!r}")
    return path


def read_database(text: str) -> str:
    """A PostgreSQL database as SQLAlchemy knows it; "" for none. Raises ValueError, whose words have no password."""
    if not text:
        return ""
    found = _DATABASE.fullmatch(text)
    if found is None:
        raise ValueError(
            "must be like postgresql+psycopg://user:password@host/name; in a password @ is written %40, : %3A, / %2F"
        )
    return f"postgresql+psycopg://{found['rest']}"


def read_redis(text: str) -> str:
    """A Redis server as redis-py knows it; "" for none. Raises ValueError, whose words have no password."""
    if text and not _REDIS.fullmatch(text):
        raise ValueError(
            "must be like redis://user:password@host:6379/0; in a password @ is written %40, : %3A, / %2F"
        )
    return text


def read_blobs(text: str) -> Bucket | None:
    """None: the data folder. Raises ValueError, whose words have no key in them."""
    if not text:
        return None
    found = _BUCKET.fullmatch(text)
    wrong = ValueError(
        "must be like s3://bucket/prefix, with ?endpoint=https://minio.example for another store than AWS; "
        "keys come from AWS's environment variables and files"
    )
    if found is None:
        raise wrong
    parts = [each for each in (found["prefix"] or "").split("/") if each]
    try:
        named = parse_qsl(found["query"] or "", keep_blank_values=True, strict_parsing=bool(found["query"]))
        told = {name: value.rstrip("/") for name, value in named}
        for each in filter(None, told.values()):
            read_target(each)
    except ValueError:
        raise wrong from None
    direct = told.get(_DIRECT, "")
    if told.keys() - {_ENDPOINT, _DIRECT} or {".", ".."} & set(parts) or not _PLACE.fullmatch(direct):
        raise wrong
    return Bucket(found["name"], "".join(f"{each}/" for each in parts), told.get(_ENDPOINT, ""), direct)


def read_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, as 10.0.0.0/8. Raises ValueError."""
    try:
        return tuple(ipaddress.ip_network(each, strict=False) for each in listed(text))
    except ValueError:
        raise ValueError(f"must list addresses, or networks as 10.0.0.0/8, not {text!r}") from None


def read_origins(text: str) -> tuple[str, ...]:
    """Sources of a frame-ancestors directive. Raises ValueError."""
    origins = tuple(listed(text))
    wrong = next((each for each in origins if not _ORIGIN.fullmatch(each)), None)
    if wrong is not None:
        raise ValueError(f"must list origins as https://wiki.example:8080, not {wrong!r}")
    return origins


def read_places(text: str) -> tuple[str, ...]:
    """Addresses of http or https, as https://label-studio.example/path. Raises ValueError."""
    places = tuple(listed(text))
    for each in places:
        try:
            odd = any(mark in read_target(each).path for mark in ("?", "/.."))
        except ValueError:
            odd = True
        if odd or "#" in each:
            raise ValueError(f"must list addresses as https://label-studio.example, not {each!r}")
    return places


def read_report_address(text: str) -> str:
    """Where browsers report to; "" for nowhere. Raises ValueError."""
    try:
        if text:
            read_target(text)
        odd = any(mark in text for mark in ';,"#')
    except ValueError:
        odd = True
    if odd:
        raise ValueError(f"must be an address as https://reports.example/csp, not {text!r}")
    return text


def read_target(address: str) -> Target:
    """Raises ValueError."""
    wrong = ValueError("An address begins with http:// or https://, and has no name or password in it.")
    if (
        len(address) > _MOST_CHARACTERS
        or not address.isascii()
        or not address.isprintable()
        or " " in address
    ):
        raise wrong
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or "\\" in address:
        raise wrong
    host = parts.hostname.rstrip(".")
    if not host or "%" in host:
        raise wrong
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port in (None, _PORTS[parts.scheme]) else f"{shown}:{port}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path, authority)


def is_loopback_host(host: str) -> bool:
    """Whether it is this machine, by any of its loopback names and numbers."""
    return host in LOOPBACK_HOSTS or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def is_secret(address: str, with_loopback: bool = False) -> bool:
    """Whether nobody between can read what is sent to an address: over https, or to this machine, where that counts."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (raises when it is not a number)
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc or not address.isprintable() or " " in address:
        return False
    here = with_loopback and parts.scheme == "http" and is_loopback_host(parts.hostname)
    return here or parts.scheme == "https"


def read_issuer(text: str) -> str:
    """An OpenID Connect issuer: an https address, or one on this machine; "" for none. Raises ValueError."""
    if text and (not is_secret(text, with_loopback=True) or "?" in text or "#" in text):
        raise ValueError(f"must be an address as https://login.example, not {text!r}")
    return text
