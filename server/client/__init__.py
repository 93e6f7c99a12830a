"""A client of a Samphire server's HTTP API, on this machine or another. See docs/client.md.

    from samphire.client import Client

It imports neither the networks nor the database.
"""

from ..errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    SamphireError,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    VersionConflict,
)
from .client import Client
from .errors import NotSamphire, Unreachable
from .resources import (
    Annotation,
    Candidate,
    Event,
    Image,
    Import,
    Label,
    Link,
    Member,
    Prediction,
    Problem,
    Project,
    Segmenter,
    Training,
    TrainingResult,
)
from .uploading import Uploads

__all__ = [
    "Annotation",
    "BadRequest",
    "Candidate",
    "Client",
    "Conflict",
    "Event",
    "Forbidden",
    "Gone",
    "Image",
    "Import",
    "Label",
    "Link",
    "Member",
    "NotFound",
    "NotSamphire",
    "Prediction",
    "Problem",
    "Project",
    "SamphireError",
    "Segmenter",
    "TooManyRequests",
    "Training",
    "TrainingResult",
    "Unauthorized",
    "Unavailable",
    "Unreachable",
    "Uploads",
    "VersionConflict",
]
