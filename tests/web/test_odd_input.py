"""No text and no number that a client sends is an error of the server's, whichever address it is sent to."""

import base64
import itertools
import json
from urllib.parse import quote_from_bytes

import pytest

ODD_BYTES = [
    b"\xed\xa0\x80", b"\xff\xfe", b"\0", b"\r\n", b"\xe2\x80\xae", b"%", b"a" * 3000, b"9" * 5000, b"-1",
    b"NaN", b"1e999",
]  # fmt: skip
ODD_JSON = [
    b'"\\ud800"', b'"\xed\xa0\x80"', b'"\\u0000"', b'"' + b"a" * 100_000 + b'"', b"9" * 5000, b"1" * 30,
    b"NaN", b"-Infinity", b"1e999", b'{"\\ud800": 1}', b"[]", b"{}", b"null", b"",
    b"[" * 20_000 + b"]" * 20_000, b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
]  # fmt: skip
ALONE = (b'"\\u0000"', b"[]", b"1e300")  # what each field is given by itself
FIELDS = (
    *(
        "name",
        "description",
        "guidelines",
        "settings",
        "labels",
        "version",
        "ids",
        "state",
        "states",
        "points",
    ),
    *(
        "box",
        "mask_from",
        "label",
        "color",
        "rle",
        "attributes",
        "prompts",
        "z",
        "id",
        "segmenter",
        "keep_going",
    ),
)
QUERY = (
    *(
        "after",
        "before",
        "cursor",
        "file",
        "format",
        "images",
        "keep_going",
        "label",
        "limit",
        "name",
        "order",
    ),
    *("score", "search", "segmenter", "sort", "split", "state", "version", "weights", "which", "lang"),
)


@pytest.fixture
def addresses(app, upload):
    """(method, rule, address with ids that exist) of everything that answers."""
    image = upload()["id"]
    known = {"project_id": "default", "image_id": image, "format_name": "coco", "segmenter": "mobile_sam"}
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: known.get(name, "x") for name in rule.arguments}
        address = rule.rule
        for name in rule.arguments:
            for kind in ("", "path:"):
                address = address.replace(f"<{kind}{name}>", values[name])
        found += [(m, rule, address) for m in rule.methods - {"HEAD", "OPTIONS"}]
    return found


def sound(answer):
    """Not the server's fault, and an answer that every client can read."""
    if answer.status_code >= 500:
        return False
    text = b"".join(answer.response).decode()
    answer.close()
    if answer.mimetype == "application/json":
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    return True


def test_odd_ids_in_addresses(client, addresses):
    for (method, rule, _), odd in itertools.product(addresses, ODD_BYTES):
        address = rule.rule
        for name in rule.arguments:
            for kind in ("", "path:"):
                address = address.replace(f"<{kind}{name}>", quote_from_bytes(odd, safe=""))
        if rule.arguments:
            answer = client.open(address, method=method, json={})
            assert answer.status_code < 500, (method, address)


def test_odd_queries(client, addresses):
    reading = [(m, a) for m, _, a in addresses if m == "GET" and a.startswith("/api/")]
    for (method, address), odd in itertools.product(reading, ODD_BYTES):
        query = [f"{name}={quote_from_bytes(odd)}" for name in QUERY]
        for given in ("&".join(query), *(query if odd == b"-1" else ())):
            answer = client.open(f"{address}?{given}", method=method)
            assert answer.status_code < 500, (method, address, given)
            answer.close()


def test_odd_bodies(client, addresses):
    """Of the addresses that read one."""
    sending = [
        (m, a)
        for m, _, a in addresses
        if m in ("POST", "PUT", "PATCH") and "must be a JSON object" in client.open(a, method=m, json=[]).text
    ]
    assert len(sending) > 7
    for (method, address), odd in itertools.product(sending, ODD_JSON):
        bodies = [odd, b"{" + b", ".join(b'"%s": %s' % (name.encode(), odd) for name in FIELDS) + b"}"]
        bodies += [b'{"version": 1, "%s": %s}' % (name.encode(), odd) for name in FIELDS if odd in ALONE]
        for body in bodies:
            answer = client.open(address, method=method, data=body, content_type="application/json")
            assert sound(answer), (method, address, body[:100], answer.text[:300])


def test_a_refused_body_says_what_is_wrong(client):
    def told(body):
        answer = client.post("/api/projects", data=body, content_type="application/json")
        assert answer.status_code == 400
        return answer.json["error"]["message"]

    assert told(b'{"name": "\\ud800"}').endswith("A text in it holds half of a character.")
    assert told(b'{"name": NaN}').endswith("NaN is not a number in JSON.")
    assert told(b"[" * 20_000).endswith("It is nested too deeply.")
    assert told(b"[]") == "The body must be a JSON object."


@pytest.mark.parametrize(
    "cursor",
    [
        "\\ud800", '["name",false,"\\ud800","x"]', '["added",false,' + "9" * 30 + ',"x"]', "[" * 20_000, "5", "{}",
        '["added",false,' + "9" * 5000 + ',"x"]', '["state",false,1e999,"x","y"]', "\xff",
    ],
)  # fmt: skip
def test_odd_cursors(client, cursor):
    text = base64.urlsafe_b64encode(cursor.encode("latin-1")).decode()
    for sort in ("name", "added", "state", "objects"):
        answer = client.get("/api/projects/default/images", query_string={"cursor": text, "sort": sort})
        assert answer.status_code in (404, 409)
    assert client.get("/api/images", query_string={"before": text}).status_code == 404


@pytest.mark.parametrize(
    "name", ["caf\udce9.png", "\ud800", "a\0b.png", "x" * 100_000, "\u202egnp.exe", "..\\..\\a.png"]
)
def test_odd_names_of_uploads(client, make_picture, name):
    """In the field, and as the path beside it."""
    raw = name.encode("utf-8", "surrogatepass")
    body = (
        b'--b\r\nContent-Disposition: form-data; name="path"\r\n\r\n' + raw + b"\r\n"
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + raw
        + b'"\r\n\r\n'
        + make_picture()
        + b"\r\n--b--\r\n"
    )
    for address in ("/api/images", "/api/projects/default/images"):
        answer = client.post(address, data=body, content_type="multipart/form-data; boundary=b")
        assert answer.status_code < 500
        if answer.status_code < 300:
            assert len(answer.json["name"]) <= 255
            answer.json["name"].encode()
