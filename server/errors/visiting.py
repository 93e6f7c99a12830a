"""What is refused to who came, or comes, by a link into a project."""

from .refusals import Forbidden, NotFound, Unauthorized


class VisitEnded(Unauthorized):
    code = "visit_ended"
    sentence = "The link that you followed does not work any more, so this visit has ended."
    hint = "Ask whoever sent it for a new one."


class NotByLink(Forbidden):
    code = "not_by_link"
    sentence = "The link that you followed does not allow this."
    hint = "Ask whoever sent it for one that does."


class LinkPasswordWrong(Forbidden):
    code = "link_password_wrong"
    sentence = "This link takes a password, and this is not it."
    hint = "Ask the person who shared the link."


class LinkNotFound(NotFound):
    code = "link_not_found"
    sentence = "This link does not work: it has expired, was revoked or used up, or never was one."
    hint = "Ask whoever sent it for a new one."
