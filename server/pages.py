"""The pages: HTML with the data the browser's part starts from. Everything else it asks the API for."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .domain.policy import allows
from .features.accounts.http import need_accounts, offered_provider
from .features.bundles.page import boot_of
from .features.links.http import caller
from .features.projects.shapes import project_images_json
from .features.segmenters.shapes import segmenters_json
from .features.upkeep.shapes import limits_json
from .paths import VERSION
from .runtime.afterwards import afterwards
from .services import services
from .storage.tables import DEFAULT_PROJECT
from .web.acting import actor, may, person
from .web.context import settings
from .web.language import languages, messages
from .web.onward import onward
from .web.standing import allowed
from .web.static import static_url

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@may("project.list")
def home() -> str:
    """The projects, and a place to drop pictures: a large one for someone who has none yet."""
    projects = services().projects.list(actor())
    newcomer = not any(each.id != DEFAULT_PROJECT or each.image_count for each in projects)
    may_add = any(each.id == DEFAULT_PROJECT and allows(actor(), "image.add", each.role) for each in projects)
    return render_template("home.html", boot=_boot(), newcomer=newcomer, may_add=may_add)


@blueprint.get("/trash")
@may("project.list")
def trash() -> str:
    """The deleted projects, and what takes space."""
    return render_template("trash.html", boot=_boot())


@blueprint.get("/images/<image_id>")
@may("image.read", about="default")
def image(image_id: str) -> Response:
    """Where an image of the default project is annotated. Raises ImageNotFound."""
    services().project_images.get(DEFAULT_PROJECT, image_id)
    address = url_for("pages.annotate", project_id=DEFAULT_PROJECT, image_id=image_id)
    query = request.query_string.decode("latin-1")
    return redirect(f"{address}?{query}" if query else address)


@blueprint.get("/projects/<project_id>")
@may("project.read", visitors="project")
def project(project_id: str) -> str:
    """The images of a project; which of them and in which order is in the query, for the script to read."""
    return _project_page("project", project_id)


@blueprint.get("/projects/<project_id>/settings")
@may("project.read")
def project_settings(project_id: str) -> str:
    """The labels, the guidelines and the settings of a project."""
    return _project_page("settings", project_id)


@blueprint.get("/projects/<project_id>/agreement")
@may("agreement.read")
def project_agreement(project_id: str) -> str:
    """How alike the people of a project segment. Raises NoAccounts."""
    need_accounts()
    return _project_page("agreement", project_id)


@blueprint.get("/projects/<project_id>/history")
@may("project.read")
def project_history(project_id: str) -> str:
    """Who did what when in a project; which of it is in the query, for the script to read."""
    return _project_page("history", project_id)


@blueprint.get("/projects/<project_id>/numbers")
@may("project.read")
def project_numbers(project_id: str) -> str:
    """People's work in a project, in numbers."""
    return _project_page("numbers", project_id)


@blueprint.get("/projects/<project_id>/training")
@may("project.train")
def project_training(project_id: str) -> str:
    """Segmenters trained on a project's objects."""
    return _project_page("training", project_id)


@blueprint.get("/projects/<project_id>/trash")
@may("project.read")
def project_trash(project_id: str) -> str:
    """The images that were removed from a project."""
    return _project_page("project-trash", project_id)


@blueprint.get("/projects/<project_id>/images/<image_id>")
@may("image.read", visitors="image")
def annotate(project_id: str, image_id: str) -> str:
    """The annotate page of one image of a project."""
    page = _image_page("annotate.html", project_id, image_id)
    if allowed("image.segment"):
        with afterwards("making the image ready for prompts"):
            services().prediction.make_ready(
                services().images.get(image_id), services().projects.segmenter(project_id)
            )
    return page


@blueprint.get("/projects/<project_id>/own")
@may("image.segment", visitors="image")
def own_images(project_id: str) -> str:
    """Where images are segmented that their browser encodes: they are not sent here. Raises BadRequest."""
    content = services().bundles.own(project_id)
    return render_template("own.html", boot=_words() | boot_of(content, []), title=content.title)


