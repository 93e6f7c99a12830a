"""Whatever a client sends in queries, cookies, headers and forms is answered, and never with 500."""

import pytest

from tests.web.test_static import static_url

PATHS = (
    "/", "/healthz", "/api/images", "/api/projects", "/api/projects/default/images", "/api/export/coco",
    "/api/projects/default/queue", "/api/status", "/api/openapi.json", "/nothing", "/favicon.ico",
)  # fmt: skip
LONG = "9" * 5000
QUERIES = (
    "&".join(f"a{n}={n}" for n in range(2000)),
    "&".join(["token=x"] * 300),
    "token=%ff%fe", "token=%00", "token[]=1", "=&=&&&", "%", "%zz=%zz", "\xff\xfe=\xff",
    f"limit={LONG}", "limit=1e400", "limit=-1", "limit=%ED%A0%80", "limit=\u0663", "cursor=%00", f"cursor={LONG}",
    "cursor=bnVsbA", "cursor=W10", "cursor=Wzld", "search=%00", "search=%ED%A0%80", "label=%ff", "score=nan",
    "score=1e999", "score=\u0663", "state=%00", "sort=", "order=x", "before=%00", f"before={LONG}", "after=%ff",
    f"images={LONG}", "segmenter=%00", "segmenter=..%2f..", "which=%ff", "split=%00", "split=1e309/1",
    "split=nan/nan", "file=%00", "images=%00", "name=%ff", "version=1e5",
)  # fmt: skip
HEADERS = (
    {"Cookie": "samphire_language=\xff; =; ;;; a=\"\\"},
    {"Cookie": ";" * 4000},
    {"Accept": "*/*;q=nan"},
    {"Accept": "text/html;q=" + LONG},
    {"Accept": ",,;;q=,/"},
    {"Accept-Encoding": "gzip;q=x, br;q=-1, *;q=99999999999999999999"},
    {"Accept-Language": "zh;q=\xb2, -, *-*"},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer \xff\xfe"},
    {"Authorization": "Basic ====="},
    {"Authorization": "Digest a=\""},
    {"If-None-Match": "W/\"" * 500},
    {"If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT"},
    {"If-Match": "\"x"},
    {"If-Range": "Thu, 99 Foo 99999 99:99:99 GMT", "Range": "bytes=0-5"},
    {"Range": "bytes=" + "0-0," * 2000},
    {"Content-Type": "application/json; charset=\xff"},
    {"Content-Length": "x"},
    {"X-Forwarded-Host": "\xff", "X-Forwarded-Proto": "\x00"},
    {"Sec-Fetch-Site": "\xff"},
    {"Origin": "null"},
    {"Origin": "http://[::1"},
    {"Host": "[::1"},
    {"Host": "localhost:99999999999"},
    {"Host": "\xff"},
    {"Host": ""},
    {"Cookie": "samphire-80"}, {"Cookie": ";;=\x00"}, {"Cookie": "samphire-80=\xe9"},
    {"Cookie": 'theme={"dark": true}; x; \xe9=1; samphire-80=guess; other="'},
    {"Authorization": "Bearer"}, {"Authorization": "Bearer \xff"}, {"Authorization": "Basic guess"},
)  # fmt: skip


@pytest.mark.parametrize("settings", [{}, {"team": True}], ids=["local", "team"])
def test_queries_and_headers(make_app, settings):
    client = make_app(**settings).test_client()
    for path in (*PATHS, static_url("js/pages/home.js")):
        for query in QUERIES:
            answer = client.get(path, query_string=query.encode("utf-8", "surrogateescape").decode("latin-1"))
            assert answer.status_code < 500, (path, query, answer.data)
        for headers in HEADERS:
            answer = client.get(path, headers=headers)
            assert answer.status_code < 500, (path, headers, answer.data)


MULTIPART = "multipart/form-data; boundary=b"
PART = b"--b\r\nContent-Disposition: form-data; name="
BODIES = (
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ('multipart/form-data; boundary="', b'--"\r\n'),
    ("multipart/form-data; boundary=" + "b" * 5000, b"--b\r\n"),
    (MULTIPART, PART + b'"file"; filename="a.png"\r\n'),
    (MULTIPART, PART + b"\xfe; \xff\r\n\r\nx\r\n--b--\r\n"),
    (MULTIPART, PART + b'"path"\r\nContent-Type: text/plain; charset=nope\r\n\r\n\xff\r\n--b--\r\n'),
    (MULTIPART, b"--b\r\n\r\n\r\n--b--\r\n"),
    ("application/x-www-form-urlencoded", b"&".join(b"a=%d" % n for n in range(5000))),
    ("application/json", b"\xff\xfe"),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"a":' * 5000),
    ("application/json", b'{"name": 1' + b"0" * 5000 + b"}"),
    ("application/json", b'{"name": "\\ud800"}'),
    ("application/json", b"NaN"),
    ("application/json; charset=utf-7", b"{}"),
    ("text/plain", b"{}"),
    ("", b"{}"),
)


def test_bodies(client, upload, make_annotation):
    image = upload()
    client.post(f"/api/images/{image['id']}/annotations", json=make_annotation(1))
    one = f"/api/images/{image['id']}"
    project = "/api/projects/default"
    for method, path in (
        ("POST", "/api/images"), ("POST", f"{one}/annotations"), ("POST", f"{one}/predict"),
        ("PATCH", "/api/annotations/annotation-1"), ("POST", "/api/projects"), ("PATCH", project),
        ("PUT", f"{project}/labels"), ("POST", f"{project}/images"), ("POST", f"{project}/images/bulk"),
        ("PATCH", f"{project}/images/{image['id']}"), ("POST", f"{project}/import/coco"),
        ("POST", f"{project}/imports/gone/resume"), ("POST", f"{project}/export/coco/prepare"),
    ):  # fmt: skip
        for content_type, body in BODIES:
            answer = client.open(path, method=method, data=body, content_type=content_type)
            assert answer.status_code < 500, (method, path, content_type, body[:60], answer.data)
