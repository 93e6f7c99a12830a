"""What the one who asks can mend: statuses from 400 to 499."""

from collections.abc import Sequence

from .base import SamphireError


class BadRequest(SamphireError):
    code, status = "bad_request", 400
    sentence = "The request is not valid."
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
    sentence = "This file cannot be read as an image."
    hint = (
        "It may be damaged or incomplete. Open it in an image viewer, save it again, and upload the new file."
    )


class UnsupportedImage(InvalidImage):
    code, status = "unsupported_image", 415
    sentence = "This kind of file is not supported."
    hint = "Upload a JPEG, PNG, WebP, BMP, TIFF, GIF, AVIF or JPEG 2000."


class InvalidEmbedding(BadRequest):
    code = "invalid_embedding"
    sentence = "These bytes are not an embedding."
    hint = "Request the embedding again."


class InvalidLogits(BadRequest):
    code = "invalid_logits"
    sentence = "These bytes are not packed mask logits."
    hint = "Send the logits as they were received."


class UnsupportedSegmenter(BadRequest):
    code = "unsupported_segmenter"
    sentence = "Samphire cannot run this network."
    hint = "It accepts SAM decoders with the reference interface, as the public exporters write them."


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
    sentence = "This file is not a readable zip or tar archive."
    hint = "Pack it again as .zip, .tar or .tar.gz without a password, then upload that."


class InvalidSetting(BadRequest):
    code = "invalid_setting"
    sentence = "A setting has a value that cannot be used."
    hint = "Run `samphire --help` for every setting and its default."


class InvalidAccount(BadRequest):
    code = "invalid_account"
    sentence = "The account is not valid."
    hint = "See /api/docs for the fields of an account."


class WrongPassword(InvalidAccount):
    code = "wrong_password"
    sentence = "The current password is not this one."
    hint = "Whoever has forgotten it asks an administrator for a link."


class TooLarge(BadRequest):
    code, status = "too_large", 413
    sentence = "This is larger than the server accepts."
    hint = "Use a smaller one, or raise the limit in the server's settings."


class Unauthorized(SamphireError):
    code, status = "unauthorized", 401
    sentence = "You are not signed in."
    hint = "Sign in, or send an API token as `Authorization: Bearer smp_...`."


class Forbidden(SamphireError):
    code, status = "forbidden", 403
    sentence = "This request is not allowed."
    hint = "Open Samphire at the address the server printed when it started."


class SignInRefused(Forbidden):
    code = "sign_in_refused"
    sentence = "The sign-in provider's answer does not count here."
    hint = "Sign in again; the server's log says more."


class NotFound(SamphireError):
    code, status = "not_found", 404
    sentence = "There is nothing at this address."
    hint = "Check the address, or go to the home page."


class ImageNotFound(NotFound):
    """`elsewhere`: ids of the projects that have the image though the one that was asked has not; told by `pointing`
    alone, for those who may know."""

    code = "image_not_found"
    sentence = "There is no such image."
    hint = "It may have been deleted, or be in another project. Look there, or in the project's trash."

    image_id = ""
    elsewhere: Sequence[str] = ()

    @classmethod
    def of(cls, image_id: str, elsewhere: Sequence[str]) -> "ImageNotFound":
        error = cls()
        error.image_id, error.elsewhere = image_id, elsewhere
        return error

    def pointing(self) -> "ImageNotFound":
        """The same error, which says where the image is."""
        hint = f"Ask at /api/projects/{self.elsewhere[0]}/images/{self.image_id}."
        return ImageNotFound("This image is in another project.", hint=hint, projects=[*self.elsewhere])


class AnnotationNotFound(NotFound):
    code = "annotation_not_found"
    sentence = "There is no such annotation."
    hint = "It may have been deleted. Reload the image to see its current objects."


class CommentNotFound(NotFound):
    code = "comment_not_found"
    sentence = "There is no such comment."
    hint = "It may have been deleted. Reload the image to see its current comments."


class ProjectNotFound(NotFound):
    code = "project_not_found"
    sentence = "There is no such project."
    hint = "It may have been deleted. The home page lists your projects and has the trash."


class ImportNotFound(NotFound):
    code = "import_not_found"
    sentence = "There is no such import."
    hint = "The project lists its imports."


class UploadNotFound(NotFound):
    code = "upload_not_found"
    sentence = "There is no such upload."
    hint = "It was taken in already, or took too long. Send the image to this server instead."


class SegmenterNotFound(NotFound):
    code = "segmenter_not_found"
    sentence = "There is no such segmenter."
    hint = "`samphire doctor` lists the segmenters that are installed."


class WindowNotFound(NotFound):
    code = "window_not_found"
    sentence = "The image has no such window."
    hint = "Windows are called level-column-row, as 1-0-2; /api/docs says which an image has."

    def __init__(self, key: str) -> None:
        super().__init__(f"The image has no window {key!r}.")


class NoAccounts(NotFound):
    code = "no_accounts"
    sentence = "This server has no accounts."
    hint = "Start it with --team, and the people it is for can sign in."


class InvitationNotFound(NotFound):
    code = "invitation_not_found"
    sentence = "This link does not work any more: it was used, was replaced, or has expired."
    hint = "Ask whoever sent it for a new one."


class AccountNotFound(NotFound):
    code = "account_not_found"
    sentence = "There is no such account."
    hint = "An administrator's list of accounts has them all."


class MethodNotAllowed(SamphireError):
    code, status = "method_not_allowed", 405
    sentence = "This address does not support that method."
    hint = "See /api/docs for the methods of each address."


class Conflict(SamphireError):
    code, status = "conflict", 409
    sentence = "This conflicts with the version on the server."
    hint = "Reload and try again."


class TooComplex(Conflict):
    code = "too_complex"
    sentence = "There is too much to compare on this image."
    hint = "Fill the holes of masks, or delete objects that are not needed."


class VersionConflict(Conflict):
    code = "version_conflict"
    sentence = "This annotation was changed elsewhere."
    hint = "Check the current version, then make your change again."


class AnnotationDeleted(Conflict):
    code = "annotation_deleted"
    sentence = "The annotation with this id was deleted."
    hint = 'To restore it, send the "version" that stands here.'


class AttributesMissing(Conflict):
    code = "attributes_missing"
    sentence = "Some objects are missing attributes that their labels require."
    hint = "Fill them in, or change the project's settings to allow this."


class NameTaken(Conflict):
    code = "name_taken"
    sentence = "Someone else has this name."
    hint = "Choose another one."


class LastAdministrator(Conflict):
    code = "last_administrator"
    sentence = "This is the only administrator."
    hint = "Make someone else one first."


class Superseded(Conflict):
    code = "superseded"
    sentence = "A newer request replaced this one."
    hint = "Nothing to do: use the answer to the newer request."


class RangeNotSatisfiable(SamphireError):
    code, status = "range_not_satisfiable", 416
    sentence = "The requested range starts after the end of the file."
    hint = "Content-Range gives its length; request it without Range to get the whole file."


class Gone(SamphireError):
    code, status = "gone", 410
    sentence = "This no longer exists."
    hint = "Start again from the image."


class PredictionExpired(Gone):
    code = "prediction_expired"
    sentence = "The mask to refine is no longer available."
    hint = "Send the prompt again without mask_from."


class EventsExpired(Gone):
    code = "events_expired"
    sentence = "What happened since then is no longer kept."
    hint = 'Load everything again, and go on from the "seq" that stands here.'


class TooManyRequests(SamphireError):
    code, status = "too_many_requests", 429
    sentence = "This client has too many requests waiting."
    hint = "Wait for some responses, then try again."
    retry_after_s = 1
