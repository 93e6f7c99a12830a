"""Projects as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line, lines, matching, named
from ...contract.answers import Utc
from ...domain.policy import Role
from ...inference.catalog import SEGMENTER_ID
from ..segmenters.schema import NO_SEGMENTER

NAME_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 5000
GUIDELINES_CHARACTERS = 50_000
LEAST_LEASE, LEASE, MOST_LEASE = 5, 120, 7 * 24 * 60  # minutes
CHANGEABLE = ("name", "description", "guidelines", "settings")
Name = Annotated[str, line("1 to 200 characters.", NAME_CHARACTERS, "The name of a project")]
Description = Annotated[str, lines("A few lines.", DESCRIPTION_CHARACTERS)]
Guidelines = Annotated[str, lines("How to annotate, Markdown.", GUIDELINES_CHARACTERS)]
_SEGMENTER = matching(
    "Id of a segmenter; null: the configured one.",
    SEGMENTER_ID.pattern,
    NO_SEGMENTER,
)
_KEYS = named("Which keys do what.", "key preset")
_REQUIRES = about("Whether an image whose objects lack a required attribute cannot be marked as done.")
_LEASE = about(
    "Minutes for which an image out of the common queue is somebody's, since they worked on it last.",
    says=f'"lease_minutes" must be a whole number from {LEAST_LEASE} to {MOST_LEASE}.',
    ge=LEAST_LEASE,
    le=MOST_LEASE,
)
MOST_ANNOTATORS, MOST_GOLD_EVERY = 10, 1000
_ANNOTATORS = about(
    "How many people annotate each image. From 2 on, annotators do not see each other's work; objects that are there "
    "stay common to all others.",
    says=f'"annotators_per_image" must be a whole number from 1 to {MOST_ANNOTATORS}.',
    ge=1,
    le=MOST_ANNOTATORS,
)
_GOLD = about(
    "One in so many images that the queue gives to an annotator is a gold one; 0: none. Only managers are told.",
    says=f'"gold_every" must be 0, or a whole number from 1 to {MOST_GOLD_EVERY}.',
    ge=0,
    le=MOST_GOLD_EVERY,
)
_REVIEW = about("Whether images that are done are submitted to reviewers, who accept or return them.")
_PROPOSE = about("Whether masks are proposed for images before anybody opens them.")
_THRESHOLD = about(
    "Of those, drafts are shown whose predicted IoU is at least this.",
    says='"propose_threshold" must be a number from 0 to 1.',
    ge=0,
    le=1,
)
KeyPreset = Literal["samphire", "cvat", "labelme"]


class ProjectSettings(Resource, kw_only=True):
    """What a project works with."""

    segmenter: Annotated[str, _SEGMENTER] | None = None
    key_preset: Annotated[KeyPreset, _KEYS] = "samphire"
    require_attributes: Annotated[bool, _REQUIRES] = False
    lease_minutes: Annotated[int, _LEASE] = LEASE
    review: Annotated[bool, _REVIEW] = False
    annotators_per_image: Annotated[int, _ANNOTATORS] = 1
    gold_every: Annotated[int, _GOLD] = 0
    propose_ahead: Annotated[bool, _PROPOSE] = False
    propose_threshold: Annotated[float, _THRESHOLD] = 0.88


class SettingsChange(Request, forbid_unknown_fields=True, kw_only=True):
    """What the project is to work with; only what is named is changed."""

    says = '"settings" must be an object.'
    unknown = "setting of a project"

    segmenter: Annotated[str, _SEGMENTER] | UnsetType | None = UNSET
    key_preset: Annotated[KeyPreset, _KEYS] | UnsetType = UNSET
    require_attributes: Annotated[bool, _REQUIRES] | UnsetType = UNSET
    lease_minutes: Annotated[int, _LEASE] | UnsetType = UNSET
    review: Annotated[bool, _REVIEW] | UnsetType = UNSET
    annotators_per_image: Annotated[int, _ANNOTATORS] | UnsetType = UNSET
    gold_every: Annotated[int, _GOLD] | UnsetType = UNSET
    propose_ahead: Annotated[bool, _PROPOSE] | UnsetType = UNSET
    propose_threshold: Annotated[float, _THRESHOLD] | UnsetType = UNSET


class StateCounts(Resource):
    """How many images are in each state."""

    new: Annotated[int, about("Images that are new.")]
    in_progress: Annotated[int, about("Images that are in_progress.")]
    returned: Annotated[int, about("Images that are returned.")]
    attention: Annotated[int, about("Images that are attention.")]
    skipped: Annotated[int, about("Images that are skipped.")]
    done: Annotated[int, about("Images that are done.")]
    accepted: Annotated[int, about("Images that are accepted.")]


class ProjectSummary(Resource):
    """What people work on."""

    id: Annotated[str, about("Its id.")]
    name: Name
    description: Description
    settings: Annotated[ProjectSettings, about("What it works with.")]
    created_at: Utc
    archived_at: Annotated[Utc | None, about("UTC.")]
    deleted_at: Annotated[Utc | None, about("UTC.")]
    counts: Annotated[StateCounts, about("How many images are in each state.")]
    image_count: Annotated[int, about("How many images it has.")]
    annotation_count: Annotated[int, about("How many annotations it has.")]
    covers: Annotated[list[str], about("Addresses of thumbnails of its first images.")]
    role: Annotated[Role, about("What you are in it: each role may do what those before it may.")]


class Project(ProjectSummary):
    """A project with its guidelines."""

    guidelines: Guidelines
    guidelines_html: Annotated[str, about("The same as HTML that holds no scripts, styles or pictures.")]


class ProjectList(Resource):
    """Projects."""

    projects: Annotated[list[ProjectSummary], about("The default one, then the newest first.")]


class _Changeable(Request, kw_only=True):
    description: Description | UnsetType = UNSET
    guidelines: Guidelines | UnsetType = UNSET
    settings: Annotated[SettingsChange | UnsetType, about("What is to be changed of them.")] = UNSET


class ProjectChange(_Changeable, kw_only=True):
    """Fields to change."""

    also = {"anyOf": [{"required": [name]} for name in CHANGEABLE]}

    name: Name | UnsetType = UNSET


class NewProject(_Changeable, kw_only=True):
    """A project to create."""

    noun = "The project"

    name: Name
