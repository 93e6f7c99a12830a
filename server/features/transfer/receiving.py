"""A request whose body is to be imported."""

from flask import Response, jsonify, request

from ...domain.outside.strings import without_refused
from ...services import services
from ...web.acting import actor, confirm
from ...web.context import flag
from .imports.jobs import parse_choices

ARCHIVE_TYPES = frozenset(
    {
        "application/gzip", "application/octet-stream", "application/x-bzip2", "application/x-gzip",
        "application/x-tar", "application/x-xz", "application/x-zip-compressed", "application/zip",
    }
)  # fmt: skip
_NAME_CHARACTERS = 200


def receive(project_id: str, format_name: str | None, name: str) -> tuple[Response, int]:
    """The request's body as an import of its own: 202 and where that stands."""
    services().projects.find(project_id)
    request.max_content_length = services().settings.max_import_bytes
    called = without_refused(request.args.get("name", "")[-_NAME_CHARACTERS:]).strip()
    flags = {name: flag(name) for name in ("keep_going", "skip_missing", "ask_labels")}
    choices = parse_choices({**flags, "existing": request.args.get("existing") or "add"})
    job = services().imports.receive(
        actor(), project_id, request.stream, called or name, format_name, choices, confirm
    )
    return jsonify(services().imports.jobs.new(job)), 202
