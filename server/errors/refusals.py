"""What the one who asks can mend: statuses from 400 to 499."""

from server.errors.base import SamphireError


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
    hint = "Upload a JPEG, PNG, WebP, BMP, TIFF, GIF, AVIF or JPEG 2000."


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


class AttributesMissing(Conflict):
    code = "attributes_missing"
    sentence = "Some objects lack attributes that their labels require."
    hint = "Fill them in, or let the project's settings allow it."


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