@blueprint.get("/projects/<project_id>/images/<image_id>/compare")
@may("review.decide")
def compare(project_id: str, image_id: str) -> str:
    """Two people's work on an image; whose is in the query, for the script to read."""
    return _image_page("compare.html", project_id, image_id)


def _image_page(template: str, project_id: str, image_id: str) -> str:
    seq = services().events.last(project_id)  # before anything that the page shows is read
    project = services().projects.get(actor(), project_id)
    place = services().project_images.get(project_id, image_id)
    [image] = project_images_json(services(), actor(), project_id, [place])
    boot = _boot() | {
        "project": project,
        "image": image,
        "seq": seq,
        "segmenter": services().projects.segmenter(project_id).id,
        "pulling": services().pulls.running,
    }
    return render_template(template, boot=boot, image=image, project=project)


@blueprint.get("/sign-in")
@may("public")
def sign_in() -> str | Response:
    """Who is signed in already goes on to `?next=`, an address of this server."""
    address = onward(request.args.get("next", ""))
    if person() is not None or not settings().is_team:
        return redirect(request.script_root + address)
    provider = offered_provider()
    leading = provider and f"{provider.path}?{urlencode({'next': address})}"
    return render_template(
        "sign-in.html",
        boot=_words() | {"next": address},
        is_new=not services().accounts.exist(),
        provider=provider,
        leading=leading,
    )


@blueprint.get("/join")
@may("public")
def join() -> str:
    """Where links lead that were sent to somebody: what is theirs alone follows the #. Raises NoAccounts."""
    need_accounts()
    return render_template("join.html", boot=_words() | _provider())


@blueprint.get("/s/<token>")
@may("public")
def visit(token: str) -> str:
    """The page of a share link. Following it takes another request, which its page makes:
    what looks at links for people uses none up. Raises NoAccounts, LinkNotFound, TooManyRequests."""
    need_accounts()
    door = services().visits.look(token, caller())
    has_card = door.preview is not None and services().cards.image(door.preview) is not None
    card = url_for("links.card", token=token, _external=True) if has_card else None
    return render_template("visit.html", boot=_words() | {"token": token}, door=door, card=card)


@blueprint.get("/account")
@may("account.use")
def account() -> str:
    """One's own account. Raises NoAccounts."""
    need_accounts()
    return render_template("account.html", page="account", boot=_words() | _provider())


@blueprint.get("/inbox")
@may("account.use")
def inbox() -> str:
    """What concerns whoever asks. Raises NoAccounts."""
    need_accounts()
    return render_template("account.html", page="inbox", boot=_words())


@blueprint.get("/people")
@may("account.manage")
def people() -> str:
    """The accounts of this server. Raises NoAccounts."""
    need_accounts()
    return render_template("account.html", page="people", boot=_words())


def _provider() -> dict[str, Any]:
    return {"provider": getattr(offered_provider(), "name", None)}


def _project_page(page: str, project_id: str) -> str:
    project = services().projects.get(actor(), project_id)
    boot = _boot() | {"project": project, "segmenter": services().projects.segmenter(project_id).id}
    compares = settings().is_team and allowed("agreement.read")
    trains = allowed("project.train")
    return render_template(
        "project.html", page=page, boot=boot, project=project, compares=compares, trains=trains
    )


def _boot() -> dict[str, Any]:
    """What every page's script reads from its #boot element."""
    return _words() | {
        "version": VERSION,
        "project": None,
        "image": None,
        "segmenters": segmenters_json(services(), actor()),
        "segmenter": services().settings.segmenter,
        "limits": limits_json(services()),
    }


def _words() -> dict[str, Any]:
    """What a page's script needs that is about nothing of this server's."""
    own = {} if person() is None else {"unread": services().inbox.unread(actor()).unread}
    return own | {
        "static": request.script_root + static_url().rstrip("/"),
        "languages": languages(),
        "messages": dict(messages()),
    }
