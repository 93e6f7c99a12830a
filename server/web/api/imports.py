"""/api/projects/{id}/imports and /import/{format}: archives of pictures and files of annotations, taken in and worked
through in the background."""

from flask import Blueprint, Response, jsonify, request

from server.domain.strings import without_refused
from server.formats import FORMATS
from server.services.imports.jobs import parse_choices
from server.web.context import flag, json_body, services, whole_number

blueprint = Blueprint("imports", __name__, url_prefix="/api/projects/<project_id>")

ARCHIVE_TYPES = frozenset(
    {
        "application/gzip", "application/octet-stream", "application/x-bzip2", "application/x-gzip",
        "application/x-tar", "application/x-xz", "application/x-zip-compressed", "application/zip",
    }
)  # fmt: skip
_NAME_CHARACTERS = 200
_MOST_CHOICES_BYTES = 5_000_000  # names of labels


@blueprint.get("/imports")
def list_imports(project_id: str) -> Response:
    """The newest first."""
    return jsonify({"imports": services().imports.jobs.of_project(project_id)})


@blueprint.get("/imports/<job_id>")
def one(project_id: str, job_id: str) -> Response:
    """With what is wrong with single files; `after` continues a long list."""
    after = whole_number("after", -1)
    return jsonify(services().imports.jobs.get(project_id, job_id, max(-1, min(after, 2**31))))


@blueprint.post("/imports/<job_id>/resume")
def resume(project_id: str, job_id: str) -> tuple[Response, int]:
    """Go on with one that stopped, or that failed, then in another format or with other choices."""
    return jsonify(services().imports.resume(project_id, job_id, json_body(_MOST_CHOICES_BYTES))), 202


@blueprint.post("/imports/<job_id>/cancel")
def cancel(project_id: str, job_id: str) -> Response:
    """Stop one that waits or runs. What was imported stays, and it may be resumed."""
    return jsonify(services().imports.cancel(project_id, job_id))


@blueprint.delete("/imports/<job_id>")
def discard(project_id: str, job_id: str) -> tuple[str, int]:
    """Forget one, and free the bytes that were sent. What was imported stays."""
    services().imports.discard(project_id, job_id)
    return "", 204


@blueprint.post("/import/<format_name>")
def annotations(project_id: str, format_name: str) -> tuple[Response, int]:
    """The body is the file, or an archive of files, of a format, with the pictures or without."""
    known = FORMATS.get(format_name)
    return receive(project_id, format_name, f"annotations.{known.extension if known else 'zip'}")


def receive(project_id: str, format_name: str | None, name: str) -> tuple[Response, int]:
    """The request's body as an import of its own: 202 and where that stands."""
    services().projects.find(project_id)
    request.max_content_length = services().settings.max_import_bytes
    called = without_refused(request.args.get("name", "")[-_NAME_CHARACTERS:]).strip()
    flags = {name: flag(name) for name in ("keep_going", "skip_missing", "ask_labels")}
    choices = parse_choices({**flags, "existing": request.args.get("existing") or "add"})
    job = services().imports.receive(project_id, request.stream, called or name, format_name, choices)
    return jsonify(services().imports.jobs.new_json(job)), 202
