"""Every address of the HTTP API: one row each."""

from .accounts import ACCOUNT_OPERATIONS
from .annotating.history import HISTORY_OPERATIONS
from .annotating.proposals import PROPOSAL_OPERATIONS
from .annotating.trainings import JOB_OPERATIONS
from .events import EVENT_OPERATIONS, WEBHOOK_OPERATIONS
from .exports import EXPORT_OPERATIONS
from .members import LINK_OPERATIONS, MEMBER_OPERATIONS
from .numbers import AGREEMENT_OPERATIONS, NUMBER_OPERATIONS
from .oidc import OIDC_OPERATIONS
from .operation import (
    EXAMPLE_ANNOTATION,
    FILE_BODY,
    Operation,
    bytes_answer,
    file_answers,
    in_path,
    in_query,
    json_answer,
    json_body,
)
from .project_operations import PROJECT_OPERATIONS
from .schema import ref
from .server import SERVER_OPERATIONS
from .transfers import LABEL_STUDIO_OPERATIONS, TRANSFER_OPERATIONS
from .trash import TRASH_OPERATIONS
from .work import COMMENT_OPERATIONS, WORK_OPERATIONS

_IMAGE = in_path("image_id", "Id of an image.")
_ANNOTATION = in_path("annotation_id", "Id of an annotation.")
_IN_PROJECT = in_query(
    "project",
    "string",
    "Id of the project it is in; without it, the oldest annotation with this id is meant.",
)
_IMAGE_VERSION = in_query(
    "version", "string", "Of the image as it is shown: with it the answer never changes."
)
_SEGMENTER = in_query("segmenter", "string", "Id of a segmenter; the configured one when left out.")
_WINDOW = in_query(
    "window", "string", "Key of a window of the image, as 1-0-2; the whole image when left out."
)
_VERSION = in_query("version", "integer", "The version that is meant.", required=True, minimum=1)
OPERATIONS: tuple[Operation, ...] = (
    *PROJECT_OPERATIONS,
    *MEMBER_OPERATIONS,
    *LINK_OPERATIONS,
    *TRASH_OPERATIONS,
    *TRANSFER_OPERATIONS,
    *LABEL_STUDIO_OPERATIONS,
    *EXPORT_OPERATIONS,
    *EVENT_OPERATIONS,
    *WEBHOOK_OPERATIONS,
    *HISTORY_OPERATIONS,
    *PROPOSAL_OPERATIONS,
    *NUMBER_OPERATIONS,
    *ACCOUNT_OPERATIONS,
    *OIDC_OPERATIONS,
    *WORK_OPERATIONS,
    *COMMENT_OPERATIONS,
    *AGREEMENT_OPERATIONS,
    *JOB_OPERATIONS,
    Operation(
        "post",
        "/api/images",
        "uploadImage",
        "Upload an image: JPEG, PNG, WebP, BMP, TIFF, AVIF, JPEG 2000, GIF (its first frame), HEIC with its plugin.",
        {
            201: json_answer("Image", "A new image."),
            200: json_answer("Image", "The same bytes were uploaded before."),
        },
        (400, 404, 413, 415, 507),
        description='multipart/form-data with the picture as "file". EXIF rotation is applied, once, here.',
        body=FILE_BODY,
    ),
    Operation(
        "get",
        "/api/images",
        "listImages",
        "The images of the default project, the newest first.",
        {200: json_answer("ImagePage", "A page of them.")},
        (400, 404),
        parameters=(
            in_query("limit", "integer", "How many, at most 200; 50 when left out."),
            in_query("before", "string", "Continue after this image id."),
        ),
    ),
    Operation(
        "post",
        "/api/sample",
        "storeSample",
        "Store the picture that the program draws itself.",
        {201: json_answer("Image", "A new image."), 200: json_answer("Image", "It was here already.")},
        (404, 413, 507),
    ),
    Operation(
        "get",
        "/api/images/{image_id}",
        "getImage",
        "One image.",
        {200: json_answer("Image", "The image.")},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "delete",
        "/api/images/{image_id}",
        "deleteImage",
        "Remove an image from the default project; you can restore it for 30 days.",
        {200: json_answer("BulkAnswer", "How to restore it.")},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/file",
        "getImageFile",
        "The picture, upright, exactly as the encoder sees it.",
        file_answers("The picture.", "image/jpeg", "image/png", "image/webp"),
        (404, 416, 500),
        parameters=(_IMAGE, _IMAGE_VERSION),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/thumbnail",
        "getThumbnail",
        "The picture, at most 256 pixels long.",
        file_answers("A JPEG.", "image/jpeg"),
        (404, 416, 500),
        parameters=(_IMAGE, _IMAGE_VERSION),
    ),
    Operation(
        "post",
        "/api/images/{image_id}/embedding",
        "encodeImage",
        "Have the image encoded; tries a failed one again.",
        {200: json_answer("Embedding", "It is ready."), 202: json_answer("Embedding", "It is on its way.")},
        (404,),
        parameters=(_IMAGE, _SEGMENTER, _WINDOW),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/embedding",
        "getEmbedding",
        "The embedding's bytes, once there are any.",
        {
            200: bytes_answer("The container, in the content coding asked for.", "application/octet-stream"),
            202: json_answer("Embedding", "It is on its way: watch the socket, or ask again."),
        },
        (404, 500),
        description="With weights= the answer never changes and is cached for good.",
        parameters=(
            _IMAGE,
            _SEGMENTER,
            in_query("weights", "string", "SHA-256 that it carries (`encoding`); overrides segmenter=."),
            _WINDOW,
            _IMAGE_VERSION,
        ),
    ),
    Operation(
        "post",
        "/api/images/{image_id}/predict",
        "predict",
        "Masks for points and a box.",
        {200: json_answer("Prediction", "The candidates.")},
        (400, 404, 410, 413, 500, 503),
        description="Waits for the image to be encoded.",
        parameters=(_IMAGE,),
        body=json_body("Prompt", {"points": [[520.5, 310.5, 1]], "box": None}),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/annotations",
        "listAnnotations",
        "An image's annotations in the default project.",
        {200: json_answer("AnnotationList", "All of them.")},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "post",
        "/api/images/{image_id}/annotations",
        "createAnnotation",
        "Accept a mask, in the default project.",
        {
            201: json_answer("Annotation", "Saved."),
            200: json_answer("Annotation", "This id was saved before; as it is now."),
        },
        (400, 404, 409, 413, 507),
        description="With an id made by the client the request may be repeated safely; one that was deleted meanwhile "
        "stays so, unless its version is sent.",
        parameters=(_IMAGE,),
        body=json_body("NewAnnotation", EXAMPLE_ANNOTATION),
    ),
    Operation(
        "get",
        "/api/annotations/{annotation_id}",
        "getAnnotation",
        "One annotation.",
        {200: json_answer("Annotation", "The annotation.")},
        (404,),
        parameters=(_ANNOTATION, _IN_PROJECT),
    ),
    Operation(
        "patch",
        "/api/annotations/{annotation_id}",
        "changeAnnotation",
        "Change an annotation.",
        {200: json_answer("Annotation", "As it is now.")},
        (400, 404, 409, 413, 507),
        parameters=(_ANNOTATION, _IN_PROJECT),
        body=json_body("AnnotationChange", {"version": 1, "label": "cat"}),
    ),
    Operation(
        "delete",
        "/api/annotations/{annotation_id}",
        "deleteAnnotation",
        "Delete an annotation.",
        {204: {"description": "Gone."}},
        (400, 404, 409),
        parameters=(_ANNOTATION, _IN_PROJECT, _VERSION),
    ),
    Operation(
        "get",
        "/api/status",
        "getStatus",
        "Version, segmenters, work in the background, limits.",
        {200: json_answer("Status", "How it is.")},
        (404,),
    ),
    Operation(
        "get",
        "/api/segmenters",
        "listSegmenters",
        "The segmenters there are to choose from.",
        {200: json_answer("SegmenterList", "All that are installed.")},
        (404,),
    ),
    Operation(
        "get",
        "/api/segmenters/pulls",
        "listPulls",
        "The segmenters that can be downloaded and installed, and how far that is.",
        {200: json_answer("PullList", "All that are not installed.")},
    ),
    Operation(
        "post",
        "/api/segmenters/pulls",
        "startPull",
        "Download a segmenter and install it.",
        {202: json_answer("Pull", "It has begun, or is under way already.")},
        (400, 404, 409, 413),
        description="Only for whoever runs the server: from its own machine and through no proxy, or with the access "
        'token as "Authorization: Bearer". One runs at a time. It is installed when it is no longer among the pulls.',
        body={"application/json": {"schema": ref("NewPull")}},
    ),
    Operation(
        "delete",
        "/api/segmenters/pulls/{segmenter}",
        "cancelPull",
        "Stop downloading a segmenter, or forget that it failed.",
        {200: json_answer("Pull", "It has ended. What has arrived is kept for the next time.")},
        (404,),
        parameters=(in_path("segmenter", "Id of a segmenter of the catalogue."),),
    ),
    Operation(
        "get",
        "/segmenters/{segmenter}/{digits}/{file}",
        "getNetwork",
        "A network that browsers run.",
        file_answers("An ONNX file; never changes.", "application/octet-stream"),
        (404, 416, 500),
        parameters=(
            in_path("segmenter", "Id of a segmenter."),
            in_path("digits", "The first 12 digits of the file's SHA-256."),
            in_path("file", "prepare.onnx, run once for an image, or decoder.onnx, run for every click."),
        ),
    ),
    *SERVER_OPERATIONS,
)
