"""/api/projects/{id}/webhooks: webhooks and their deliveries."""

from flask import Blueprint, Response, jsonify

from ...services import services
from ...web.acting import actor, may
from ...web.bodies import json_body
from .schema import DeliveryList, WebhookList

blueprint = Blueprint("webhooks", __name__, url_prefix="/api/projects/<project_id>/webhooks")

_MOST_BYTES = 20_000


@blueprint.get("")
@may("webhook.manage")
def list_webhooks(project_id: str) -> Response:
    return jsonify(WebhookList(services().webhooks.of_project(project_id)))


@blueprint.post("")
@may("webhook.manage")
def add(project_id: str) -> tuple[Response, int]:
    """Only this answer contains the secret."""
    return jsonify(services().webhooks.add(actor(), project_id, json_body(_MOST_BYTES))), 201


@blueprint.patch("/<webhook_id>")
@may("webhook.manage")
def change(project_id: str, webhook_id: str) -> Response:
    return jsonify(services().webhooks.change(actor(), project_id, webhook_id, json_body(_MOST_BYTES)))


@blueprint.delete("/<webhook_id>")
@may("webhook.manage")
def delete(project_id: str, webhook_id: str) -> tuple[str, int]:
    services().webhooks.delete(actor(), project_id, webhook_id)
    return "", 204


@blueprint.post("/<webhook_id>/secret")
@may("webhook.manage")
def renew_secret(project_id: str, webhook_id: str) -> Response:
    """Replace the secret."""
    return jsonify(services().webhooks.renew_secret(project_id, webhook_id))


@blueprint.post("/<webhook_id>/ping")
@may("webhook.manage")
def ping(project_id: str, webhook_id: str) -> tuple[Response, int]:
    """Send a test delivery without events."""
    return jsonify(services().webhooks.ping(actor(), project_id, webhook_id)), 202


@blueprint.get("/<webhook_id>/deliveries")
@may("webhook.manage")
def deliveries(project_id: str, webhook_id: str) -> Response:
    return jsonify(DeliveryList(services().webhooks.deliveries(project_id, webhook_id)))


@blueprint.post("/<webhook_id>/deliveries/<delivery_id>/redeliver")
@may("webhook.manage")
def redeliver(project_id: str, webhook_id: str, delivery_id: str) -> tuple[Response, int]:
    """Send a delivery again, with a new id."""
    delivery = services().webhooks.redeliver(actor(), project_id, webhook_id, delivery_id)
    return jsonify(delivery), 202
