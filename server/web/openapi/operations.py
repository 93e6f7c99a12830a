"""Every address of the HTTP API: one row each."""

from server.web.openapi.operation import Operation, bytes_answer, in_path, in_query, json_answer, json_body

_IMAGE = in_path("image_id", "Id of an image.")
_ANNOTATION = in_path("annotation_id", "Id of an annotation.")
_FORMAT = in_path("format_name", "coco: COCO JSON with run-length encoded masks, as pycocotools reads it.")
_SEGMENTER = in_query("segmenter", "string", "Id of a segmenter; the configured one when left out.")
_VERSION = in_query("version", "integer", "The version that is meant.", required=True)
_FILE = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
            "required": ["file"],
        }
    }
}
_EXAMPLE_RLE = {"size": [603, 1072], "counts": "..."}
_EXAMPLE_ANNOTATION = {
    "id": "7f1c0d7e-8a51-4b0e-9d9a-0c6d5a1f4a11",
    "label": "dog",
    "color": "#1f77b4",
    "rle": _EXAMPLE_RLE,
    "prompts": [{"kind": "point", "x": 520.5, "y": 310.5, "label": 1}],
    "candidate": 2,
}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "post",
        "/api/images",
        "uploadImage",
        "Upload a picture: JPEG, PNG, WebP, BMP, TIFF, or GIF (its first frame).",
        {
            201: json_answer("Image", "A new image."),
            200: json_answer("Image", "The same bytes were uploaded before."),
        },
        (400, 413, 415, 507),
        description='multipart/form-data with the picture as "file". EXIF rotation is applied, once, here.',
        body=_FILE,
    ),
    Operation(
        "get",
        "/api/images",
        "listImages",
        "The images, the newest first.",
        {200: json_answer("ImagePage", "A page of them.")},
        (404,),
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
        (413, 507),
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
        "Delete an image, its annotations and its embeddings.",
        {204: {"description": "Gone."}},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/file",
        "getImageFile",
        "The picture, upright, exactly as the encoder sees it.",
        {200: bytes_answer("The picture; never changes.", "image/jpeg", "image/png", "image/webp")},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/thumbnail",
        "getThumbnail",
        "The picture, at most 256 pixels long.",
        {200: bytes_answer("A JPEG; never changes.", "image/jpeg")},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "post",
        "/api/images/{image_id}/embedding",
        "encodeImage",
        "Have the image encoded; tries a failed one again.",
        {200: json_answer("Embedding", "It is ready."), 202: json_answer("Embedding", "It is on its way.")},
        (404,),
        parameters=(_IMAGE, _SEGMENTER),
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
            in_query("weights", "string", "SHA-256 of the segmenter's weights."),
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
        "An image's annotations.",
        {200: json_answer("AnnotationList", "All of them.")},
        (404,),
        parameters=(_IMAGE,),
    ),
    Operation(
        "post",
        "/api/images/{image_id}/annotations",
        "createAnnotation",
        "Accept a mask.",
        {
            201: json_answer("Annotation", "Saved."),
            200: json_answer("Annotation", "This id was saved before; as it is now."),
        },
        (400, 404, 409, 413, 507),
        description="With an id made by the client the request may be repeated safely.",
        parameters=(_IMAGE,),
        body=json_body("NewAnnotation", _EXAMPLE_ANNOTATION),
    ),
    Operation(
        "get",
        "/api/annotations/{annotation_id}",
        "getAnnotation",
        "One annotation.",
        {200: json_answer("Annotation", "The annotation.")},
        (404,),
        parameters=(_ANNOTATION,),
    ),
    Operation(
        "patch",
        "/api/annotations/{annotation_id}",
        "changeAnnotation",
        "Change an annotation.",
        {200: json_answer("Annotation", "As it is now.")},
        (400, 404, 409, 413, 507),
        parameters=(_ANNOTATION,),
        body=json_body("AnnotationChange", {"version": 1, "label": "cat"}),
    ),
    Operation(
        "delete",
        "/api/annotations/{annotation_id}",
        "deleteAnnotation",
        "Delete an annotation.",
        {204: {"description": "Gone."}},
        (400, 404, 409),
        parameters=(_ANNOTATION, _VERSION),
    ),
    Operation(
        "get",
        "/api/images/{image_id}/export/{format_name}",
        "exportImage",
        "The annotations of one image as a file.",
        {200: bytes_answer("The file.", "application/json")},
        (404,),
        parameters=(_IMAGE, _FORMAT),
    ),
    Operation(
        "get",
        "/api/export/{format_name}",
        "exportAll",
        "The annotations of all images as a file.",
        {200: bytes_answer("The file.", "application/json")},
        (404,),
        parameters=(_FORMAT,),
    ),
    Operation(
        "get",
        "/api/status",
        "getStatus",
        "Version, segmenter and limits.",
        {200: json_answer("Status", "How it is.")},
        (404,),
    ),
    Operation(
        "get",
        "/segmenters/{segmenter}/{digits}/{file}",
        "getNetwork",
        "A network that browsers run.",
        {200: bytes_answer("An ONNX file; never changes.", "application/octet-stream")},
        (404,),
        parameters=(
            in_path("segmenter", "Id of a segmenter."),
            in_path("digits", "The first 12 digits of the file's SHA-256."),
            in_path("file", "prepare.onnx, run once for an image, or decoder.onnx, run for every click."),
        ),
    ),
    Operation(
        "get",
        "/api/openapi.json",
        "getOpenapi",
        "This description, for programs.",
        {200: {"description": "OpenAPI 3.1.", "content": {"application/json": {}}}},
    ),
    Operation(
        "get",
        "/api/docs",
        "getDocs",
        "This description, for people.",
        {200: bytes_answer("A page.", "text/html")},
    ),
    Operation(
        "get",
        "/healthz",
        "getHealth",
        "Whether the server answers; asks for no token.",
        {200: {"description": "It does.", "content": {"application/json": {}}}},
    ),
)
