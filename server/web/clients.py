"""Who asks: the client, as the jobs take turns among them (`runtime.turns`). Address, then who says to be there, then
connection."""

import hashlib
import ipaddress
from collections.abc import Mapping
from typing import Any

from flask import Flask, g, request

from ..runtime.turns import Path, client


def register(app: Flask) -> None:
    app.before_request(_name)


def _name() -> None:
    """A person's browsers and programs are one, whatever else they send."""
    address, who, port = of_request(request.environ)
    account = g.samphire_actor.id if "samphire_actor" in g else ""
    client.set((address, f"account {account}" if account else who, port))


def of_request(environ: Mapping[str, Any]) -> tuple[str, str, str]:
    """The client of a request of nobody that is known: those of one address are told apart by what they authorize
    with."""
    said = f"{environ.get('HTTP_AUTHORIZATION', '')} {environ.get('HTTP_COOKIE', '')}"
    who = hashlib.sha256(said.encode()).hexdigest()[:16]
    return (address_of(environ), f"http {who}", str(environ.get("REMOTE_PORT", "")))


def of_session(environ: Mapping[str, Any], session: str) -> Path:
    """The client of a session of the socket."""
    return (address_of(environ), f"socket {session}")


def address_of(environ: Mapping[str, Any]) -> str:
    """Where somebody is. An IPv6 address stands for its network of 64 bits: who has one has all of them."""
    text = str(environ.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if address.version == 6:
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
