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
│   └── TooLarge              413 too_large
├── Unauthorized              401 unauthorized
├── Forbidden                 403 forbidden
├── NotFound                  404 not_found
│   ├── ImageNotFound         404 image_not_found
│   ├── AnnotationNotFound    404 annotation_not_found
│   ├── ProjectNotFound       404 project_not_found
│   ├── ImportNotFound        404 import_not_found
│   └── SegmenterNotFound     404 segmenter_not_found
├── MethodNotAllowed          405 method_not_allowed
├── Conflict                  409 conflict
│   ├── VersionConflict       409 version_conflict    (details: current)
│   └── Superseded            409 superseded
├── RangeNotSatisfiable       416 range_not_satisfiable
├── Gone                      410 gone
│   └── PredictionExpired     410 prediction_expired
├── TooManyRequests           429 too_many_requests
├── EncodingFailed            500 encoding_failed
├── DecodingFailed            500 decoding_failed
├── UnusableData              500 unusable_data       (the data folder, or the database in it)
└── Unavailable               503 unavailable
    ├── DatabaseBusy          503 database_busy
    ├── EmbeddingTimeout      503 embedding_timeout
    └── StorageFull           507 storage_full
"""

from collections.abc import Mapping
from typing import Any


class SamphireError(Exception):
    """`message`: a sentence for a person; `hint`: what to do about it; `details` are added to the answer.

    `retry_after_s`: when the same may succeed, where that is known.
    """

    code = "internal"
    status = 500
    sentence = "Something went wrong inside the server."
    hint = "Try again; if it happens again, look at the server's log."
    retry_after_s: int | None = None

    def __init__(self, message: str | None = None, *, hint: str | None = None, **details: Any) -> None:
        self.message = message or self.sentence
        if hint is not None:
            self.hint = hint
        self.details = details
        super().__init__(self.message)

    def answer(self) -> dict[str, Any]:
        """The one shape, for HTTP bodies and socket acknowledgements alike."""
        return {
            "ok": False,
            "error": {"code": self.code, "message": self.message, "hint": self.hint, **self.details},
        }


class BadRequest(SamphireError):
    code, status = "bad_request", 400
    sentence = "The request could not be understood."
    hint = "See /api/docs for what this address expects."


class InvalidPrompt(BadRequest):
    code = "invalid_prompt"
    sentence = "The prompt is not valid."
    hint = (
        "Send points as [[x, y, label], ...], label 1 or 0, and a box as [x0, y0, x1, y1], in image pixels."
    )


class InvalidRLE(BadRequest):
    code = "invalid_rle"
    sentence = "The mask is not a valid run-length encoding."
    hint = 'Send {"size": [height, width], "counts": "..."} as pycocotools makes it, for exactly this image.'


class InvalidAnnotation(BadRequest):
    code = "invalid_annotation"
    sentence = "The annotation is not valid."
    hint = "See /api/docs for the fields of an annotation."


class InvalidImage(BadRequest):
    code = "invalid_image"
    sentence = "This file cannot be read as a picture."
    hint = "It may be damaged or cut short: open it in a picture viewer, save it again, and upload that."


class UnsupportedImage(InvalidImage):
    code, status = "unsupported_image", 415
    sentence = "This kind of file is not supported."
    hint = "Upload a JPEG, PNG, WebP, BMP, TIFF or GIF."


class InvalidEmbedding(BadRequest):
    code = "invalid_embedding"
    sentence = "These bytes are not an embedding."
    hint = "Ask for the embedding again."


class InvalidLogits(BadRequest):
    code = "invalid_logits"
    sentence = "These bytes are not packed mask logits."
    hint = "Send the logits as they were received."


class UnsupportedSegmenter(BadRequest):
    code = "unsupported_segmenter"
    sentence = "This network is not one Samphire can run."
    hint = "It takes SAM decoders in the reference interface, as the public exporters write them."


class InvalidDataset(BadRequest):
    code = "invalid_dataset"
    sentence = "This dataset cannot be read."
    hint = "See `samphire eval --help` for the folders it takes."


class InvalidProject(BadRequest):
    code = "invalid_project"
    sentence = "The project is not valid."
    hint = "See /api/docs for the fields of a project and of its labels."


class InvalidArchive(BadRequest):
    code = "invalid_archive"
    sentence = "This file is not a zip or tar archive that can be read."
    hint = "Pack it again as .zip, .tar or .tar.gz, without a password, and send that."


class InvalidSetting(BadRequest):
    code = "invalid_setting"
    sentence = "A setting has a value that cannot be used."
    hint = "Run `samphire --help` for every setting and its default."


class TooLarge(BadRequest):
    code, status = "too_large", 413
    sentence = "This is larger than the server accepts."
    hint = "Make it smaller, or raise the limit in the server's settings."


class Unauthorized(SamphireError):
    code, status = "unauthorized", 401
    sentence = "This server asks for its access token."
    hint = "Open the URL with ?token=... that the server printed when it started."


class Forbidden(SamphireError):
    code, status = "forbidden", 403
    sentence = "This request is not allowed."
    hint = "Open Samphire at the address the server printed when it started."


class NotFound(SamphireError):
    code, status = "not_found", 404
    sentence = "There is nothing at this address."
    hint = "Check the address, or start from the first page."


class ImageNotFound(NotFound):
    code = "image_not_found"
    sentence = "There is no such image."
    hint = "It may have been deleted; the first page lists the images that exist."


class AnnotationNotFound(NotFound):
    code = "annotation_not_found"
    sentence = "There is no such annotation."
    hint = "It may have been deleted meanwhile; reload the image to see what exists."


class ProjectNotFound(NotFound):
    code = "project_not_found"
    sentence = "There is no such project."
    hint = "It may have been deleted; the first page lists the projects that exist."


class ImportNotFound(NotFound):
    code = "import_not_found"
    sentence = "There is no such import."
    hint = "The project lists its imports."


class SegmenterNotFound(NotFound):
    code = "segmenter_not_found"
    sentence = "There is no such segmenter."
    hint = "`samphire doctor` lists the segmenters that are installed."


class MethodNotAllowed(SamphireError):
    code, status = "method_not_allowed", 405
    sentence = "This address does not answer that kind of request."
    hint = "See /api/docs for the methods of each address."


class Conflict(SamphireError):
    code, status = "conflict", 409
    sentence = "This conflicts with what the server has."
    hint = "Reload and try again."


class VersionConflict(Conflict):
    code = "version_conflict"
    sentence = "Somebody changed this annotation meanwhile."
    hint = "Look at the current version and make the change again."


class Superseded(Conflict):
    code = "superseded"
    sentence = "A newer request took this one's place."
    hint = "Nothing to do: use the answer to the newer request."


class RangeNotSatisfiable(SamphireError):
    code, status = "range_not_satisfiable", 416
    sentence = "The file ends before the part that was asked for."
    hint = "Content-Range says how long it is; ask again without Range for the whole."


class Gone(SamphireError):
    code, status = "gone", 410
    sentence = "This no longer exists."
    hint = "Start again from the image."


class PredictionExpired(Gone):
    code = "prediction_expired"
    sentence = "The mask to refine is no longer remembered."
    hint = "Send the prompt again without mask_from."


class TooManyRequests(SamphireError):
    code, status = "too_many_requests", 429
    sentence = "This client has too many requests waiting."
    hint = "Wait for some of the answers, then try again."
    retry_after_s = 1


class EncodingFailed(SamphireError):
    code, status = "encoding_failed", 500
    sentence = "The image could not be encoded."
    hint = "Ask for it again; `samphire doctor` tells whether the segmenter is sound."


class DecodingFailed(SamphireError):
    code, status = "decoding_failed", 500
    sentence = "The mask could not be computed."
    hint = "Try again; `samphire doctor` tells whether the segmenter is sound."


class UnusableData(SamphireError):
    code, status = "unusable_data", 500
    sentence = "The data folder cannot be used."
    hint = "Mend it, or choose another folder with --data; `samphire doctor` says what is wrong."


class Unavailable(SamphireError):
    code, status = "unavailable", 503
    sentence = "The server cannot do this right now."
    hint = "Try again in a moment."
    retry_after_s = 1


class DatabaseBusy(Unavailable):
    code = "database_busy"
    sentence = "Another program is using the database, so nothing was read or saved."
    hint = "Try again in a moment, or close the program that has samphire.db open."


class EmbeddingTimeout(Unavailable):
    code = "embedding_timeout"
    sentence = "The image is still being encoded."
    hint = "Ask again in a moment: the encoding goes on."


class StorageFull(Unavailable):
    code, status = "storage_full", 507
    sentence = "The disk that holds the data folder is full, so nothing was saved."
    hint = "Free some space there, then try again; `samphire doctor` lists what can go."
    retry_after_s = None


def unknown(kind: str, name: object, known: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
    """The sentence for a name that is not in a list: it tells the legal ones."""
    legal = ", ".join(sorted(known)) or "none"
    return f"There is no {kind} called {str(name)[:80]!r}. Known: {legal}."
