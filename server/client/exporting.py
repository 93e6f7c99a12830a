"""Downloads: exports are prepared on the server first; files appear only when they are complete."""

import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from .connection import Connection
from .errors import NotSamphire, Unreachable
from .projects import ProjectLike, path_of
from .resources import read_field
from .uploading import Progress
from .waiting import poll, wait_to_retry

_PART = 256 * 1024
_ATTEMPTS = 5  # of a download, one after the other, that get no further than one before
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def export(
    connection: Connection,
    project: ProjectLike,
    format: str,
    path: Path,
    query: Mapping[str, Any],
    progress: Progress | None,
) -> Path:
    """What `Client.export` says."""
    address = path_of(project, "export", format)
    file: str | None = None

    def ask() -> str:
        nonlocal file
        told = connection.ask("POST", f"{address}/prepare", query={**query, "file": file}, repeatable=True)
        file = read_field(str, told, "file")
        if progress is not None:
            progress(read_field(int, told, "images"), read_field(int, told, "total"), "images")
        return read_field(str, told, "state")

    poll(ask, lambda state: state == "ready")
    return download(connection, address, {**query, "file": file}, path, progress)


def download(
    connection: Connection,
    address: str,
    query: Mapping[str, Any],
    path: Path,
    progress: Progress | None = None,
) -> Path:
    """Download a file. If the connection breaks, only the rest is requested, as long as the file has not changed.
    Raises Unreachable when it gets no further, OSError."""
    partial = path.with_name(f"{path.name}.part")
    got, furthest, missed, tag = 0, 0, 0, ""
    try:
        with partial.open("wb") as file:
            while True:
                resumed = {"Range": f"bytes={got}-", "If-Range": tag} if got and tag else {}
                headers = {"Accept": "*/*", "Accept-Encoding": "identity", **resumed}
                broken: HTTPError | None = None
                answer = connection.open(address, query, headers)
                with closing(answer):
                    got, total = _extent(answer, got)
                    tag = answer.headers.get("ETag", "")
                    file.seek(got)
                    file.truncate()
                    try:
                        for part in answer.stream(_PART):
                            file.write(part)
                            got += len(part)
                            if progress is not None:
                                progress(got, total, path.name)
                    except HTTPError as error:
                        broken = error
                if got == total:
                    break
                missed = 0 if got > furthest else missed + 1
                furthest = max(furthest, got)
                if missed == _ATTEMPTS:
                    raise Unreachable(f"The download of {path.name} broke off: {broken or 'it is too short'}")
                wait_to_retry(missed)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _extent(answer: BaseHTTPResponse, got: int) -> tuple[int, int]:
    """Where in the file an answer begins, of which there are `got` bytes already; and the file's size."""
    if answer.status == 206:
        part = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if part is not None and int(part[1]) <= got:
            return int(part[1]), int(part[2])
        raise NotSamphire("The server sent another part of the file than was asked for.")
    size = answer.headers.get("Content-Length", "")
    if not size.isdigit():
        raise NotSamphire("The server does not say how long the file is.")
    return 0, int(size)
