"""Gold images: mixed into the queue, compared with, and like all others to annotators; and the queue for several."""

import io
from uuid import uuid4

import pytest

from server.domain.policy import OWNER
from server.features.projects.schema import ProjectSettings
from server.storage.rows import members
from server.storage.tables import Assignment, now
from tests.web.working import Project, make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator", "cat": "annotator"}


@pytest.fixture
def project(make_app, make_picture):
    return make_project(make_app(team=True), make_picture, images=5, **ROLES)


def settings(project, **values):
    assert project.max.patch(project.path, json={"settings": values}).status_code == 200


def mark(project, ids, gold=True, client=None):
    return (client or project.max).post(f"{project.path}/images/bulk", json={"ids": ids, "gold": gold})


def take(project, client):
    answer = client.post(f"{project.path}/assignments/take")
    assert answer.status_code == 200, answer.json
    return answer.json["image"] and answer.json["image"]["id"]


def always(project, wanted):
    project.services.assignments._chance = lambda _every: wanted


def golds(project, client):
    return [each["id"] for each in client.get(f"{project.path}/images").json["images"] if each["gold"]]


def test_managers_mark_gold_images_and_nobody_else_reads_which(project, check_error):
    first, second, *_ = project.images
    for name in ("rita", "ann"):
        check_error(mark(project, [first], client=project.clients[name]), 403, "forbidden")
    answer = mark(project, [first, second]).json
    assert answer["changed"] == 2
    assert mark(project, [second, "gone"]).json == {"changed": 0}
    assert golds(project, project.max) == [first, second]
    assert golds(project, project.rita) == golds(project, project.ann) == []
    assert (
        project.max.post(f"{project.path}/images/bulk", json=answer["restore"]["body"]).json["changed"] == 2
    )
    assert golds(project, project.max) == []


def test_projects_are_listed_as_an_annotator_sees_each(project, make_picture, make_annotation):
    """One that is common, one with a gold image and one for several annotators."""
    projects = [project, another(project, make_picture), another(project, make_picture)]
    assert mark(projects[1], projects[1].images[:1], client=project.max).status_code == 200
    body = {"settings": {"annotators_per_image": 2}}
    assert project.max.patch(projects[2].path, json=body).status_code == 200
    for each in projects:
        path = f"{each.path}/images/{each.images[0]}"
        for client in (project.ben, project.max):
            made = client.post(f"{path}/annotations", json=make_annotation() | {"id": str(uuid4())})
            assert made.status_code == 201, made.json
        assert project.ben.patch(path, json={"state": "done"}).status_code == 200
    fields = ("id", "counts", "annotation_count", "role")
    for name in ("ann", "ben", "rita"):
        client = project.clients[name]
        listed = {each["id"]: each for each in client.get("/api/projects").json["projects"]}
        alone = [client.get(each.path).json for each in projects]
        assert [[listed[each["id"]][field] for field in fields] for each in alone] == [
            [each[field] for field in fields] for each in alone
        ]
    counts = [listed_counts(project.ann, each) for each in projects]
    assert counts == [("done", 2), ("new", 0), ("new", 0)]


def another(project, make_picture):
    """With the same members, and a single image."""
    services = project.services
    project_id = services.projects.create(OWNER, {"name": "Roads"}).id
    image, _ = services.uploads.add(OWNER, io.BytesIO(make_picture(seed=1)), "0.png", project_id)
    with services.db.write() as session:
        for name, role in ROLES.items():
            members.put(session, project_id, project.clients[name].account, role)
    made = Project(project.app, project_id, [image.id], project.clients)
    labels = {"version": 1, "labels": [{"name": "dog", "color": "#1f77b4"}]}
    assert project.max.put(f"{made.path}/labels", json=labels).status_code == 200
    return made


def listed_counts(client, project):
    """How far the first image is, of all that are not new, and how many objects there are."""
    [found] = [each for each in client.get("/api/projects").json["projects"] if each["id"] == project.id]
    states = [state for state, number in found["counts"].items() if number and state != "new"]
    return (states or ["new"])[0], found["annotation_count"]


def test_an_annotator_reads_of_a_gold_image_what_they_read_of_any_other(project, make_annotation):
    """Of two images that nobody has worked on, one gold: the same answers and events, but for ids and times."""
    gold, plain, *_ = project.images
    settings(project, gold_every=5)
    mark(project, [gold])
    heard = _heard(project)
    read = []
    for number, image_id in enumerate((gold, plain), 1):
        address = f"{project.path}/images/{image_id}"
        steps = [project.ann.post(f"{address}/annotations", json=make_annotation(number))]
        steps += [
            project.ann.patch(address, json={"state": state})
            for state in ("attention", "done", "in_progress")
        ]
        bulk = project.ann.post(f"{project.path}/images/bulk", json={"ids": [image_id], "state": "skipped"})
        assert bulk.json["changed"] == 1
        project.ann.post(f"{project.path}/images/bulk", json=bulk.json["restore"]["body"])
        steps += [project.ann.get(address)]
        shares = project.ann.get(f"{project.path}/assignments").json
        given = project.ann.post(f"{project.path}/assignments/give-back", json={"ids": [image_id]}).json
        steps += [project.ann.get(address), project.ann.patch(address, json={"state": "done"})]
        project.max.post(f"{project.path}/assignments", json={"ids": [image_id], "to": [project.ann.account]})
        steps += [project.ann.get(address)]
        told = [_plain(each, image_id, number) for each in heard()]
        read.append(
            ([_plain(each.json, image_id, number) for each in steps], given, told, len(shares["shares"]))
        )
    for one, other in zip(
        *([*steps, given, shares, *told] for steps, given, told, shares in read), strict=True
    ):
        assert one == other


