"""The tables, typed. A change here needs a migration in `migrations/versions`; a test compares the two."""

from .annotations import Annotation, AnnotationTombstone
from .base import DEFAULT_PROJECT, Base, UtcTime, now
from .images import Embedding, Image
from .imports import ImportFile, ImportJob
from .jobs import JobRow
from .projects import Event, LabelClass, Project, ProjectImage, ProjectRevision

__all__ = [
    "DEFAULT_PROJECT",
    "Annotation",
    "AnnotationTombstone",
    "Base",
    "Embedding",
    "Event",
    "Image",
    "ImportFile",
    "ImportJob",
    "JobRow",
    "LabelClass",
    "Project",
    "ProjectImage",
    "ProjectRevision",
    "UtcTime",
    "now",
]
