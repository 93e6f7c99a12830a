"""Requests to addresses that people name: to public ones only, and to what the settings allow besides.

What a name leads to is looked up once and looked at; then that address is connected to, whatever the name says by now.
Redirects are not followed, no proxy of the environment is asked, and all of it takes so many seconds at most.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

import urllib3
from gevent import Timeout, monkey
from gevent.threadpool import ThreadPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from ..addresses import Network, Target, read_target

_ADDRESSES = 3  # of a name that are tried
_CONNECT_SECONDS = 5.0
_PART = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_RESOLVERS = 8  # threads of their own: names that take long to look up hold up nobody else
_NOT_PUBLIC = "No public host has this address."
_LATE = "It did not answer in time."
_NOT_TRUSTED = "Its certificate is not valid for this name."
_BROKE_OFF = "The connection broke off."
_LEADS_ON = "It redirects to another address, which is not followed."
_NOT_REACHED = "It cannot be reached."
REASONS = (
    _NOT_PUBLIC,
    _LATE,
    _NOT_TRUSTED,
    _BROKE_OFF,
    _LEADS_ON,
    _NOT_REACHED,
)  # why what is sent does not arrive
_getaddrinfo = monkey.get_original("socket", "getaddrinfo")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReached(Exception):
    """Why a request was not sent, or not answered: a sentence for whoever named the address. It is the same for a name
    that does not exist and for one that leads into this server's network."""


class Answer(NamedTuple):
    """`body`: at most as many bytes as were asked for."""

    status: int
    body: bytes
    seconds: float


class Outside:
    """One per process. `allowed`: networks that are not public, and may be asked all the same."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = tuple(allowed)
        self._resolvers = ThreadPool(_RESOLVERS)

    def close(self) -> None:
        self._resolvers.kill()

    def check(self, address: str) -> Target:
        """Where an address leads. Raises NotReached for what is no address, and for a number that may not be asked;
        names are looked up when they are asked."""
        try:
            target = read_target(address)
        except ValueError as error:
            raise NotReached(str(error)) from None
        try:
            literal = ipaddress.ip_address(target.host)
        except ValueError:
            return target
        self._admit(literal)
        return target

    def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        seconds: float,
        most_bytes: int = 0,
    ) -> Answer:
        """Raises NotReached: also for a redirect, and for an answer of more than `most_bytes`, unless they are 0, with
        which nothing of it is read."""
        began = time.monotonic()
        with Timeout(seconds, NotReached(_LATE)):
            target = self.check(address)
            for found in self._addresses(target):
                try:
                    status, read = _send(method, target, found, headers, body, seconds, most_bytes)
                except (NewConnectionError, ConnectTimeoutError):
                    continue
                except ReadTimeoutError:
                    raise NotReached(_LATE) from None
                except SSLError:
                    raise NotReached(_NOT_TRUSTED) from None
                except (HTTPError, OSError, ValueError):
                    raise NotReached(_BROKE_OFF) from None
                if 300 <= status < 400:
                    raise NotReached(_LEADS_ON)
                return Answer(status, read, time.monotonic() - began)
            raise NotReached(_NOT_REACHED)

    def _addresses(self, target: Target) -> list[Address]:
        """All that a name leads to, when all may be asked."""
        addresses = self._resolvers.spawn(_look_up, target.host, target.port).get()
        if not addresses:
            raise NotReached(_NOT_PUBLIC)
        for each in addresses:
            self._admit(each)
        return addresses[:_ADDRESSES]

    def _admit(self, address: Address) -> None:
        """Raises NotReached."""
        plain = getattr(address, "ipv4_mapped", None) or address
        if any(plain in network for network in self._allowed):
            return
        if not all(map(_is_public, [plain, *_inside(plain)])):
            raise NotReached(_NOT_PUBLIC)


def _look_up(host: str, port: int) -> list[Address]:
    """In a native thread, where nothing may be raised; nothing where there is no such name."""
    try:
        found = _getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        return list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))
    except (OSError, UnicodeError, ValueError):
        return []


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inside(address: Address) -> Iterator[Address]:
    """Addresses of the older kind that one of the newer stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        yield from filter(None, (address.sixtofour, *(address.teredo or ())))
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _send(
    method: str,
    target: Target,
    address: Address,
    headers: Mapping[str, str],
    body: bytes | None,
    seconds: float,
    most_bytes: int,
) -> tuple[int, bytes]:
    timeout = urllib3.Timeout(connect=min(_CONNECT_SECONDS, seconds), read=seconds)
    host = f"[{address}]" if address.version == 6 else str(address)
    pool = (
        urllib3.HTTPConnectionPool(host, target.port, timeout=timeout, retries=False)
        if target.scheme == "http"
        else urllib3.HTTPSConnectionPool(
            host, target.port, timeout=timeout, retries=False, server_hostname=target.host
        )
    )
    sent = {**headers, "Host": target.authority, "Accept-Encoding": "identity", "Connection": "close"}
    try:
        answer = pool.urlopen(
            method, target.path, body=body, headers=sent, redirect=False, preload_content=False
        )
        with closing(answer):
            read = bytearray()
            for part in answer.stream(_PART, decode_content=False) if most_bytes else ():
                read += part
                if len(read) > most_bytes:
                    raise NotReached(f"Its answer is larger than {most_bytes / 1e6:g} MB.")
            return answer.status, bytes(read)
    finally:
        pool.close()
