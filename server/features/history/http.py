"""/api/.../history: who did what when; versions of objects, looked at and restored."""

from datetime import datetime

from flask import Blueprint, Response, jsonify, request

from ...domain.outside.strings import one_line
from ...errors import BadRequest, NotFound, unknown
from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.context import whole_number
from ...web.standing import allowed, project_of_annotation
from .service import GROUPS, Asked, read_moment

blueprint = Blueprint("history", __name__)

_USUAL = 50
_LARGEST = 2**53
_CHARACTERS = 64  # of an account's id, or a time


@blueprint.get("/api/projects/<project_id>/history")
@may("project.read")
def of_project(project_id: str) -> Response:
    """The newest first; `before` is the "next" of the page before."""
    return jsonify(services().history.of_project(actor(), project_id, _asked()))


@blueprint.get("/api/projects/<project_id>/images/<image_id>/history")
@may("annotation.read")
def of_image(project_id: str, image_id: str) -> Response:
    return jsonify(services().history.of_image(actor(), project_id, image_id, _asked()))


@blueprint.post("/api/projects/<project_id>/images/<image_id>/restore")
@may("annotation.change")
def restore_image(project_id: str, image_id: str) -> Response:
    """All objects of an image as they were at a moment; the answer says how to undo it."""
    restored = services().history.restore_image(
        actor(), project_id, image_id, json_body(), allowed("label.change")
    )
    return jsonify(restored)


@blueprint.get("/api/annotations/<annotation_id>/history")
@may("annotation.read", about="annotation")
def of_annotation(annotation_id: str) -> Response:
    """All its versions, and that it was deleted."""
    page = services().history.of_annotation(actor(), annotation_id, project_of_annotation(), _asked())
    return jsonify(page)


@blueprint.get("/api/annotations/<annotation_id>/versions/<version>")
@may("annotation.read", about="annotation")
def version(annotation_id: str, version: str) -> Response:
    """As it was then."""
    if not version.isdecimal() or len(version) > len(str(_LARGEST)):
        raise NotFound("This version is not known.", hint="Versions are numbers; its history lists them.")
    found = services().history.version(actor(), annotation_id, int(version), project_of_annotation())
    return jsonify(found)


@blueprint.post("/api/annotations/<annotation_id>/restore")
@may("annotation.change", about="annotation")
def restore(annotation_id: str) -> Response:
    """As an earlier version of it, which becomes a new one."""
    restored = services().history.restore(
        actor(), annotation_id, json_body(), project_of_annotation(), allowed("label.change")
    )
    return jsonify(restored)


def _asked() -> Asked:
    """From the query; what is empty says nothing. Raises BadRequest."""
    group = request.args.get("kind") or None
    if group is not None and group not in GROUPS:
        raise BadRequest(unknown("kind of entry", group, GROUPS))
    before = whole_number("before", 0)
    return Asked(
        group,
        _text("person"),
        _moment("from"),
        _moment("to"),
        min(before, _LARGEST) if before > 0 else None,
        whole_number("limit", _USUAL),
    )


def _text(name: str) -> str | None:
    text = request.args.get(name, "")
    return one_line(text, f'"{name}"', _CHARACTERS, BadRequest) if text.strip() else None


def _moment(name: str) -> datetime | None:
    text = _text(name)
    return None if text is None else read_moment(name, text)
