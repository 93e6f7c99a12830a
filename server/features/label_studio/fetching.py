"""Images that Label Studio names: in the address itself, from itself, or from where the settings allow."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ...addresses import Target, read_target
from ...errors import BadRequest, TooLarge
from ...runtime.outside import NotReached, Outside

TOKEN_VARIABLE = "SAMPHIRE_LABEL_STUDIO_TOKEN"
_SECONDS = 30.0
_DATA = "data:"


class Fetched(NamedTuple):
    """`name`: for people."""

    data: bytes
    name: str


class ImageSource:
    """`places`: addresses that images are fetched below; the first is Label Studio's own, which alone is sent `token`,
    and below which addresses without a host are."""

    def __init__(self, outside: Outside, places: Sequence[str], token: str | None, most_bytes: int) -> None:
        self._outside, self._token, self._most = outside, token, most_bytes
        self._places = [read_target(place.rstrip("/") + "/") for place in places]

    def fetch(self, address: str) -> Fetched:
        """Raises BadRequest, TooLarge."""
        if address.startswith(_DATA):
            return Fetched(self._inside(address), "image")
        whole, is_own = self._whole(address)
        headers = {"Accept": "image/*"}
        if self._token and is_own:
            headers["Authorization"] = f"Token {self._token}"
        try:
            answer = self._outside.ask("GET", whole, headers=headers, seconds=_SECONDS, most_bytes=self._most)
        except NotReached as error:
            raise BadRequest(f"The image of the task cannot be fetched. {error}") from None
        if answer.status != 200:
            raise BadRequest(
                f"The image of the task cannot be fetched: its server answered with {answer.status}.",
                hint=f"Where it needs a token of Label Studio's, set {TOKEN_VARIABLE}.",
            )
        return Fetched(answer.body, _name(whole))

    def _inside(self, address: str) -> bytes:
        head, comma, data = address.partition(",")
        if not comma or not head.endswith(";base64"):
            raise BadRequest("The address of the task's image is no base64 data.")
        if len(data) > self._most * 4 // 3 + 4:
            raise TooLarge("The task's image is larger than the server accepts.")
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest("The address of the task's image is no base64 data.") from None

    def _whole(self, address: str) -> tuple[str, bool]:
        """With host, and whether it is below Label Studio's own place. Raises BadRequest unless it is below any."""
        if not self._places:
            raise BadRequest(
                "This server fetches no images for Label Studio.",
                hint="An administrator names where from: --label-studio https://label-studio.example.",
            )
        own, *others = self._places
        if address.startswith("/"):
            address = f"{own.scheme}://{own.authority}{own.path}{address.lstrip('/')}"
        try:
            target = read_target(address)
        except ValueError:
            target = None
        if target is None or not any(_is_below(target, place) for place in (own, *others)):
            where = "it" if target is None else f"{target.scheme}://{target.authority}"
            raise BadRequest(
                "The image of the task is where this server does not fetch images.",
                hint=f"An administrator can allow {where[:200]} with --label-studio.",
            )
        return address, _is_below(target, own)


def _is_below(target: Target, place: Target) -> bool:
    path = target.path.partition("?")[0]
    climbs = ".." in unquote(path).split("/")
    return target[:3] == place[:3] and path.startswith(place.path) and not climbs


def _name(address: str) -> str:
    return PurePosixPath(unquote(urlsplit(address).path)).name or "image"
