"""Fetches one large file whose hash is known: resumed where it broke off, checked, and there only when it is whole.

`FILE.part` beside the file holds what has arrived so far; it outlives a failure, Ctrl-C and a killed process, and the
next attempt asks for the rest of it. Knows nothing of segmenters.
"""

import base64
import hashlib
import http.client
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ...errors import BadRequest, Unavailable, UnsupportedSegmenter
from .progress import Counts, Progress

_TIMEOUT_S = 30.0  # of connecting, and of silence
_PIECE_BYTES = 1 << 18
_ATTEMPTS = 6  # without a single byte more than ever before in between
_FIRST_PAUSE_S = 0.5
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # HTTP statuses worth another attempt
_NETWORK = (urllib.error.URLError, ConnectionError, TimeoutError, ssl.SSLError, http.client.HTTPException)
_OFFLINE = (
    "Check the connection and try again: it goes on where it stopped. Behind a proxy, set HTTPS_PROXY. Without a "
    "network, bring the file on a disk and name it with --from."
)


@dataclass(frozen=True)
class Wanted:
    """A file by what it must be. `integrity` is "ALGORITHM-BASE64" as npm writes it, or "ALGORITHM-hex"."""

    name: str
    bytes: int
    integrity: str

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` is this one. Raises OSError."""
        algorithm, _, expected = self.integrity.partition("-")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, algorithm)
        return expected in (digest.hexdigest(), base64.b64encode(digest.digest()).decode())


Counting = Callable[[str, int], Counts]


def fetch(
    wanted: Wanted,
    url: str,
    folder: Path,
    pause: Callable[[float], None] = time.sleep,
    counting: Counting = Progress,
) -> Path:
    """The file at `url`, downloaded into `folder` unless it is there already.

    Raises Unavailable when it cannot be had now, UnsupportedSegmenter when what is there is another file, OSError when
    it cannot be written. `pause` waits between two attempts, in seconds; `counting` makes a progress counter from the
    file's name and size.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise BadRequest(
            f"{url} is not an address of the web.", hint="Give an http or https address, or a file."
        )
    folder.mkdir(parents=True, exist_ok=True)
    target, part = folder / wanted.name, folder / (wanted.name + ".part")
    if target.is_file() and wanted.matches(target):
        return target
    for from_the_start in (False, True):
        resumed = part.is_file() and part.stat().st_size > 0
        if from_the_start:
            part.unlink(missing_ok=True)
        _fill(part, wanted, url, pause, counting)
        if wanted.matches(part):
            part.replace(target)
            return target
        if not resumed:
            break
    part.unlink()
    raise UnsupportedSegmenter(
        f"What arrived from {url} has the right size but another hash than {wanted.name} must have.",
        hint="Something on the way changed it; nothing was installed. Try another network, or --from a good copy.",
    )


def fetch_from_any(wanted: Wanted, urls: Sequence[str], folder: Path, counting: Counting = Progress) -> Path:
    """`fetch` from the first address that has the file. Raises what the last of them does."""
    for url in urls[:-1]:
        try:
            return fetch(wanted, url, folder, counting=counting)
        except (Unavailable, UnsupportedSegmenter) as error:
            print(f"{error.message} Trying {urls[-1]} ...", file=sys.stderr)
    return fetch(wanted, urls[-1], folder, counting=counting)


def _fill(part: Path, wanted: Wanted, url: str, pause: Callable[[float], None], counting: Counting) -> None:
    """Bring `part` to the wanted size, in as many attempts as make headway. It grows, and is never cut by an answer."""
    progress = counting(wanted.name, wanted.bytes)
    failures, knows_ranges = 0, True
    try:
        with part.open("ab") as file:
            while (before := file.seek(0, 2)) != wanted.bytes:
                if before > wanted.bytes:
                    file.truncate(0)
                    continue
                try:
                    _receive(file, wanted, url, progress, ranged=knows_ranges)
                except (OSError, http.client.HTTPException) as error:
                    if _is_refused_range(error) and before and knows_ranges:
                        knows_ranges = False
                        continue
                    failures = 0 if file.tell() > before else failures + 1
                    if not _may_pass(error) or failures >= _ATTEMPTS:
                        _explain(error, wanted, url)
                        raise
                    pause(_FIRST_PAUSE_S * 2**failures)
    finally:
        progress.end()


def _receive(file: BinaryIO, wanted: Wanted, url: str, progress: Counts, *, ranged: bool) -> None:
    """Append what `file` has not yet until the answer ends; with `ranged`, only that is asked for.

    Raises OSError, HTTPException, UnsupportedSegmenter; what was in the file before stays in it.
    """
    had = file.tell()
    headers = {"User-Agent": "samphire", "Accept-Encoding": "identity"}
    if had and ranged:
        headers["Range"] = f"bytes={had}-"
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
        offered = answer.length  # None when the server does not say
        is_rest = answer.status == 206 and _starts_at(answer.headers.get("Content-Range"), had)
        done = had if is_rest else 0  # without ranges all of it comes again: what is there is skipped
        if offered is not None and done + offered != wanted.bytes:
            raise _another_file(wanted, url, done + offered)
        while piece := answer.read(_PIECE_BYTES):
            new = piece[max(0, had - done) :]
            done += len(piece)
            if done > wanted.bytes:
                file.truncate(had)
                raise _another_file(wanted, url, done)
            file.write(new)
            progress.at(max(done, had))
    file.flush()
    if done < wanted.bytes:
        raise ConnectionResetError("the connection was closed early")


def _starts_at(content_range: str | None, start: int) -> bool:
    return content_range is not None and content_range.replace("=", " ").startswith(f"bytes {start}-")


def _is_refused_range(error: Exception) -> bool:
    return isinstance(error, urllib.error.HTTPError) and error.code == 416


def _may_pass(error: Exception) -> bool:
    """Whether another attempt may fare better."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code in _PASSING
    if isinstance(error, urllib.error.URLError):
        return not isinstance(error.reason, ssl.SSLCertVerificationError)
    return isinstance(error, _NETWORK)


def _explain(error: Exception, wanted: Wanted, url: str) -> None:
    """Raises Unavailable, in a sentence, for what the network did; an error of the disk is left to the caller."""
    if isinstance(error, urllib.error.HTTPError):
        hint = {
            401: "The server asks for credentials: download it by other means and name the file with --from.",
            403: "The server or a proxy refuses it: download it by other means and name the file with --from.",
            404: "It is not there (any more): if you use a mirror, make it carry this file, or use --from.",
        }.get(error.code, _OFFLINE)
        raise Unavailable(f"{url} answered {error.code} {error.reason}.", hint=hint) from error
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        raise Unavailable(
            f"The certificate of {urllib.parse.urlsplit(url).hostname} is not trusted: {reason.verify_message}.",
            hint="If a proxy signs its own certificates, set SSL_CERT_FILE to its certificate file (PEM).",
        ) from error
    if isinstance(error, _NETWORK):
        said = str(reason) or type(reason).__name__
        raise Unavailable(f"{wanted.name} could not be fetched: {said}.", hint=_OFFLINE) from error


def _another_file(wanted: Wanted, url: str, size: int) -> UnsupportedSegmenter:
    return UnsupportedSegmenter(
        f"{url} gives another file: at least {size:,} bytes, where {wanted.name} has {wanted.bytes:,}.",
        hint="It may be a page that asks for a login. Open the address in a browser, or name a good copy with --from.",
    )
