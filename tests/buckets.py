"""A store that speaks S3's language, on this machine: moto's, from PyPI, which can be told to fail for a while."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from server.addresses import Bucket, read_blobs
from tests.signed_requests import refusal

KEYS = {
    "AWS_ACCESS_KEY_ID": "samphire-tests",
    "AWS_SECRET_ACCESS_KEY": "no-secret-at-all",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nowhere/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere/credentials",
}
_BUSY = b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please slow down</Message></Error>'


class Store:
    """`asked`: requests that came in, as (method, path). `failing`: whether a request is answered with 503; `cut`:
    after how many bytes an answer breaks off, one that is longer than that."""

    def __init__(self) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app

        self._answer = DomainDispatcherApplication(create_backend_app)
        self.recover()

    def recover(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.failing: Callable[[str, str], bool] = lambda method, path: False
        self.cut: Callable[[str, str], int | None] = lambda method, path: None

    def __call__(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        refused = refusal(environ, KEYS["AWS_SECRET_ACCESS_KEY"])
        if refused is not None:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            told = f"<Error><Code>{refused}</Code><Message>Refused</Message></Error>".encode()
            start_response("403 Forbidden", [("Content-Length", str(len(told)))])
            return [told]
        if self.failing(method, path):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Slow Down", [("Content-Length", str(len(_BUSY)))])
            return [_BUSY]
        whole = self._answer(environ, start_response)
        most = self.cut(method, path)
        return whole if most is None else [b"".join(whole)[:most]]


@contextmanager
def storing() -> Iterator[tuple[Store, str]]:
    """It, and its address."""
    pytest.importorskip("boto3", reason="the tests of S3 need boto3: pip install boto3 'moto[server]'")
    pytest.importorskip("moto.server", reason="the tests of S3 need moto: pip install 'moto[server]'")
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: object) -> None:
            return

    store = Store()
    server = make_server("127.0.0.1", 0, store, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield store, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def new_bucket(address: str) -> str:
    """The setting that names it, with a prefix."""
    name = f"test-{secrets.token_hex(6)}"
    client_of(address).create_bucket(Bucket=name)
    return f"s3://{name}/some/where?endpoint={address}"


def remove_bucket(setting: str) -> None:
    """With all that is in it."""
    bucket = bucket_of(setting)
    client = client_of(bucket.endpoint)
    for each in client.list_objects_v2(Bucket=bucket.name).get("Contents", ()):
        client.delete_object(Bucket=bucket.name, Key=each["Key"])
    client.delete_bucket(Bucket=bucket.name)


def client_of(address: str) -> Any:
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


def bucket_of(setting: str) -> Bucket:
    found = read_blobs(setting)
    assert found is not None
    return found
