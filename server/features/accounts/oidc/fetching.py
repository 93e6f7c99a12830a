"""What the server asks a provider for: JSON, where nobody can listen in, and never where it is redirected to."""

import logging
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from ....addresses import is_secret
from ....domain.outside.json_values import InvalidJSON, parse_json
from ....errors import ProviderUnavailable, SignInRefused

log = logging.getLogger("samphire.oidc")

_SECONDS = 10.0
_MOST_BYTES = 1_000_000


class _Nowhere(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


class Fetcher:
    """`on_this_machine`: whether the provider is, so that http will do. Waits on sockets only, as gevent's are."""

    def __init__(self, on_this_machine: bool) -> None:
        self._here = on_this_machine
        proxies = [ProxyHandler({})] if on_this_machine else []
        self._opener = build_opener(_Nowhere, *proxies)

    def check(self, address: Any) -> str:
        """That an address may be asked, or people sent to it. Raises ProviderUnavailable."""
        if not isinstance(address, str) or not is_secret(address, self._here):
            raise _failed("an address that is not https", address)
        return address

    def get(self, address: str) -> dict[str, Any]:
        """Raises ProviderUnavailable."""
        return self._ask(Request(self.check(address), headers={"Accept": "application/json"}))

    def post(self, address: str, form: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
        """Raises ProviderUnavailable, SignInRefused."""
        body = urlencode(form).encode()
        return self._ask(Request(self.check(address), body, {"Accept": "application/json", **headers}))

    def _ask(self, request: Request) -> dict[str, Any]:
        where = urlsplit(request.full_url).hostname
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                data = answer.read(_MOST_BYTES + 1)
        except HTTPError as error:
            with error:
                log.warning("The sign-in provider at %s answered with %d.", where, error.code)
                if request.data is not None and error.code in (400, 401):
                    raise SignInRefused("The sign-in provider did not accept this sign-in.") from None
            raise ProviderUnavailable() from None
        except (OSError, HTTPException) as error:
            log.warning("The sign-in provider at %s cannot be asked: %s", where, error)
            raise ProviderUnavailable() from None
        if len(data) > _MOST_BYTES:
            raise _failed("an answer that is too long", where)
        try:
            found = parse_json(data)
        except InvalidJSON:
            raise _failed("what is no JSON", where) from None
        if not isinstance(found, dict):
            raise _failed("no JSON object", where)
        return found


def _failed(what: str, told: object) -> ProviderUnavailable:
    log.warning("The sign-in provider gave %s: %r", what, told)
    return ProviderUnavailable()
