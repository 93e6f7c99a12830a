"""The HTTP API, one blueprint per kind of thing. A new one is one file and one line in BLUEPRINTS."""

from server.web.api import (
    annotations,
    embeddings,
    exports,
    images,
    imports,
    predict,
    project_images,
    projects,
    segmenters,
    status,
    trash,
)

BLUEPRINTS = (
    projects.blueprint,
    project_images.blueprint,
    imports.blueprint,
    images.blueprint,
    annotations.blueprint,
    embeddings.blueprint,
    predict.blueprint,
    exports.blueprint,
    segmenters.blueprint,
    status.blueprint,
    trash.blueprint,
)
