"""/api/.../export/{format}: what was made in a project, or on one image, as files of other programs' formats."""

from pathlib import PurePath

from flask import Blueprint, Response, jsonify, request

from ...contract import parse
from ...errors import BadRequest
from ...services import services
from ...storage.tables import DEFAULT_PROJECT
from ...web.acting import may
from ...web.bodies import json_body
from ...web.context import flag
from ...web.files import attachment, send_stored
from ..projects.images_schema import NewSelection
from ..projects.selection import parse_selection
from .exports.reading import Wanted, parse_split
from .formats import FORMATS
from .formats.objects import Format
from .schema import FormatInfo, FormatList, Selected

blueprint = Blueprint("exports", __name__)


@blueprint.get("/api/formats")
@may("public")
def formats() -> Response:
    """What annotations are read from and written in."""
    return jsonify(FormatList([_format_json(name, each) for name, each in FORMATS.items()]))


@blueprint.get("/api/export/<format_name>")
@may("project.export", about="default")
def everything(format_name: str) -> Response:
    """The default project's."""
    return _file(_wanted(DEFAULT_PROJECT, format_name), "samphire")


@blueprint.get("/api/images/<image_id>/export/<format_name>")
@may("project.export", about="default")
def one_image(image_id: str, format_name: str) -> Response:
    """One image's, in the default project."""
    return _image(DEFAULT_PROJECT, image_id, format_name)


@blueprint.get("/api/projects/<project_id>/export/<format_name>")
@may("project.export")
def project(project_id: str, format_name: str) -> Response:
    """A project's, or of the images that a filter lists or `selected` names; `split=80/10/10` and `images=1` make it a
    zip file. `file`: the one that `prepare` named."""
    stem = services().projects.find(project_id).name
    return _file(_wanted(project_id, format_name), stem, request.args.get("file"))


@blueprint.post("/api/projects/<project_id>/export/<format_name>/prepare")
@may("project.export")
def prepare(project_id: str, format_name: str) -> tuple[Response, int]:
    """Make the file, for whoever wants to see how far that is: 202 until it is ready, then 200. Ask again and again,
    with the `file` that the first answer named."""
    standing = services().preparing.prepare(_wanted(project_id, format_name), request.args.get("file"))
    return jsonify(standing), 200 if standing.state == "ready" else 202


@blueprint.get("/api/projects/<project_id>/images/<image_id>/export/<format_name>")
@may("project.export")
def project_image(project_id: str, image_id: str, format_name: str) -> Response:
    """One image's, in a project."""
    return _image(project_id, image_id, format_name)


@blueprint.get("/api/projects/<project_id>/export/<format_name>/losses")
@may("project.export")
def losses(project_id: str, format_name: str) -> Response:
    """What the format cannot carry, before anything is written."""
    return jsonify(services().exports.losses(_wanted(project_id, format_name)))


def _format_json(name: str, chosen: Format) -> FormatInfo:
    return FormatInfo(
        id=name,
        title=chosen.title,
        reads=chosen.reads,
        writes=True,
        extension=chosen.extension,
        several=chosen.several,
        keeps_details=chosen.keeps_details,
    )


def _image(project_id: str, image_id: str, format_name: str) -> Response:
    place, _ = services().project_images.get(project_id, image_id)
    return _file(_wanted(project_id, format_name, image_id), PurePath(place.name).stem)


@blueprint.post("/api/projects/<project_id>/selections")
@may("project.export")
def select(project_id: str) -> tuple[Response, int]:
    """More images than an address can name, to be exported: the answer's `selected` stands for them."""
    wanted = parse(NewSelection, json_body(), BadRequest)
    return jsonify(Selected(services().exports.select(project_id, wanted.ids))), 201


def _wanted(project_id: str, format_name: str, image_id: str | None = None) -> Wanted:
    split = parse_split(request.args.get("split"))
    chosen = parse_selection(request.args).chosen
    selected = request.args.get("selected") or None
    ids = None if selected is None else services().exports.selected(project_id, selected)
    return Wanted(
        project_id, format_name, image_id, split, flag("images"), chosen, selected, ids, flag("provenance")
    )


def _file(wanted: Wanted, stem: str, named: str | None = None) -> Response:
    """A download that breaks off can go on: the file stays as it is, under its ETag, as long as nothing changes."""
    exports = services().exports
    chosen = exports.format(wanted.format)
    path, etag = exports.kept(wanted, named) if named else exports.file(wanted)
    zipped = path.suffix == ".zip"
    content_type = "application/zip" if zipped else chosen.content_type
    response = send_stored(path, content_type, etag=etag)
    response.headers["Content-Disposition"] = attachment(f"{stem}.{wanted.format}{path.suffix}")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
