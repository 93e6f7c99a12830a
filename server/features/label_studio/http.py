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
    """That the backend is there."""
    return jsonify(BackendHealth("UP", "Samphire"))


@blueprint.post("/setup")
@may("project.read")
def setup(project_id: str) -> Response:
    """When a project of Label Studio's is connected. Its token, which comes along, is not read."""
    return jsonify(BackendVersion(services().label_studio.version(project_id)))


@blueprint.get("/versions")
@may("project.read")
def versions(project_id: str) -> Response:
    """Which versions there are: the present one."""
    return jsonify(BackendVersions([services().label_studio.version(project_id)], ""))


@blueprint.post("/predict")
@may("image.add")
def predict(project_id: str) -> Response:
    """The mask for what somebody has drawn, as a brush stroke."""
    require("image.segment")
    most = _MOST_OF_TASKS + settings().max_upload_bytes * 4 // 3
    return jsonify(services().label_studio.predict(actor(), project_id, body_bytes(most), sender()))


@blueprint.post("/webhook")
@may("project.read")
def webhook(project_id: str) -> tuple[Response, int]:
    """What happens in Label Studio; nothing is trained here."""
    return jsonify(BackendStatus("ok")), 201
