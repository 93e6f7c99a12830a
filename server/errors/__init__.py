"""Every error Samphire answers with, and the one shape it is answered in. Knows nothing of HTTP libraries.

SamphireError                 500 internal
├── BadRequest                400 bad_request
│   ├── InvalidPrompt         400 invalid_prompt
│   ├── InvalidRLE            400 invalid_rle
│   ├── InvalidAnnotation     400 invalid_annotation
│   ├── InvalidImage          400 invalid_image
│   │   └── UnsupportedImage  415 unsupported_image
│   ├── InvalidEmbedding      400 invalid_embedding   (bytes that are not an embedding container)
│   ├── InvalidLogits         400 invalid_logits      (bytes that are not packed logits)
│   ├── UnsupportedSegmenter  400 unsupported_segmenter (a network file that is not what it should be)
│   ├── InvalidDataset        400 invalid_dataset     (a folder or a file of images and masks)
│   ├── InvalidProject        400 invalid_project     (a project's fields, or its labels)
│   ├── InvalidArchive        400 invalid_archive     (a zip or tar file)
│   ├── InvalidSetting        400 invalid_setting     (a flag or an environment variable)
│   ├── InvalidAccount        400 invalid_account     (a name or a password)
│   │   └── WrongPassword     400 wrong_password
│   └── TooLarge              413 too_large
│       └── VisitorImageTooLarge 413 visitor_image_too_large
├── Unauthorized              401 unauthorized
│   └── VisitEnded            401 visit_ended         (a visitor's link works no more)
├── Forbidden                 403 forbidden
│   ├── LinkPasswordWrong     403 link_password_wrong
│   ├── NotByLink             403 not_by_link         (what a visitor's link does not allow)
│   └── SignInRefused         403 sign_in_refused     (somebody whom the sign-in provider sent)
├── NotFound                  404 not_found
│   ├── ImageNotFound         404 image_not_found
│   ├── AnnotationNotFound    404 annotation_not_found
│   ├── CommentNotFound       404 comment_not_found
│   ├── ProjectNotFound       404 project_not_found
│   ├── ImportNotFound        404 import_not_found
│   ├── UploadNotFound        404 upload_not_found    (of a browser, into the bucket)
│   ├── SegmenterNotFound     404 segmenter_not_found
│   ├── NoAccounts            404 no_accounts         (a server for the one person at its machine)
│   ├── InvitationNotFound    404 invitation_not_found
│   ├── LinkNotFound          404 link_not_found
│   ├── WindowNotFound        404 window_not_found    (a part of an image)
│   └── AccountNotFound       404 account_not_found
├── MethodNotAllowed          405 method_not_allowed
├── Conflict                  409 conflict
│   ├── SandboxFull           409 sandbox_full        (images of one visitor)
│   ├── SandboxesFull         409 sandboxes_full      (images of all visitors)
│   ├── SandboxesTaken        409 sandboxes_taken     (sandboxes of a link, or of all)
│   ├── TooComplex            409 too_complex         (masks that take minutes to compare)
│   ├── VersionConflict       409 version_conflict    (details: current)
│   ├── AnnotationDeleted     409 annotation_deleted  (details: version)
│   ├── AttributesMissing     409 attributes_missing  (details: missing, images)
│   ├── NameTaken             409 name_taken
│   ├── LastAdministrator     409 last_administrator
│   └── Superseded            409 superseded
├── RangeNotSatisfiable       416 range_not_satisfiable
├── Gone                      410 gone
│   ├── PredictionExpired     410 prediction_expired
│   └── EventsExpired         410 events_expired      (details: seq)
├── TooManyRequests           429 too_many_requests
│   ├── TooManyCloseUps       429 too_many_close_ups  (of a link's visitors, or from an address)
│   ├── TooManyImages         429 too_many_images     (of a link's visitors, or from an address)
│   ├── TooManyVisits         429 too_many_visits
│   └── TooMuchSaved          429 too_much_saved      (by a link's visitors, or from an address)
├── EncodingFailed            500 encoding_failed
├── DecodingFailed            500 decoding_failed
├── ImageFileLost             500 image_file_lost     (a stored file that is missing or cut short)
├── GivenUp                   500 given_up            (a job in which the process ended, again and again)
├── UnusableData              500 unusable_data       (the data folder, or the database in it)
└── Unavailable               503 unavailable
    ├── DatabaseBusy          503 database_busy
    ├── FilesUnavailable      503 files_unavailable   (the bucket that --blobs names)
    ├── ProviderUnavailable   503 provider_unavailable
    ├── EmbeddingTimeout      503 embedding_timeout
    └── StorageFull           507 storage_full
"""

