"""What browsers put into a bucket themselves, by addresses that are signed for one name and so many bytes."""

from collections.abc import Callable, Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from .base import INCOMING, UPLOAD_TYPE

_SIGNED_SECONDS = 900  # to begin within
_KEPT_SECONDS = 3600  # of the bucket's own clock: whoever puts something asks for it at once


class S3Uploads:
    """`signing`: a client of the endpoint that browsers reach. `bucket`, `prefix`: where keys are."""

    def __init__(self, signing: Any, bucket: str, prefix: str) -> None:
        self._signing, self._bucket, self._prefix = signing, bucket, prefix

    def url(self, key: str, size: int) -> str:
        """The size and the type are signed, too: the store refuses others."""
        asked = {**self._at(key), "ContentLength": size, "ContentType": UPLOAD_TYPE}
        return self._signing.generate_presigned_url("put_object", Params=asked, ExpiresIn=_SIGNED_SECONDS)

    def copy(self, client: Any, key: str, target: str) -> None:
        """Within the store; the headers that came with it from a browser stay behind."""
        asked = {"CopySource": self._at(key), "MetadataDirective": "REPLACE", "ContentType": UPLOAD_TYPE}
        client.copy_object(**self._at(target), **asked)

    def old(self, pages: Callable[..., Any]) -> Iterator[str]:
        """Keys of those that nobody asked for in time. `pages`: asks the store for some of its objects."""
        for page in pages(Bucket=self._bucket, Prefix=self._prefix + INCOMING):
            told = page["ResponseMetadata"]["HTTPHeaders"]["date"]
            for each in page.get("Contents", ()):
                age = parsedate_to_datetime(told).replace(tzinfo=UTC) - each["LastModified"]
                if age.total_seconds() > _KEPT_SECONDS:
                    yield each["Key"].removeprefix(self._prefix)

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}
