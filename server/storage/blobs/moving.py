"""All blobs of one store into another: each is compared, and what is there already is not copied again."""

import hashlib
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

from ...errors import UnusableData
from .base import BlobStore, Stored

T = TypeVar("T")
R = TypeVar("R")

_AT_ONCE = 16  # most of the time each waits for a disk, or for another machine
_AHEAD = 64


class Done(NamedTuple):
    """How many there are by now, how many bytes they have, and how many of them were copied."""

    blobs: int = 0
    bytes: int = 0
    copied: int = 0


def copy(source: BlobStore, target: BlobStore, tell: Callable[[Done], None]) -> Done:
    """`tell` hears of every blob. What was interrupted goes on where it stopped. Nobody may change either store
    meanwhile. Raises UnusableData, naming a blob that is not the same in both; OSError, and as the stores do."""
    there = {each.key: each for each in target.stored()}
    done, sums = Done(), dict[str, str]()

    def one(stored: Stored) -> tuple[Stored, str, bool]:
        found = there.get(stored.key)
        if found is not None and found.bytes != stored.bytes:
            found = None
        if found is not None and stored.md5 and stored.md5 == _md5_of(target, found):
            return stored, stored.md5, False
        with source.local(stored.key) as path:
            if path.stat().st_size != stored.bytes:
                raise _damaged(stored.key)
            md5 = _md5(path)
            if found is not None and md5 == _md5_of(target, found):
                return stored, md5, False
            with target.incoming() as coming:
                shutil.copyfile(path, coming)
                target.put(stored.key, coming)
        return stored, md5, True

    for stored, md5, copied in side_by_side(one, source.stored()):
        sums[stored.key] = md5
        done = Done(done.blobs + 1, done.bytes + stored.bytes, done.copied + copied)
        tell(done)
    _compare(target, sums)
    return done


def _compare(target: BlobStore, sums: dict[str, str]) -> None:
    """What is there now. Raises UnusableData."""

    def same(found: Stored) -> tuple[str, bool]:
        wanted = sums.get(found.key)
        if wanted is None or found.md5 == wanted:
            return found.key, True
        with target.local(
            found.key
        ) as path:  # what a store calls an object need not be its sum, if it encrypts
            return found.key, _md5(path) == wanted

    missing = set(sums)
    for key, is_same in side_by_side(same, target.stored()):
        missing.discard(key)
        if not is_same:
            raise _damaged(key)
    if missing:
        raise _damaged(min(missing))


def side_by_side(fn: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """`fn` of each, in their order, some at once; what one raises is raised here, and no other is begun then."""
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        try:
            for item in items:
                waiting.append(threads.submit(fn, item))
                if len(waiting) >= _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


def _md5_of(store: BlobStore, stored: Stored) -> str:
    if stored.md5:
        return stored.md5
    with store.local(stored.key) as path:
        return _md5(path)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _damaged(key: str) -> UnusableData:
    return UnusableData(
        f"{key} is not the same after it was copied.",
        hint="Run the command again; what was copied well is not copied again.",
    )