def _heard(project):
    seen = [0]

    def new():
        answer = project.ann.get(f"{project.path}/events?since={seen[0]}").json
        seen[0] = answer["seq"]
        return answer["events"]

    new()
    return new


def _plain(value, image_id, number):
    """Without what no two images have alike."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name not in _OWN}
        return {name: _plain(each, image_id, number) for name, each in kept.items()}
    if isinstance(value, list):
        return [_plain(each, image_id, number) for each in value]
    text = value.replace(image_id, "ID") if isinstance(value, str) else value
    return "ANNOTATION" if text == f"annotation-{number}" else text


_OWN = {
    "seq", "at", "created_at", "updated_at", "added_at", "until", "sha256", "name", "bytes", "rle", "area", "bbox", "z",
}  # fmt: skip


def test_marking_and_bulk_states_do_not_tell_which_are_gold(project):
    """Events come image by image, in the order asked for, gold or not."""
    mark(project, project.images[1:2])
    heard = _heard(project)
    body = {"ids": project.images[:3], "state": "done"}
    project.ann.post(f"{project.path}/images/bulk", json=body)
    told = heard()
    assert [(each["event"], each["image"]) for each in told] == [
        ("image:changed", image_id) for image_id in project.images[:3]
    ]
    assert all(set(each) == set(told[0]) for each in told)
    project.max.post(
        f"{project.path}/assignments", json={"ids": project.images[:3], "to": [project.ann.account]}
    )
    told = heard()
    assert sorted(each["images"] for each in told) == sorted([each] for each in project.images[:3])
    assert all((set(each), each["to"]) == (set(told[0]), [project.ann.account]) for each in told)
    mark(project, project.images[2:4])
    assert heard() == []


def test_the_queue_mixes_gold_images_in_each_once_for_everybody(project):
    first, second, third, fourth, _ = project.images
    mark(project, [second, fourth])
    settings(project, gold_every=2)
    always(project, wanted=True)
    assert [take(project, project.ann) for _ in range(3)] == [second, fourth, first]
    assert [take(project, project.ben) for _ in range(3)] == [second, fourth, third]
    always(project, wanted=False)
    assert take(project, project.cat) == project.images[4]
    settings(project, gold_every=0)
    always(project, wanted=True)
    assert take(project, project.cat) is None
    project.ann.post(f"{project.path}/assignments/give-back", json={"ids": [second]})
    settings(project, gold_every=2)
    assert take(project, project.rita) is None  # who would change the truth


def test_an_image_goes_to_so_many_annotators_and_no_more(project, check_error):
    settings(project, annotators_per_image=2)
    taken = {name: [take(project, project.clients[name]) for _ in range(6)] for name in ("ann", "ben")}
    assert taken["ann"] == taken["ben"] == [*project.images, None]
    assert take(project, project.cat) is None
    first = project.images[0]
    project.ben.patch(f"{project.path}/images/{first}", json={"state": "skipped"})
    assert take(project, project.cat) == first
    assert take(project, project.ben) is None
    answer = project.rita.post(f"{project.path}/assignments/take")
    check_error(answer, 409, "conflict")


def test_a_lease_that_has_passed_counts_nowhere(project):
    """Neither in lists, nor in filters, nor in what the queue offers."""
    first, second, *_ = project.images
    settings(project, annotators_per_image=2)
    assert take(project, project.ann) == first
    assert take(project, project.ben) == first
    with project.services.db.write() as session:
        for row in session.query(Assignment):
            row.given_at, row.leased_until = row.given_at.replace(year=2020), now()
    assert project.listed(project.max, assigned=project.ann.account) == []
    assert project.listed(project.max, assigned="nobody") == project.images
    shares = project.max.get(f"{project.path}/assignments").json["shares"]
    assert [each["account"] for each in shares] == [None]
    assert take(project, project.cat) == first
    assert take(project, project.ann) == first
    assert take(project, project.ben) == second


def test_undoing_gives_a_lease_back_as_a_lease(project):
    first = take(project, project.ann)
    body = {"ids": [first], "to": [project.ben.account]}
    undo = project.max.post(f"{project.path}/assignments", json=body).json["restore"]["body"]
    assert project.max.post(f"{project.path}/assignments", json=undo).json["changed"] == 1
    [assigned] = project.max.get(f"{project.path}/images/{first}").json["assigned"]
    assert assigned["account"] == project.ann.account
    assert assigned["until"] is not None


def test_images_are_shared_evenly_each_to_several(project):
    settings(project, annotators_per_image=2)
    people = [project.clients[name].account for name in ("ann", "ben", "cat")]
    body = {"all": True, "to": people}
    assert project.max.post(f"{project.path}/assignments", json=body).json["changed"] == 5
    images = project.max.get(f"{project.path}/images").json["images"]
    assert all(len({one["account"] for one in each["assigned"]}) == 2 for each in images)
    counts = [len(project.listed(project.max, assigned=each)) for each in people]
    assert sorted(counts) == [3, 3, 4]


def test_who_may_not_annotate_any_more_has_no_images(project):
    take(project, project.ann)
    project.max.patch(f"{project.path}/members/{project.ann.account}", json={"role": "viewer"})
    project.max.patch(f"{project.path}/members/{project.ann.account}", json={"role": "annotator"})
    assert project.listed(project.max, assigned="nobody") == project.images


def test_settings_are_bounded(project, check_error):
    for values in (
        {"annotators_per_image": 0}, {"annotators_per_image": 11}, {"annotators_per_image": "2"},
        {"gold_every": -1}, {"gold_every": 1001}, {"gold_every": None},
    ):  # fmt: skip
        check_error(project.max.patch(project.path, json={"settings": values}), 400, "invalid_project")
    usual = ProjectSettings()
    assert (usual.annotators_per_image, usual.gold_every) == (1, 0)
