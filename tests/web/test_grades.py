"""Each kind of answer, over TLS, graded as the public observatories grade sites: what they take points off for."""

import re

import pytest

from tests.web.team import PASSWORD, visitor
from tests.web.visiting import make_link
from tests.web.working import make_project

HALF_A_YEAR = 15_768_000  # what they want of HSTS, in seconds
TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
HERE = "https://photos.example"


def directives(policy):
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


def faults(answer):
    """What they would take points off for."""
    headers = answer.headers
    policy = directives(headers.get("Content-Security-Policy", "x"))
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    seconds = re.match(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    flaws = {
        "default-src": policy.get("default-src") != ["'none'"],
        "script-src": bool({"*", "'unsafe-inline'", "'unsafe-eval'", "data:", "https:"} & set(scripts)),
        "style-src": "'unsafe-inline'" in policy.get("style-src", []),
        "object-src": policy.get("object-src", ["'none'"]) != ["'none'"],
        "base-uri": policy.get("base-uri") != ["'none'"],
        "form-action": policy.get("form-action") != ["'self'"],
        "frame-ancestors": policy.get("frame-ancestors") != ["'none'"],
        "hsts": seconds is None or int(seconds[1]) < HALF_A_YEAR,
        "nosniff": headers.get("X-Content-Type-Options") != "nosniff",
        "referrer": headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"),
        "permissions": "camera=()" not in headers.get("Permissions-Policy", ""),
        "coop": headers.get("Cross-Origin-Opener-Policy") != "same-origin",
        "coep": headers.get("Cross-Origin-Embedder-Policy") != "require-corp",
        "corp": headers.get("Cross-Origin-Resource-Policy") != "same-origin",
        "cors": "Access-Control-Allow-Origin" in headers,
        "cache": "public" in headers.get("Cache-Control", "public"),
        "server": bool(re.search(r"\d", headers.get("Server", ""))),
    }
    for cookie in headers.getlist("Set-Cookie"):
        attributes = {part.split("=")[0].lower() for part in cookie.split("; ")[1:]}
        flaws["cookie " + cookie.split("=")[0]] = not {"secure", "httponly", "samesite"} <= attributes
    return [name for name, flawed in flaws.items() if flawed]


@pytest.fixture
def project(make_app, make_picture):
    app = make_app(team=True, trusted_proxies="127.0.0.1", allowed_hosts="photos.example")
    return make_project(app, make_picture, images=1, max="manager")


def asking(client):
    client.environ_base |= {
        "HTTP_ORIGIN": HERE,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in TLS.items()},
    }
    return client


@pytest.fixture
def signed_in(project):
    """A browser that signs in over TLS; `.answered` is the answer to that."""
    services = project.app.extensions["samphire"]
    services.administration.create({"name": "Bob", "password": PASSWORD, "is_admin": True})
    client = asking(visitor(project.app))
    body = {"name": "Bob", "password": PASSWORD}
    client.answered = client.post("/api/account/sign-in", json=body, base_url=HERE)
    assert client.answered.status_code == 200
    return client


def test_every_kind_of_answer_gets_the_best_grade(project, signed_in):
    image = signed_in.get(f"/api/images/{project.images[0]}", base_url=HERE).json
    page = signed_in.get("/", base_url=HERE)
    shipped = re.search(r'(?:href|src)="(/static/[^"]+)"', page.text)[1]
    html = {"Accept": "text/html"}
    answers = {
        "page": page,
        "project": signed_in.get(f"/projects/{project.id}", base_url=HERE),
        "API": signed_in.get("/api/projects", base_url=HERE),
        "docs": signed_in.get("/api/docs", base_url=HERE, headers=html),
        "image": signed_in.get(image["file_url"], base_url=HERE),
        "shipped": signed_in.get(shipped, base_url=HERE),
        "health": signed_in.get("/healthz", base_url=HERE),
        "lost page": signed_in.get("/nowhere", base_url=HERE, headers=html),
        "lost": signed_in.get("/api/nowhere", base_url=HERE),
        "refused": asking(visitor(project.app)).get("/api/projects", base_url=HERE),
        "led on": asking(visitor(project.app)).get("/", base_url=HERE, headers=html),
        "signed in": signed_in.answered,
    }
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert {name: faults(answer) for name, answer in answers.items()} == {name: [] for name in answers}
    assert list(statuses.values()) == [200] * 7 + [404, 404, 401, 303, 200], statuses
    assert answers["signed in"].headers.getlist("Set-Cookie")


def test_a_share_link_gets_it_too_and_tells_no_other_site_of_its_secret(project):
    link = make_link(project.max, project.id, "view")
    client = asking(visitor(project.app))
    opened = client.get(link["path"], base_url=HERE, headers={"Accept": "text/html"})
    begun = client.post("/api/links/open", json={"token": link["token"]}, base_url=HERE)
    assert (opened.status_code, begun.status_code) == (200, 200)
    assert faults(opened) == faults(begun) == []
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert begun.headers.getlist("Set-Cookie")


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("http://photos.example", {}),
        ("https://localhost", {}),
        ("https://127.0.0.1:8765", {}),
        ("https://photos.example:9443", {}),
        ("https://photos.example/samphire", {"base_path": "/samphire"}),
    ],
)
def test_only_a_name_of_its_own_is_kept_to_tls(make_app, host, options):
    """Below a path, at a port and on this machine, that would hold for other programs too."""
    app = make_app(team=True, trusted_proxies="127.0.0.1", allowed_hosts="photos.example", **options)
    answer = app.test_client().get("/healthz", base_url=host)
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers


def test_the_policy_can_be_tried_out(make_app):
    place = "https://reports.example/csp"
    headers = make_app(csp="report-only", csp_report_to=place).test_client().get("/").headers
    tried = directives(headers["Content-Security-Policy-Report-Only"])
    assert tried["default-src"] == ["'none'"]
    assert (tried["report-uri"], tried["report-to"]) == ([place], ["csp"])
    assert headers["Reporting-Endpoints"] == f'csp="{place}"'
    kept = directives(headers["Content-Security-Policy"])
    assert kept == {"base-uri": ["'none'"], "form-action": ["'self'"], "frame-ancestors": ["'none'"]}


def test_what_is_forbidden_can_be_reported_as_well(make_app):
    headers = make_app(csp_report_to="https://reports.example/csp").test_client().get("/").headers
    assert directives(headers["Content-Security-Policy"])["report-to"] == ["csp"]
    assert "Content-Security-Policy-Report-Only" not in headers
