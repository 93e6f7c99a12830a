"""Files out of a server: made ready there first, then written here, whole or not at all."""

import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from .connection import Connection
from .errors import NotSamphire, Unreachable
from .resources import read_field
from .uploading import Progress

_SECONDS, _MOST_SECONDS = 0.2, 3.0  # between questions
_PART = 256 * 1024
_ATTEMPTS = 5  # of a download, one after the other without a byte


def export(
    connection: Connection,
    project_id: str,
    format: str,
    path: Path,
    query: Mapping[str, Any],
    progress: Progress | None,
) -> Path:
    """What `Client.export` says."""
    address = f"/api/projects/{project_id}/export/{format}"
    named, pause = None, _SECONDS
    while True:
        asked = {**query, "file": named}
        told = connection.ask("POST", f"{address}/prepare", query=asked, repeatable=True)
        named = read_field(str, told, "file")
        if progress is not None:
            progress(read_field(int, told, "images"), read_field(int, told, "total"), "images")
        if told.get("state") == "ready":
            return download(connection, address, {**query, "file": named}, path, progress)
        time.sleep(pause * random.uniform(0.8, 1.0))
        pause = min(1.5 * pause, _MOST_SECONDS)


def download(
    connection: Connection,
    address: str,
    query: Mapping[str, Any],
    path: Path,
    progress: Progress | None = None,
) -> Path:
    """Write a file of the server's; where it breaks off, only the rest is asked for, as long as it is the same file.
    Raises Unreachable when nothing more comes, OSError."""
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("wb") as file:
            got, tag, missed = 0, "", 0
            while True:
                resumed = {"Range": f"bytes={got}-", "If-Range": tag} if got and tag else {}
                answer = connection.send(
                    "GET", address, query=query, repeatable=True, streamed=True,
                    headers={"Accept": "*/*", "Accept-Encoding": "identity", **resumed},
                )  # fmt: skip
                if got and answer.status != 206:
                    got = file.seek(0)
                    file.truncate()
                tag = answer.headers.get("ETag", "")
                total = got + _length(answer)
                before = got
                try:
                    for part in answer.stream(_PART):
                        file.write(part)
                        got += len(part)
                        if progress is not None:
                            progress(got, total, path.name)
                except HTTPError as error:
                    broken: HTTPError | None = error
                else:
                    broken = None
                finally:
                    answer.close()
                if broken is None and got == total:
                    break
                missed = 0 if got > before else missed + 1
                if missed == _ATTEMPTS:
                    raise Unreachable(f"The download of {path.name} broke off: {broken}")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _length(answer: BaseHTTPResponse) -> int:
    told = answer.headers.get("Content-Length", "")
    if not told.isdigit():
        raise NotSamphire("The server does not say how long the file is.")
    return int(told)
