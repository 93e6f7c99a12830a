"""Images to work on: given by hand, shared evenly, taken from a queue. No two people get the same from the queue."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from server.domain.policy import Actor
from server.storage.rows import members
from server.storage.tables import Assignment, now
from tests.web.team import person
from tests.web.working import make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator", "vic": "viewer"}


@pytest.fixture
def project(make_app, make_picture):
    return make_project(make_app(team=True), make_picture, **ROLES)


def assign(project, body, client=None):
    answer = (client or project.max).post(f"{project.path}/assignments", json=body)
    assert answer.status_code == 200, answer.json
    return answer.json


def take(client, project):
    answer = client.post(f"{project.path}/assignments/take")
    assert answer.status_code == 200, answer.json
    return answer.json


def whose(project, client=None):
    images = (client or project.max).get(f"{project.path}/images").json["images"]
    return {each["id"]: [one["account"] for one in each["assigned"]] for each in images}


def expire(project, image_id):
    with project.services.db.write() as session:
        for row in session.query(Assignment).filter_by(image_id=image_id):
            row.leased_until = now() - timedelta(seconds=1)


def test_images_are_given_by_hand_and_the_last_word_counts(project):
    first, second, third, *_ = project.images
    assert assign(project, {"ids": [first, second], "to": [project.ann.account]})["changed"] == 2
    assert assign(project, {"ids": [second, third], "to": [project.ben.account]})["changed"] == 2
    assert whose(project)[first] == [project.ann.account]
    assert whose(project)[second] == [project.ben.account]
    assert project.listed(project.ann, assigned=project.ann.account) == [first]
    assert project.listed(project.ann, assigned="nobody") == project.images[3:]
    assert project.listed(project.ann, person=project.ben.account) == [second, third]


def test_assigning_can_be_undone(project):
    first, second, *_ = project.images
    assign(project, {"ids": [first], "to": [project.ann.account]})
    undo = assign(project, {"ids": [first, second], "to": [project.ben.account]})["restore"]
    assign(project, undo["body"])
    assert whose(project)[first] == [project.ann.account]
    assert whose(project)[second] == []


def test_everything_that_is_nobodys_is_shared_evenly(project):
    first, second, *_ = project.images
    assign(project, {"ids": [first], "to": [project.rita.account]})
    done = project.ann.patch(f"{project.path}/images/{second}", json={"state": "done"})
    assert done.status_code == 200
    people = [project.ann.account, project.ben.account]
    assert assign(project, {"all": True, "to": people})["changed"] == 4
    left = project.images[2:]
    assert [whose(project)[each] for each in left] == [[people[n % 2]] for n in range(4)]
    assert whose(project)[first] == [project.rita.account]
    assert whose(project)[second] == []
    shares = project.max.get(f"{project.path}/assignments").json["shares"]
    assert {each["account"]: each["images"]["new"] for each in shares} == {
        project.ann.account: 2, project.ben.account: 2, project.rita.account: 1, None: 0,
    }  # fmt: skip


def test_images_go_to_nobody_again(project):
    assign(project, {"ids": project.images, "to": [project.ann.account]})
    assert assign(project, {"ids": project.images, "to": []})["changed"] == 6
    assert set(map(tuple, whose(project).values())) == {()}


@pytest.mark.parametrize("who", ["vic", "stranger", "nobody"])
def test_only_members_who_may_annotate_get_images(project, check_error, who):
    account = {"vic": project.vic.account, "stranger": "0" * 12, "nobody": ""}[who]
    answer = project.max.post(
        f"{project.path}/assignments", json={"ids": project.images, "to": [project.ann.account, account]}
    )
    check_error(answer, 400, "bad_request")
    assert set(map(tuple, whose(project).values())) == {()}


def test_images_of_other_projects_are_not_touched(project, make_picture):
    other = project.services.projects.create(Actor("account", project.max.account), {"name": "other"}).id
    body = {"ids": project.images, "to": [project.max.account]}
    answer = project.max.post(f"/api/projects/{other}/assignments", json=body)
    assert answer.json == {"changed": 0}


@pytest.mark.parametrize(
    "body",
    [
        {}, {"ids": ["a"]}, {"to": []}, {"all": True}, {"ids": ["a"], "all": True, "to": []},
        {"all": False, "to": []}, {"ids": [], "to": []}, {"ids": ["a"], "to": "a"}, {"ids": ["a"], "to": [1]},
        {"ids": ["a"], "given": {"a": "b"}}, {"ids": ["a"], "given": {}, "to": []}, {"ids": ["a"], "to": [], "x": 1},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(project, check_error, body):
    check_error(project.max.post(f"{project.path}/assignments", json=body), 400, "bad_request")


def test_the_queue_gives_everybody_another_image(project):
    """Asked by many at once, as often as there are images, and more often."""
    people = [project.join(f"p{n}", "annotator") for n in range(4)]
    services = project.services

    def pull(number):
        actor = Actor("account", people[number % 4].account)
        taken = services.assignments.take(actor, project.id)
        return None if taken is None else taken.image_id

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(pull, range(12)))
    assert sorted(each for each in got if each) == sorted(project.images)
    assert got.count(None) == 6


def test_the_queue_goes_by_name_past_what_is_somebodys_or_done(project):
    first, second, third, fourth, *_ = project.images
    assign(project, {"ids": [first], "to": [project.ben.account]})
    project.max.patch(f"{project.path}/images/{second}", json={"state": "done"})
    project.max.patch(f"{project.path}/images/{third}", json={"state": "attention"})
    taken = take(project.ann, project)
    assert taken["image"]["id"] == fourth
    assert taken["image"]["assigned"] == [{"account": project.ann.account, "until": taken["until"]}]


def test_a_lease_that_has_ended_is_somebody_elses_turn(project):
    first = take(project.ann, project)["image"]["id"]
    assert take(project.ben, project)["image"]["id"] != first
    expire(project, first)
    assert take(project.ben, project)["image"]["id"] == first
    assert project.listed(project.ann, assigned=project.ann.account) == []


def test_a_lease_lasts_as_the_project_says_and_longer_with_work(project, make_annotation):
    settings = {"settings": {"lease_minutes": 10}}
    assert project.max.patch(project.path, json=settings).status_code == 200
    image_id = take(project.ann, project)["image"]["id"]

    def left():
        with project.services.db.read() as session:
            row = session.get(Assignment, (project.id, image_id, project.ann.account))
            return row.leased_until - now()

    assert timedelta(minutes=9) < left() <= timedelta(minutes=10)
    expire(project, image_id)
    made = project.ann.post(f"{project.path}/images/{image_id}/annotations", json=make_annotation())
    assert made.status_code == 201
    assert timedelta(minutes=9) < left() <= timedelta(minutes=10)
    address = f"/api/annotations/annotation-1?project={project.id}"
    for change in (
        lambda: project.ann.patch(address, json={"version": 1, "z": 3}),
        lambda: project.ann.delete(f"{address}&version=2"),
    ):
        expire(project, image_id)
        assert change().status_code < 300
        assert left() > timedelta(minutes=9)


def test_an_image_that_is_nobodys_becomes_that_of_who_works_on_it(project, make_annotation):
    first, second, *_ = project.images
    assign(project, {"ids": [second], "to": [project.ben.account]})
    for image_id in (first, second):
        body = make_annotation() | {"id": f"annotation-{image_id}"}
        assert project.ann.post(f"{project.path}/images/{image_id}/annotations", json=body).status_code == 201
    assert whose(project)[first] == [project.ann.account]
    assert whose(project)[second] == [project.ben.account]
    assert take(project.ben, project)["image"]["id"] not in (first, second)


def test_images_are_given_back(project):
    taken = [take(project.ann, project)["image"]["id"] for _ in range(2)]
    theirs = take(project.ben, project)["image"]["id"]
    answer = project.ann.post(f"{project.path}/assignments/give-back", json={"ids": [*taken, theirs]})
    assert answer.json == {"changed": 2}
    assert project.listed(project.max, assigned="nobody") == [
        each for each in project.images if each != theirs
    ]


def test_nobody_hoards(project, make_picture, check_error):

    for n in range(6, 12):
        project.services.uploads.add(
            Actor("account", project.max.account), io.BytesIO(make_picture(seed=n)), f"{n:03}.png", project.id
        )
    taken = [take(project.ann, project)["image"]["id"] for _ in range(10)]
    check_error(project.ann.post(f"{project.path}/assignments/take"), 409, "conflict")
    project.ann.patch(f"{project.path}/images/{taken[0]}", json={"state": "done"})
    assert take(project.ann, project)["image"]["id"] not in taken


def test_an_administrator_who_is_no_member_gets_none(project, check_error):

    boss = person(project.app, "boss", is_admin=True)
    check_error(boss.post(f"{project.path}/assignments/take"), 409, "conflict")


def test_what_is_somebodys_ends_with_their_role(project):
    assign(project, {"ids": project.images, "to": [project.ann.account]})
    with project.services.db.write() as session:
        members.remove(session, members.find(session, project.id, project.ann.account))
    assert project.listed(project.max, assigned="nobody") == project.images


def test_everybody_hears_of_it(project):
    first, *_ = project.images
    assign(project, {"ids": [first], "to": [project.ann.account]})
    second = take(project.ben, project)["image"]["id"]
    project.ben.post(f"{project.path}/assignments/give-back", json={"ids": [second]})
    assert [each["images"] for each in project.events("assignments:changed")] == [[first], [second], [second]]


def test_a_server_without_accounts_has_none_of_this(client, check_error, upload):
    image_id = upload()["id"]
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/take"), ("POST", "/give-back")):
        answer = client.open(
            f"/api/projects/default/assignments{path}", method=method, json={"ids": [image_id]}
        )
        check_error(answer, 404, "no_accounts")
    assert client.get(f"/api/projects/default/images/{image_id}").json["assigned"] == []


def test_what_is_given_back_is_not_offered_at_once(project):
    first, second, *_ = project.images
    assert take(project.ann, project)["image"]["id"] == first
    project.ann.post(f"{project.path}/assignments/give-back", json={"ids": [first]})
    following = project.ann.post(f"{project.path}/assignments/take?after={first}").json["image"]["id"]
    assert following == second
    last = project.ann.post(f"{project.path}/assignments/take?after={project.images[-1]}").json["image"]["id"]
    assert last == first
