"""/api/projects/{id}/agreement and .../consensus: how alike people segment, and common objects made of theirs."""

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request

from ...errors import NotFound, unknown
from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from ...web.context import flag, whole_number
from ...web.files import send_csv, send_drawn
from ...web.standing import allowed
from ..accounts.http import need_accounts
from ..projects.shapes import project_images_json
from . import schema, sheets
from .report import Chosen, named

blueprint = Blueprint("agreement", __name__, url_prefix="/api/projects/<project_id>")
blueprint.before_request(need_accounts)

_DEFAULT_PAGE, _MOST = 50, 200
_EVERY = 1_000_000


@blueprint.get("/agreement")
@may("agreement.read")
def report(project_id: str) -> Response:
    """As of when it was last worked out, and whether that is going on."""
    return jsonify(services().agreement.report(project_id))


@blueprint.post("/agreement")
@may("agreement.read")
def update(project_id: str) -> tuple[Response, int]:
    """Work out what has changed."""
    return jsonify(services().agreement.start(actor(), project_id)), 202


@blueprint.get("/agreement/images")
@may("agreement.read")
def images(project_id: str) -> Response:
    """Those with the least agreement first; of one person or label, if asked for."""
    offset = min(max(0, whole_number("offset", 0)), _EVERY)
    limit = min(max(1, whole_number("limit", _DEFAULT_PAGE)), _MOST)
    chosen = Chosen(_truth(), request.args.get("person") or None, request.args.get("label") or None)
    listed, total = services().agreement.images(project_id, chosen, offset, limit)
    ids = [each.image_id for each in listed]
    places = services().agreement.places(project_id, ids)
    described = {each.id: each for each in project_images_json(services(), actor(), project_id, places)}
    page = [
        schema.ImageAgreement(
            image=described[each.image_id],
            people=each.people,
            first=named(each.least[0]),
            second=named(each.least[1]),
            figures=each.figures,
        )
        for each in listed
        if each.image_id in described
    ]
    return jsonify(schema.ImageAgreementPage(page, total))


@blueprint.get("/agreement/<sheet>.csv")
@may("agreement.read")
def sheet(project_id: str, sheet: str) -> Response:
    """A table of the report, or of all images, for spreadsheets."""
    if sheet not in sheets.SHEETS:
        raise NotFound(unknown("table", sheet, sheets.SHEETS), hint="Choose one of these.")
    return send_csv(b"".join(_lines(project_id, sheet)), f"agreement-{sheet}.csv")


@blueprint.get("/images/<image_id>/agreement")
@may("agreement.read")
def image(project_id: str, image_id: str) -> Response:
    """Whose object is whose, as it is now."""
    return jsonify(services().comparisons.of_image(project_id, image_id, _truth()))


@blueprint.get("/images/<image_id>/differences.png")
@may("agreement.read")
def picture(project_id: str, image_id: str) -> Response:
    """Where two people differ, to lie over the image."""
    two = (request.args.get("first", ""), request.args.get("second", ""))
    png, tag = services().comparisons.picture(project_id, image_id, *two, flag("large"), _truth())
    return send_drawn(png, tag)


@blueprint.post("/images/<image_id>/consensus")
@may("review.decide")
def make_one(project_id: str, image_id: str) -> tuple[Response, int]:
    """Common objects of one image. The answer says how to undo it."""
    return jsonify(services().merging.one(actor(), project_id, image_id, json_body())), 201


@blueprint.get("/consensus")
@may("review.decide")
def standing(project_id: str) -> Response:
    """How far it is on many images, and what was made last."""
    return jsonify(services().merging.standing(project_id))


@blueprint.post("/consensus")
@may("review.decide")
def make_all(project_id: str) -> tuple[Response, int]:
    """Common objects of all images that everybody is done with and that have none."""
    return jsonify(services().merging.start(actor(), project_id, json_body())), 202


@blueprint.post("/consensus/<run_id>/undo")
@may("review.decide")
def undo(project_id: str, run_id: str) -> Response:
    """Take out again what was made at one time. Waits for a while, and is told as it is then."""
    return jsonify(services().merging.undo(actor(), project_id, run_id))


def _truth() -> bool:
    """Whether the sender may know which images are gold."""
    return allowed("work.assign")


def _lines(project_id: str, sheet: str) -> Iterator[bytes]:
    people = services().members.of_project(actor(), project_id).names
    if sheet == "images":
        listed, _ = services().agreement.images(project_id, Chosen(_truth()), 0, _EVERY)
        known = services().agreement.image_names(project_id)
        rows = [
            (known[each.image_id], each.figures, each.people) for each in listed if each.image_id in known
        ]
        return sheets.images(rows, people)
    report = services().agreement.report(project_id)
    if sheet == "people":
        return sheets.people(report.people, people)
    if sheet == "pairs":
        return sheets.pairs(report.pairs, people)
    labels = {each.id: each.name for each in services().labels.of_project(project_id).labels}
    return sheets.labels(report.labels, labels)
