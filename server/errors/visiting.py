"""What is refused to visitors, and to whoever follows a share link."""

from .refusals import Forbidden, NotFound, Unauthorized


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
