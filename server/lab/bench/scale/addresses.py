"""What a page asks of a project: every listing, in every order, with every filter, at its beginning and deep inside."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from ....features.history.service import GROUPS
from ....features.projects.selection import cursor_of
from ....storage.rows import project_images
from ....storage.rows.layers import common
from ....storage.rows.listing.order import SORTS, STATES, Order
from ....storage.tables import Account, Project
from .seeding import LABELS, Seeded, image_id

_DIRECTIONS = ("asc", "desc")


class Asked(NamedTuple):
    """A request. `who`: the role of the person who sends it."""

    name: str
    title: str
    path: str
    who: str = "owner"


class Known(NamedTuple):
    """What addresses are made of: the project, an image in the middle of it with one of its objects, somebody."""

    wanted: Seeded
    image: str
    person: str
    deep: dict[Order, str]  # cursors of the middle
    last_seq: int

    @property
    def api(self) -> str:
        return f"/api/projects/{self.wanted.id}"


def known(session: Session, wanted: Seeded, person: str) -> Known:
    """Of the seeded project."""
    day, number = divmod(wanted.images // 2, 1000)
    image, deep = image_id(wanted.first + day, number), dict[Order, str]()
    for order in (Order(sort, down) for sort in SORTS for down in (False, True)):
        place = project_images.place_of(session, common(wanted.id), image, order.sort)
        assert place is not None
        deep[order] = cursor_of(order, place)
    last_seq = session.scalars(select(Project.last_seq).where(Project.id == wanted.id)).one()
    return Known(wanted, image, person, deep, last_seq)


def listings(of: Known) -> Iterator[Asked]:
    """Those of a project's images."""
    images = f"{of.api}/images"
    for order, cursor in of.deep.items():
        direction = _DIRECTIONS[order.descending]
        query = {"sort": order.sort, "order": direction}
        name, title = f"{order.sort}.{direction}", f"by {order.sort}, {direction}."
        yield Asked(f"images.{name}", f"Images {title}", f"{images}?{urlencode(query)}")
        query |= {"limit": "500", "cursor": cursor}
        yield Asked(
            f"images.{name}.deep", f"500 images in the middle, {title}", f"{images}?{urlencode(query)}"
        )
    for name, chosen in _filters(of.person):
        said = ", ".join(f"{key} {value}" for key, value in chosen.items()).replace(of.person, "somebody")
        yield Asked(f"images.{name}", f"Images: {said}", f"{images}?{urlencode(chosen)}")
    for sort in SORTS:
        query = urlencode({"after": of.image, "images": "50", "sort": sort})
        yield Asked(
            f"queue.{sort}", f"What comes before and after an image, by {sort}", f"{of.api}/queue?{query}"
        )
    for sort in SORTS:
        path = f"{images}?sort={sort}&order=desc"
        yield Asked(f"annotator.{sort}", f"Images by {sort}, of an annotator", path, "annotator")


def _filters(person: str) -> Iterator[tuple[str, dict[str, str]]]:
    common_label, rare = LABELS[0], LABELS[-1]
    for state in STATES:
        yield f"state.{state}", {"state": state}
    yield "label", {"label": common_label}
    yield "label.rare", {"label": rare}
    for score in ("0.5", "0.7", "0.95"):
        yield f"score.{score}", {"score": score}
    yield "person", {"person": person}
    yield "assigned", {"assigned": person}
    yield "assigned.nobody", {"assigned": "nobody"}
    for name, text in (("few", "img_777"), ("many", "img"), ("folder", "street 7/"), ("none", "nowhere")):
        yield f"search.{name}", {"search": text}
    for sort in ("objects", "certainty"):
        for direction in _DIRECTIONS:
            order = {"sort": sort, "order": direction}
            yield f"label.{sort}.{direction}", {"label": common_label, **order}
    yield "all", {
        "state": "done", "label": rare, "score": "0.95", "person": person, "search": "img", "sort": "objects"
    }  # fmt: skip


def pages(of: Known) -> Iterator[Asked]:
    """What else a server's pages ask for."""
    api, history = of.api, f"{of.api}/history"
    image = f"{api}/images/{of.image}"
    middle = of.last_seq // 2
    yield Asked("projects", "Projects on the home page", "/api/projects")
    yield Asked(
        "projects.annotator", "Projects on the home page, of an annotator", "/api/projects", "annotator"
    )
    yield Asked("project", "Opening the project", api)
    yield Asked("labels", "Labels", f"{api}/labels")
    yield Asked("labels.uses", "How often each label is used", f"{api}/labels/uses")
    yield Asked("numbers", "Numbers of 30 days", f"{api}/numbers")
    yield Asked("numbers.own", "One's own numbers", f"{api}/numbers", "annotator")
    yield Asked("shares", "Who has which images", f"{api}/assignments")
    yield Asked("members", "Members", f"{api}/members")
    yield Asked("history", "Activity", history)
    yield Asked("history.deep", "Activity, in the middle", f"{history}?before={middle}")
    for kind in GROUPS:
        yield Asked(f"history.{kind}", f"Activity: {kind}", f"{history}?kind={kind}")
    yield Asked("history.person", "Activity of somebody", f"{history}?person={of.person}")
    yield Asked("history.image", "Activity on an image", f"{image}/history")
    yield Asked("events", "What happened since", f"{api}/events?since={of.last_seq}")
    yield Asked("trash", "Trash", f"{api}/trash")
    yield Asked("all_images", "Images of all projects", "/api/images")
    yield Asked("image", "Opening an image", image)
    yield Asked("image.objects", "Objects of an image", f"{image}/annotations")
    yield Asked("image.certainty", "How certain they are", f"{image}/certainty")
    yield Asked("image.masks", "Their masks over the thumbnail", f"{image}/masks.png")
    yield Asked("image.comments", "Comments on an image", f"{image}/comments")
    for name, path in (("home", "/"), ("project", f"/projects/{of.wanted.id}")):
        yield Asked(f"html.{name}", f"The page {name}", path)


def people(session: Session) -> dict[str, str]:
    """Accounts by name."""
    return {row[0]: row[1] for row in session.execute(select(Account.name, Account.id))}
