"""/api/projects/{id}/imports and /import/{format}: archives of pictures and files of annotations, taken in and worked
through in the background."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.context import whole_number
from .formats import FORMATS
from .receiving import receive
from .schema import ImportList

blueprint = Blueprint("imports", __name__, url_prefix="/api/projects/<project_id>")

_MOST_CHOICES_BYTES = 2_000_000  # names of labels


@blueprint.get("/imports")
@may("project.import")
def list_imports(project_id: str) -> Response:
    """The newest first."""
    return jsonify(ImportList(services().imports.jobs.of_project(project_id)))


@blueprint.get("/imports/<job_id>")
@may("project.import")
def one(project_id: str, job_id: str) -> Response:
    """With what is wrong with single files; `after` continues a long list."""
    after = whole_number("after", -1)
    return jsonify(services().imports.jobs.get(project_id, job_id, max(-1, min(after, 2**31))))


@blueprint.post("/imports/<job_id>/resume")
@may("project.import")
def resume(project_id: str, job_id: str) -> tuple[Response, int]:
    """Go on with one that stopped, or that failed, then in another format or with other choices."""
    return jsonify(
        services().imports.resume(actor(), project_id, job_id, json_body(_MOST_CHOICES_BYTES))
    ), 202


@blueprint.post("/imports/<job_id>/cancel")
@may("project.import")
def cancel(project_id: str, job_id: str) -> Response:
    """Stop one that waits or runs. What was imported stays, and it may be resumed."""
    return jsonify(services().imports.cancel(project_id, job_id))


@blueprint.delete("/imports/<job_id>")
@may("project.import")
def discard(project_id: str, job_id: str) -> tuple[str, int]:
    """Forget one, and free the bytes that were sent. What was imported stays."""
    services().imports.discard(project_id, job_id)
    return "", 204


@blueprint.post("/import/<format_name>")
@may("project.import")
def annotations(project_id: str, format_name: str) -> tuple[Response, int]:
    """The body is the file, or an archive of files, of a format, with the pictures or without."""
    known = FORMATS.get(format_name)
    return receive(project_id, format_name, f"annotations.{known.extension if known else 'zip'}")
