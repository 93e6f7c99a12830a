"""The tables, typed. A change here needs a migration in `migrations/versions`; a test compares the two."""

from .activity import Activity
from .agreement import AgreementRun, Consensus, ImageAgreement
from .annotations import Annotation, AnnotationTombstone, AnnotationVersion, Versioned
from .base import DEFAULT_PROJECT, Base, UtcTime, now
from .comments import Comment, CommentThread, InboxItem
from .facts import Fact
from .images import Embedding, Image, identity_of
from .imports import ImportFile, ImportJob
from .jobs import JobRow
from .links import Link, Visitor
from .mask_runs import MaskRun, MaskRunImage
from .people import Account, ApiToken, Identity, Invitation, Member, SignIn
from .projects import Event, LabelClass, Project, ProjectImage, ProjectRevision
from .proposals import NearestProposal, Proposal, ProposalSet
from .trainings import Training
from .webhooks import Webhook, WebhookDelivery
from .work import Assignment

__all__ = [
    "DEFAULT_PROJECT",
    "Account",
    "Activity",
    "AgreementRun",
    "Annotation",
    "AnnotationTombstone",
    "AnnotationVersion",
    "ApiToken",
    "Assignment",
    "Base",
    "Comment",
    "CommentThread",
    "Consensus",
    "Embedding",
    "Event",
    "Fact",
    "Identity",
    "Image",
    "ImageAgreement",
    "ImportFile",
    "ImportJob",
    "InboxItem",
    "Invitation",
    "JobRow",
    "LabelClass",
    "Link",
    "MaskRun",
    "MaskRunImage",
    "Member",
    "NearestProposal",
    "Project",
    "ProjectImage",
    "ProjectRevision",
    "Proposal",
    "ProposalSet",
    "SignIn",
    "Training",
    "UtcTime",
    "Versioned",
    "Visitor",
    "Webhook",
    "WebhookDelivery",
    "identity_of",
    "now",
]
