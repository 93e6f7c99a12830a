"""/api/projects/{id}/label-studio: what Label Studio asks an ML backend, whose address one enters there."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import body_bytes
from ...web.context import sender, settings
from ...web.standing import require
from .schema import BackendHealth, BackendStatus, BackendVersion, BackendVersions

blueprint = Blueprint("label_studio", __name__, url_prefix="/api/projects/<project_id>/label-studio")

_MOST_OF_TASKS = 50_000_000  # bytes of the annotations that come with a task


@blueprint.get("/health")
@may("project.read")
def health(project_id: str) -> Response:
    """Tell that the backend is up."""
    return jsonify(BackendHealth("UP", "Samphire"))


@blueprint.post("/setup")
@may("project.read")
def setup(project_id: str) -> Response:
    """Connect a Label Studio project. Its token is not read."""
    return jsonify(BackendVersion(services().label_studio.version(project_id)))


@blueprint.get("/versions")
@may("project.read")
def versions(project_id: str) -> Response:
    """List the versions: the current one."""
    return jsonify(BackendVersions([services().label_studio.version(project_id)], ""))


@blueprint.post("/predict")
@may("image.add")
def predict(project_id: str) -> Response:
    """Answer what was drawn with a mask, as a brush region."""
    require("image.segment")
    most = _MOST_OF_TASKS + settings().max_upload_bytes * 4 // 3
    return jsonify(services().label_studio.predict(actor(), project_id, body_bytes(most), sender()))


@blueprint.post("/webhook")
@may("project.read")
def webhook(project_id: str) -> tuple[Response, int]:
    """Acknowledge an event of Label Studio; nothing is trained."""
    return jsonify(BackendStatus("ok")), 201
