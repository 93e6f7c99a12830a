"""What goes wrong with a bucket, as what people are told."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...errors import FilesUnavailable, StorageFull, UnusableData

log = logging.getLogger("samphire.storage")

_NOT_THERE = ("404", "NoSuchKey", "NotFound")
_PASSING = (
    "BadDigest",
    "RequestTimeout",
    "RequestTimeTooSkewed",
)  # the last: until this machine's clock is right
_FULL = ("507", "XMinioStorageFull", "QuotaExceeded")
_MEND = "Check --blobs, and what AWS's environment variables or files give: keys, region, AWS_ENDPOINT_URL."
_NO_KEYS = (  # in the environment, of which boto3's errors tell
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound",
    "ConfigParseError", "InvalidConfigError", "UnauthorizedSSOTokenError", "TokenRetrievalError",
)  # fmt: skip


class Failures:
    """`name`: of the bucket. `kinds`: the exceptions that tell of them. Making one needs boto3."""

    def __init__(self, name: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        self._name, self._refused, self.kinds = name, ClientError, (ClientError, BotoCoreError)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raises FileNotFoundError, FilesUnavailable, StorageFull, UnusableData."""
        try:
            yield
        except self.kinds as error:
            if isinstance(error, self._refused):
                about: Any = error.response
                said = about.get("Error", {})
                status = about.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
                raise self.explain(str(said.get("Code", "")), status, str(said.get("Message", ""))) from error
            if type(error).__name__ in _NO_KEYS:
                raise self.unusable(error) from error
            log.error("The bucket %s cannot be reached: %s", self._name, error)
            raise FilesUnavailable() from error

    def explain(self, code: str, status: int, message: str) -> Exception:
        if code in _NOT_THERE:
            return FileNotFoundError(message)
        if code in _FULL or status == 507:
            return StorageFull(
                f"The store of {self._name} is full, so nothing was saved.",
                hint="Have it make room, then try again.",
            )
        if 400 <= status < 500 and status not in (408, 409, 429) and code not in _PASSING:
            return UnusableData(
                f"The bucket {self._name} cannot be used ({code}{f': {message}' if message else ''}).",
                hint=_MEND,
            )
        log.error("The bucket %s refuses with %s %s: %s", self._name, status, code, message)
        return FilesUnavailable()

    def unusable(self, error: Exception) -> UnusableData:
        return UnusableData(f"The bucket {self._name} cannot be used ({error}).", hint=_MEND)
