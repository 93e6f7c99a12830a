"""What is refused to visitors, and to whoever follows a share link."""

from .refusals import Conflict, Forbidden, NotFound, TooLarge, TooManyRequests, Unauthorized

_ELSE = "press Add to segment images without uploading them"


class VisitEnded(Unauthorized):
    code = "visit_ended"
    sentence = "The share link you followed no longer works, so this visit has ended."
    hint = "Ask whoever sent it for a new one."


class NotByLink(Forbidden):
    code = "not_by_link"
    sentence = "The share link you followed does not allow this."
    hint = "Ask whoever sent it for one that does."


class LinkPasswordWrong(Forbidden):
    code = "link_password_wrong"
    sentence = "Wrong password for this share link."
    hint = "Ask whoever sent the link."


class LinkNotFound(NotFound):
    code = "link_not_found"
    sentence = "This share link does not work: it has expired, was revoked or used up, or never existed."
    hint = "Ask whoever sent it for a new one."


class TooManyVisits(TooManyRequests):
    code = "too_many_visits"
    sentence = "Too many visits have begun from your network."
    hint = "Try again later."


class TooMuchSaved(TooManyRequests):
    code = "too_much_saved"
    sentence = "Too much has been saved by this link or from your network."
    hint = "Try again in an hour."


class TooManyCloseUps(TooManyRequests):
    code = "too_many_close_ups"
    sentence = "Too many zoomed-in views were requested through this link or from your network."
    hint = "Try again in a minute."


class SandboxesTaken(Conflict):
    code = "sandboxes_taken"
    sentence = "Too many visitors have sandboxes right now."
    hint = "Try again in a day."


class SandboxFull(Conflict):
    code = "sandbox_full"
    sentence = "Visitors may add at most 10 images."
    hint = f"Remove one, or {_ELSE}."


class SandboxesFull(Conflict):
    code = "sandboxes_full"
    sentence = "This server has no room for more images from visitors right now."
    hint = f"Try again in a day, or {_ELSE}."


class VisitorImageTooLarge(TooLarge):
    code = "visitor_image_too_large"
    sentence = "Visitors may add images of at most 20 MB and 25 million pixels."
    hint = f"Choose a smaller one, or {_ELSE}."


class TooManyImages(TooManyRequests):
    code = "too_many_images"
    sentence = "Too many images have been added by this link or from your network."
    hint = f"Try again in an hour, or {_ELSE}."