from .base import SamphireError, from_answer, unknown
from .failures import (
    STORES_AWAY,
    DatabaseBusy,
    DecodingFailed,
    EmbeddingTimeout,
    EncodingFailed,
    FilesUnavailable,
    GivenUp,
    ImageFileLost,
    ProviderUnavailable,
    StorageFull,
    Unavailable,
    UnusableData,
)
from .refusals import (
    AccountNotFound,
    AnnotationDeleted,
    AnnotationNotFound,
    AttributesMissing,
    BadRequest,
    CommentNotFound,
    Conflict,
    EventsExpired,
    Forbidden,
    Gone,
    ImageNotFound,
    ImportNotFound,
    InvalidAccount,
    InvalidAnnotation,
    InvalidArchive,
    InvalidDataset,
    InvalidEmbedding,
    InvalidImage,
    InvalidLogits,
    InvalidProject,
    InvalidPrompt,
    InvalidRLE,
    InvalidSetting,
    InvitationNotFound,
    LastAdministrator,
    MethodNotAllowed,
    NameTaken,
    NoAccounts,
    NotFound,
    PredictionExpired,
    ProjectNotFound,
    RangeNotSatisfiable,
    SegmenterNotFound,
    SignInRefused,
    Superseded,
    TooComplex,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    UnsupportedImage,
    UnsupportedSegmenter,
    UploadNotFound,
    VersionConflict,
    WindowNotFound,
    WrongPassword,
)
from .visiting import (
    LinkNotFound,
    LinkPasswordWrong,
    NotByLink,
    SandboxesFull,
    SandboxesTaken,
    SandboxFull,
    TooManyCloseUps,
    TooManyImages,
    TooManyVisits,
    TooMuchSaved,
    VisitEnded,
    VisitorImageTooLarge,
)

__all__ = [
    "STORES_AWAY",
    "AccountNotFound",
    "AnnotationDeleted",
    "AnnotationNotFound",
    "AttributesMissing",
    "BadRequest",
    "CommentNotFound",
    "Conflict",
    "DatabaseBusy",
    "DecodingFailed",
    "EmbeddingTimeout",
    "EncodingFailed",
    "EventsExpired",
    "FilesUnavailable",
    "Forbidden",
    "GivenUp",
    "Gone",
    "ImageFileLost",
    "ImageNotFound",
    "ImportNotFound",
    "InvalidAccount",
    "InvalidAnnotation",
    "InvalidArchive",
    "InvalidDataset",
    "InvalidEmbedding",
    "InvalidImage",
    "InvalidLogits",
    "InvalidProject",
    "InvalidPrompt",
    "InvalidRLE",
    "InvalidSetting",
    "InvitationNotFound",
    "LastAdministrator",
    "LinkNotFound",
    "LinkPasswordWrong",
    "MethodNotAllowed",
    "NameTaken",
    "NoAccounts",
    "NotByLink",
    "NotFound",
    "PredictionExpired",
    "ProjectNotFound",
    "ProviderUnavailable",
    "RangeNotSatisfiable",
    "SamphireError",
    "SandboxFull",
    "SandboxesFull",
    "SandboxesTaken",
    "SegmenterNotFound",
    "SignInRefused",
    "StorageFull",
    "Superseded",
    "TooComplex",
    "TooLarge",
    "TooManyCloseUps",
    "TooManyImages",
    "TooManyRequests",
    "TooManyVisits",
    "TooMuchSaved",
    "Unauthorized",
    "Unavailable",
    "UnsupportedImage",
    "UnsupportedSegmenter",
    "UnusableData",
    "UploadNotFound",
    "VersionConflict",
    "VisitEnded",
    "VisitorImageTooLarge",
    "WindowNotFound",
    "WrongPassword",
    "from_answer",
    "unknown",
]
