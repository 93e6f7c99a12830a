"""Blobs as objects of a bucket, in any store that speaks S3's language; what was used last is on this machine as well.

boto3 is asked for the keys, so they come from wherever AWS's own programs take them. A store that does not answer, or
says that it is busy, is asked again for some seconds; then FilesUnavailable is raised, and nothing has changed.
"""

import base64
import hashlib
import logging
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from math import inf
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from ...addresses import Bucket
from ...errors import InvalidSetting, StorageFull
from ...runtime.afterwards import afterwards
from ...runtime.loops import OnePerLoop
from .base import INCOMING, SIGNED_SECONDS, Stored, check_key, is_key
from .cache import Cache
from .incoming import Incoming
from .s3_failures import Failures
from .s3_uploads import S3Uploads

log = logging.getLogger("samphire.storage")

_CHUNK_BYTES = 1 << 18
_KEYS_AT_ONCE = 1000  # as many as the store deletes with one request
_CONNECT_SECONDS, _SILENCE_SECONDS = 3, 20
_TRIES = 5  # with pauses that double, about eight seconds in all
_DOWNLOADS = 3
_MD5 = re.compile("[0-9a-f]{32}")
_KEPT = "private, max-age=31536000, immutable"  # by a browser, what it fetched itself
_OWNER = "owner"  # the name of an object, and no key
_SPARE_BYTES = 1_000_000_000  # of the data folder's disk that what is moved out of the bucket leaves
_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class S3Blobs(Incoming):
    """`folder`: of this machine, for what comes in and for copies of what was read. Nothing else is known of the bucket
    but what lies below its prefix. Making one asks the store once. Raises InvalidSetting without boto3, UnusableData
    where the bucket cannot be used, FilesUnavailable. `keeps`: copies of what is read from now on, and reads those that
    are there; without, all comes from the bucket itself."""

    def __init__(self, folder: Path, bucket: Bucket, *, keeps: bool = True) -> None:
        super().__init__(folder / "incoming")
        try:
            from boto3.session import Session
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError:
            raise InvalidSetting(
                "--blobs needs boto3 to reach a bucket.", hint='`pip install "samphire[s3]"`'
            ) from None
        self._name, self._prefix = bucket.name, bucket.prefix
        self.name = bucket.shown
        self._cache, self._keeps = Cache(folder / "kept"), keeps
        self._failures = Failures(bucket.shown)
        config = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_SILENCE_SECONDS,
            retries={"mode": "standard", "total_max_attempts": _TRIES},
            max_pool_connections=64,
            # Stores that are not AWS's do not all know its newer checksums: MD5 goes with what is put.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        try:
            session = Session()
            session.get_credentials()  # read once: the environment may be without them afterwards
        except BotoCoreError as error:
            raise self._failures.unusable(error) from None
        self._clients = OnePerLoop(
            lambda: session.client("s3", endpoint_url=bucket.endpoint or None, config=config)
        )
        self._signing: Any = None
        self._uploads: S3Uploads | None = None
        self._uploaded: dict[Path, str] = {}  # by file, the key of what it is a copy of
        if bucket.direct:
            by_path = config.merge(Config(s3={"addressing_style": "path"}, signature_version="s3v4"))
            self._signing = session.client("s3", endpoint_url=bucket.direct, config=by_path)
            self._uploads = S3Uploads(self._signing, bucket.name, bucket.prefix)
        with self._failures.told():
            self._ask.list_objects_v2(Bucket=self._name, Prefix=self._prefix, MaxKeys=1)

    def open(self, key: str) -> BinaryIO:
        with self.local(key) as path:
            return path.open("rb")

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        check_key(key)
        with self.incoming() as path:
            if not self._keeps or not self._cache.lend(key, path):
                self._download(key, path)
                if self._keeps:
                    self._cache.keep(key, path)
            yield path

    def url(self, key: str, content_type: str) -> str | None:
        check_key(key)
        if self._signing is None:
            return None
        asked = {
            "Bucket": self._name,
            "Key": self._prefix + key,
            "ResponseContentType": content_type,
            "ResponseCacheControl": _KEPT,
        }
        with self._failures.told():
            return self._signing.generate_presigned_url(
                "get_object", Params=asked, ExpiresIn=2 * SIGNED_SECONDS
            )

    def upload_url(self, key: str, size: int) -> str | None:
        check_key(key)
        with self._failures.told():
            return None if self._uploads is None else self._uploads.url(key, size)

    @contextmanager
    def uploaded(self, key: str, most_bytes: int) -> Iterator[Path]:
        own = f"{INCOMING}{token_hex(16)}"  # where nobody can put anything else any more
        with self.incoming() as path:
            try:
                if self._copied(check_key(key), own):
                    self._uploaded[path] = own
                self._download(self._uploaded.get(path, key), path, most_bytes)
                yield path
            finally:
                self._uploaded.pop(path, None)
                with afterwards("deleting an upload"):
                    self.delete([key, own])

    def drop_uploads(self) -> int:
        if self._uploads is None:
            return 0
        with self._failures.told():
            old = list(self._uploads.old(self._ask.get_paginator("list_objects_v2").paginate))
        self.delete(old)
        return len(old)

    def put(self, key: str, data: bytes | Path) -> None:
        check_key(key)
        if isinstance(data, Path):
            self._put(key, data)
            return
        with self.incoming() as path:
            path.write_bytes(data)
            self._put(key, path)

    def owner(self) -> str:
        try:
            with self._failures.told():
                found = self._ask.get_object(Bucket=self._name, Key=f"{self._prefix}{_OWNER}")
                return found["Body"].read().decode()
        except FileNotFoundError:
            return ""

    def claim(self, owner: str) -> None:
        with self._failures.told():
            self._ask.put_object(Bucket=self._name, Key=f"{self._prefix}{_OWNER}", Body=owner.encode())

    def move_out(self, key: str, target: Path) -> None:
        with self.incoming() as path:
            self._download(check_key(key), path)  # no copy: what is deleted now lies nowhere else
            if shutil.disk_usage(target.parent).free < path.stat().st_size + _SPARE_BYTES:
                raise StorageFull("The disk has no room to keep what is deleted, so it stays in the bucket.")
            path.replace(target)
        self.delete([key])

    def exists(self, key: str) -> bool:
        return self.size(key) is not None

    def delete(self, keys: Iterable[str]) -> None:
        waiting = iter(keys)
        while some := [check_key(key) for key in islice(waiting, _KEYS_AT_ONCE)]:
            objects = [{"Key": self._prefix + key} for key in some]
            with self._failures.told():
                answer = self._ask.delete_objects(
                    Bucket=self._name, Delete={"Objects": objects, "Quiet": True}
                )
            for key in some:
                self._cache.drop(key)
            for wrong in answer.get("Errors", ()):
                status = 403 if wrong.get("Code") == "AccessDenied" else 500
                raise self._failures.explain(wrong.get("Code", ""), status, wrong.get("Message", ""))

    def size(self, key: str) -> int | None:
        try:
            with self._failures.told():
                found = self._ask.head_object(Bucket=self._name, Key=self._prefix + check_key(key))
        except FileNotFoundError:
            self._cache.drop(key)
            return None
        self._cache.check(key, found["ContentLength"])
        return found["ContentLength"]

    def stored(self) -> Iterator[Stored]:
        pages: Iterator[Any] = iter(
            self._ask.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=self._prefix)
        )
        while True:
            with self._failures.told():
                page = next(pages, None)
            if page is None:
                return
            for each in page.get("Contents", ()):
                key = each["Key"].removeprefix(self._prefix)
                if is_key(key) and not key.startswith(INCOMING):
                    tag = each.get("ETag", "").strip('"')
                    md5 = tag if _MD5.fullmatch(tag) else ""
                    yield Stored(key, each["Size"], each["LastModified"].timestamp(), md5)

    @property
    def _ask(self) -> Any:
        """The client of this thread."""
        return self._clients.get()

    def _put(self, key: str, path: Path) -> None:
        """One request, which the store answers when it has all of it: whole, with these bytes, or not at all."""
        if path in self._uploaded and self._copied(self._uploaded[path], key):
            return self._keep(key, path)
        with path.open("rb") as file, self._failures.told():
            md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).digest()
            file.seek(0)
            self._ask.put_object(
                Bucket=self._name,
                Key=self._prefix + key,
                Body=file,
                ContentMD5=base64.b64encode(md5).decode(),
            )
        self._keep(key, path)

    def _copied(self, key: str, target: str) -> bool:
        """Whether the store could copy a browser's upload by itself."""
        if self._uploads is None:
            return False
        try:
            self._uploads.copy(self._ask, key, target)
        except self._failures.kinds as error:
            log.warning("The bucket %s did not copy an upload: %s", self.name, error)
            return False
        return True

    def _keep(self, key: str, path: Path) -> None:
        if self._keeps:
            self._cache.keep(key, path)
        else:
            self._cache.drop(key)

    def _download(self, key: str, path: Path, most_bytes: float = inf) -> None:
        """Of what is longer, little more than that. Raises FileNotFoundError."""
        from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

        for tries_left in reversed(range(_DOWNLOADS)):
            with self._failures.told(), path.open("wb") as file:
                answer = self._ask.get_object(Bucket=self._name, Key=self._prefix + key)
                try:
                    with closing(answer["Body"]) as body:
                        for chunk in body.iter_chunks(_CHUNK_BYTES):
                            file.write(chunk)
                            if file.tell() > most_bytes:
                                break
                except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError):
                    if not tries_left:  # an answer that broke off is not asked for again by boto3 itself
                        raise
                    continue
                file.flush()
                os.fsync(file.fileno())
            os.utime(path, (time.time(), answer["LastModified"].timestamp()))
            return


def forget_keys() -> None:
    """Out of this process's environment, once a store has read them: the processes that it starts have no use for
    them. Keys that expire are read there again, and stay."""
    if "AWS_CREDENTIAL_EXPIRATION" not in os.environ:
        for name in _SECRETS:
            os.environ.pop(name, None)
