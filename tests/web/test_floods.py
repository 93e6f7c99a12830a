"""What one person sends must not keep the server from everybody else: bodies of millions of values, long lists."""

import time
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from server.features.projects.labels_schema import LABELS

PROJECT = "/api/projects/default"
JSON = {"content_type": "application/json"}


@contextmanager
def statements(app):
    """What the database is asked meanwhile."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    engine = app.extensions["samphire"].db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def labels(prefix, number):
    return [{"name": f"{prefix} {n}", "color": "#112233"} for n in range(number)]


def test_a_long_list_of_labels_takes_few_statements(app, client):
    with statements(app) as asked:
        made = client.put(f"{PROJECT}/labels", json={"version": 1, "labels": labels("cat", 3000)})
        assert made.status_code == 200, made.json
    assert len(asked) < 100

    changed = made.json["labels"][::-1]
    changed[0]["name"], changed[1]["name"] = changed[1]["name"], changed[0]["name"]
    with statements(app) as asked:
        answer = client.put(f"{PROJECT}/labels", json={"version": made.json["version"], "labels": changed})
        assert answer.status_code == 200, answer.json
    assert len(asked) < 100
    assert answer.json["labels"] == client.get(f"{PROJECT}/labels").json["labels"] == changed

    with statements(app) as asked:
        version = answer.json["version"]
        answer = client.put(f"{PROJECT}/labels", json={"version": version, "labels": labels("dog", 3000)})
    assert len(asked) < 100
    assert [each["name"] for each in client.get(f"{PROJECT}/labels").json["labels"]] == [
        f"dog {n}" for n in range(3000)
    ]


def test_as_many_labels_as_there_may_be_fit_into_a_body(client, check_error):
    made = client.put(f"{PROJECT}/labels", json={"version": 1, "labels": labels("a label", LABELS)})
    assert made.status_code == 200, made.json
    again = client.put(f"{PROJECT}/labels", json=made.json)  # with ids and all
    assert (again.status_code, again.json["labels"]) == (200, made.json["labels"])
    error = check_error(
        client.put(f"{PROJECT}/labels", json={"version": 1, "labels": labels("a label", LABELS + 1)}),
        400,
        "invalid_project",
    )
    assert error["message"] == f'"labels" must be a list of at most {LABELS} labels.'


@pytest.mark.parametrize("value", [b"[]", b"1", b'{"name":"a"}', b'"\\""', b"[[[[[]]]]]"])
@pytest.mark.parametrize(
    ("method", "path", "start", "end", "size"),
    [
        ("PUT", f"{PROJECT}/labels", b'{"version":0,"labels":[', b"]}", 1_900_000),
        ("POST", f"{PROJECT}/images/IMAGE/annotations", b'{"prompts":[', b"]}", 4_900_000),
        ("POST", f"{PROJECT}/selections", b'{"ids":[', b"]}", 1_400_000),
        ("POST", f"{PROJECT}/images/bulk", b'{"ids":[', b"]}", 1_400_000),
    ],
)
def test_millions_of_values_are_refused_before_any_is_built(
    client, upload, check_error, method, path, start, end, size, value
):
    path = path.replace("IMAGE", upload()["id"])
    body = start + (value + b",") * (size // (len(value) + 1)) + value + end
    begun = time.process_time()
    answer = client.open(path, method=method, data=body, **JSON)
    seconds = time.process_time() - begun
    error = check_error(answer, 413, "too_large")
    assert error["message"].startswith("The body holds more than ")
    assert seconds < 2, seconds


def test_a_long_mask_and_a_long_text_are_few_values(client, upload, check_error):
    """What stands in a text does not count, with quotes in it or without."""
    text = '[{,"\\' * 100_000
    error = check_error(
        client.post(
            f"{PROJECT}/images/{upload()['id']}/annotations",
            json={"label": "a", "color": "#112233", "rle": {"size": [30, 40], "counts": text}},
        ),
        400,
        "invalid_rle",
    )
    assert "values" not in error["message"]
