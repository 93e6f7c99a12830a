"""The HTTP API, one blueprint per kind of thing. A new one is one file and one line in BLUEPRINTS."""

from server.web.api import annotations, embeddings, exports, images, predict, segmenters, status

BLUEPRINTS = (
    images.blueprint,
    annotations.blueprint,
    embeddings.blueprint,
    predict.blueprint,
    exports.blueprint,
    segmenters.blueprint,
    status.blueprint,
)
