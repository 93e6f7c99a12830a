"""Addresses, networks and origins, read from text."""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_PORTS = {"http": 80, "https": 443}
_MOST_CHARACTERS = 2000
_ORIGIN = re.compile(
    r"'self'|\*|https?://(\*\.)?[\w.-]+(:(\d+|\*))?|https?://\[[0-9a-f:]+\](:\d+)?", re.IGNORECASE
)


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


def read_base_path(text: str) -> str:
    """ "/samphire" of "samphire/"; "" for the root of a host. Raises ValueError."""
    path = "/".join(["", *filter(None, text.strip().split("/"))])
    if not re.fullmatch(r"(/[\w.~-]*[\w~-][\w.~-]*)*", path, re.ASCII):
        raise ValueError(f"must be a path such as /samphire, not {text!r}")
    return path


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
