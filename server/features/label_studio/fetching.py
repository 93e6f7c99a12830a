"""Images that Label Studio names: in the address itself, from itself, or from where the settings allow."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

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
        self._places = [place.rstrip("/") + "/" for place in places]

    def fetch(self, address: str) -> Fetched:
        """Raises BadRequest, TooLarge."""
        if address.startswith(_DATA):
            return Fetched(self._inside(address), "image")
        whole = self._whole(address)
        headers = {"Accept": "image/*"}
        if self._token and whole.startswith(self._places[0]):
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

    def _whole(self, address: str) -> str:
        """With host, and below one of the places. Raises BadRequest."""
        if not self._places:
            raise BadRequest(
                "This server fetches no images for Label Studio.",
                hint="An administrator names where from: --label-studio https://label-studio.example.",
            )
        whole = self._places[0] + address.lstrip("/") if address.startswith("/") else address
        try:
            parts = urlsplit(whole)
        except ValueError:
            parts = None
        host = f"{parts.scheme}://{parts.netloc.lower()}" if parts is not None else ""
        below = host + (parts.path or "/") if parts is not None else ""
        outward = "/../" in f"{unquote(below)}/" or "\\" in whole
        if outward or not any(below.startswith(place) for place in self._places):
            raise BadRequest(
                "The image of the task is where this server does not fetch images.",
                hint=f"An administrator can allow {host[:200]} with --label-studio.",
            )
        return whole


def _name(address: str) -> str:
    return PurePosixPath(unquote(urlsplit(address).path)).name or "image"
