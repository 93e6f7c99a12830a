"""Every feature's routes: one line each."""

from .features.accounts import admin_http, invitations_http
from .features.accounts import http as account_http
from .features.accounts.oidc import http as oidc_http
from .features.agreement import http as agreement_http
from .features.annotations import http as annotations_http
from .features.bundles import embeds_http
from .features.bundles import http as bundles_http
from .features.comments import http as comments_http
from .features.comments import inbox_http
from .features.embeddings import http as embeddings_http
from .features.events import http as events_http
from .features.history import http as history_http
from .features.images import http as images_http
from .features.label_studio import http as label_studio_http
from .features.links import http as links_http
from .features.mask_runs import http as mask_runs_http
from .features.members import http as members_http
from .features.numbers import http as numbers_http
from .features.prediction import http as prediction_http
from .features.projects import http as projects_http
from .features.projects import images_http as project_images_http
from .features.projects import trash_http, uploads_http
from .features.proposals import http as proposals_http
from .features.segmenters import http as segmenters_http
from .features.training import http as training_http
from .features.transfer import exports_http, imports_http
from .features.upkeep import http as upkeep_http
from .features.webhooks import http as webhooks_http
from .features.work import http as work_http

ROUTES = (
    projects_http,
    project_images_http,
    uploads_http,
    imports_http,
    images_http,
    annotations_http,
    embeddings_http,
    prediction_http,
    proposals_http,
    exports_http,
    bundles_http,
    embeds_http,
    segmenters_http,
    upkeep_http,
    trash_http,
    events_http,
    history_http,
    numbers_http,
    work_http,
    comments_http,
    inbox_http,
    agreement_http,
    mask_runs_http,
    training_http,
    account_http,
    invitations_http,
    admin_http,
    oidc_http,
    members_http,
    links_http,
    webhooks_http,
    label_studio_http,
)
