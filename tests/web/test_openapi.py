"""The description and the routes are the same thing said twice."""

import re

import pytest

from server.openapi.document import build
from server.openapi.operations import OPERATIONS
from server.openapi.schemas import components

SCHEMAS = components()
PAGES = {
    ("get", "/"),
    ("get", "/images/{image_id}"),
    ("get", "/projects/{project_id}"),
    ("get", "/s/{token}"),
    ("get", "/s/{token}/card.jpg"),
    ("get", "/s/{token}/embed"),
    ("get", "/s/{token}/embed/image"),
    ("get", "/s/{token}/embed/embedding"),
    ("get", "/s/{token}/embed/decoder/{file}"),
    ("get", "/projects/{project_id}/settings"),
    ("get", "/projects/{project_id}/history"),
    ("get", "/projects/{project_id}/numbers"),
    ("get", "/projects/{project_id}/training"),
    ("get", "/projects/{project_id}/trash"),
    ("get", "/projects/{project_id}/own"),
    ("get", "/projects/{project_id}/agreement"),
    ("get", "/trash"),
    ("get", "/projects/{project_id}/images/{image_id}"),
    ("get", "/projects/{project_id}/images/{image_id}/compare"),
    ("get", "/static/{version}/{path}"),
    ("get", "/favicon.ico"),
    ("get", "/sign-in"),
    ("get", "/join"),
    ("get", "/inbox"),
    ("get", "/account"),
    ("get", "/people"),
    ("get", "/sign-in/oidc"),
    ("get", "/sign-in/oidc/return"),
}


def test_every_route_is_described_and_every_description_is_a_route(app):
    routes = {
        (method.lower(), re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", str(rule)))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes - PAGES == {(operation.method, operation.path) for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_parameter_of_a_path_is_described(operation):
    named = {parameter["name"] for parameter in operation.parameters if parameter["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", operation.path))
    assert operation.summary.endswith(".")


def test_ids_are_unique_and_references_lead_somewhere():
    ids = [operation.id for operation in OPERATIONS]
    assert len(set(ids)) == len(ids)
    references = set(re.findall(r"#/components/schemas/(\w+)", str(build())))
    assert references <= set(SCHEMAS)


def test_the_document_is_served(client):
    document = client.get("/api/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {operation.path for operation in OPERATIONS}


def _fits(schema, value):
    try:
        check(schema, value, "")
    except AssertionError:
        return False
    return True


def check(schema, value, where):
    """As much of JSON Schema as the descriptions use."""
    if "$ref" in schema:
        return check(SCHEMAS[schema["$ref"].rsplit("/", 1)[-1]], value, where)
    if "anyOf" in schema and "type" not in schema:
        assert any(_fits(option, value) for option in schema["anyOf"]), where
        return None
    if "const" in schema:
        assert value == schema["const"], where
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array":
    list,
             "null": type(None)}  # fmt: skip
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, kinds[kind]) for kind in allowed), where
    if "enum" in schema:
        assert value in schema["enum"], where
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value), where
        assert set(value) <= set(schema["properties"]), where
        for name, each in value.items():
            check(schema["properties"][name], each, f"{where}.{name}")
    if isinstance(value, list):
        for each in value:
            check(schema["items"], each, f"{where}[]")


def test_answers_are_as_described(client, upload, make_annotation):
    image = upload()
    prompts = [{"kind": "point", "x": 1.5, "y": 2, "label": 0}, {"kind": "mask", "token": 1}]
    annotation = client.post(
        f"/api/images/{image['id']}/annotations", json=make_annotation(prompts=prompts)
    ).json
    answers = {
        "Image": image,
        "ImagePage": client.get("/api/images").json,
        "Annotation": annotation,
        "AnnotationList": client.get(f"/api/images/{image['id']}/annotations").json,
        "Status": client.get("/api/status").json,
        "SegmenterList": client.get("/api/segmenters").json,
        "Error": client.get("/api/images/gone").json,
    }
    for name, answer in answers.items():
        check(SCHEMAS[name], answer, name)


def test_the_readable_page_names_every_operation_setting_and_event(client):
    from server.config import ROWS
    from server.openapi.socket import SOCKET

    answer = client.get("/api/docs")
    page = answer.get_data(as_text=True)
    assert answer.mimetype == "text/html"
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)  # none inline
    assert " style=" not in page
    for operation in OPERATIONS:
        assert f'id="{operation.id}"' in page
        assert operation.path in page
    for row in ROWS:
        assert row.flag in page
    for event in SOCKET["events"]:
        assert f"<code>{event['name']}</code>" in page
    for name in SCHEMAS:
        assert f'id="schema-{name}"' in page
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{anchor}"' in page
