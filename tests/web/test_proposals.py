"""Masks that are proposed for an image: listed, taken, dropped and restored, also where nobody sees others' work."""

import numpy as np
import pytest
from sqlalchemy import select

from server.domain.masks import decode_rle, encode_rle
from server.domain.policy import MACHINE, OWNER, Actor
from server.domain.runs import Window
from server.features.proposals.schema import MOST, ProposalSettings
from server.features.proposals.service import prepared
from server.inference.automask_types import AutomaticMask
from server.storage.rows.proposals import nearest
from server.storage.tables import NearestProposal
from tests.web.working import make_project

ROLES = {"max": "manager", "ann": "annotator", "ben": "annotator", "vic": "viewer"}


@pytest.fixture
def project(make_app, make_picture):
    return make_project(make_app(team=True), make_picture, images=3, **ROLES)


def found(number=0):
    window = Window(np.ones((4, 6 + number), bool), 3, 2)
    return AutomaticMask.of(window, (40, 30), 0.9 - number / 100, 0.96, (5.0, 4.0), (0, 0, 40, 30))


def store(project, actor=MACHINE, image=0, count=2, **more):
    services = project.services
    made = prepared(map(found, range(count)))
    spec = services.segmenters.find()
    services.proposals.store(actor, project.id, project.images[image], spec, ProposalSettings(), made, **more)
    return [each for each, _ in made]


def address(project, image=0):
    return f"{project.path}/images/{project.images[image]}/proposals"


def listed(project, client, image=0):
    answer = client.get(address(project, image))
    assert answer.status_code == 200, answer.json
    return [each["id"] for each in answer.json["proposals"]]


def take(project, client, proposal_id, image=0):
    [proposal] = [
        each for each in client.get(address(project, image)).json["proposals"] if each["id"] == proposal_id
    ]
    body = {"id": proposal_id, "label": "dog", "color": "#1f77b4", "rle": proposal["rle"]}
    answer = client.post(f"{project.path}/images/{project.images[image]}/annotations", json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_nothing_is_proposed_at_first(project):
    answer = project.ann.get(address(project)).json
    assert answer["proposals"] == []
    assert (answer["segmenter"], answer["complete"], answer["running"]) == (None, False, False)


def test_a_proposal_says_all_that_is_known_of_it(project):
    store(project, count=1)
    answer = project.ann.get(address(project)).json
    [one] = answer["proposals"]
    expected = np.zeros((30, 40), bool)
    expected[2:6, 3:9] = True
    assert (decode_rle(one.pop("rle")) == expected).all()
    one.pop("id")
    assert one == {
        "area": 24,
        "bbox": [3, 2, 6, 4],
        "predicted_iou": 0.9,
        "stability_score": 0.96,
        "point": [5.0, 4.0],
        "crop_box": [0, 0, 40, 30],
    }
    assert (answer["ahead"], answer["complete"], answer["created_by"]) == (True, True, None)
    assert answer["settings"]["pred_iou_thresh"] == 0.88


def test_taking_one_is_making_an_object_with_its_id(project):
    first, second = store(project)
    made = take(project, project.ann, first)
    assert made["created_by"] == project.ann.account
    assert listed(project, project.ann) == listed(project, project.ben) == [second]
    project.ann.delete(f"/api/annotations/{first}?version=1&project={project.id}")
    assert listed(project, project.ann) == [first, second]


def test_dropped_ones_can_be_restored(project):
    first, second = store(project)
    where = address(project)
    assert project.ann.delete(f"{where}/{first}").status_code == 204
    assert listed(project, project.ann) == [second]
    assert project.ann.delete(where).status_code == 204
    assert listed(project, project.ann) == []
    assert project.ann.patch(where, json={"restore": [first, "another"]}).status_code == 204
    assert listed(project, project.ann) == [first]
    assert project.ann.patch(where, json={"drop": [first], "restore": [second]}).status_code == 204
    assert listed(project, project.ann) == [second]


@pytest.mark.parametrize("body", [{"drop": "all"}, {"restore": [7]}, {"drop": ["a" * 65]}])
def test_what_is_no_list_of_ids_is_refused(project, check_error, body):
    check_error(project.ann.patch(address(project), json=body), 400, "bad_request")


def test_a_proposal_that_is_not_there_cannot_be_dropped(project, check_error):
    check_error(project.ann.delete(f"{address(project)}/none"), 404, "not_found")


def test_viewers_have_none(project, check_error):
    check_error(project.vic.get(address(project)), 403, "forbidden")
    check_error(project.vic.delete(address(project)), 403, "forbidden")


def test_another_run_replaces_them(project):
    store(project)
    again = store(project, OWNER, count=1, complete=False)
    assert listed(project, project.ann) == again
    assert project.ann.get(address(project)).json["complete"] is False


def test_no_more_are_kept_than_there_may_be(project):
    made = prepared([found()] * (MOST + 5))
    spec = project.services.segmenters.find()
    project.services.proposals.store(MACHINE, project.id, project.images[0], spec, ProposalSettings(), made)
    assert len(listed(project, project.ann)) == MOST


def test_empty_masks_are_none():
    nothing = AutomaticMask.of(
        Window(np.zeros((4, 6), bool), 3, 2), (40, 30), 0.9, 0.9, (5.0, 4.0), (0, 0, 40, 30)
    )
    assert prepared([nothing]) == []


class TestIndependent:
    """Where annotators do not see each other's work."""

    @pytest.fixture(autouse=True)
    def _alone(self, project):
        settings = {"settings": {"annotators_per_image": 2}}
        assert project.max.patch(project.path, json=settings).status_code == 200

    def test_each_takes_and_drops_their_own(self, project):
        common = store(project)
        anns, bens = listed(project, project.ann), listed(project, project.ben)
        assert len(anns) == len(bens) == 2
        assert not set(anns) & set(bens)
        assert not set(anns) & set(common)
        take(project, project.ann, anns[0])
        project.ann.delete(f"{address(project)}/{anns[1]}")
        assert listed(project, project.ann) == []
        assert listed(project, project.ben) == bens
        assert listed(project, project.max) == common

    def test_what_others_do_with_the_common_ones_is_not_told(self, project):
        common = store(project)
        before = project.ann.get(address(project)).json
        take(project, project.max, common[0])
        project.max.delete(address(project))
        store(project, OWNER, count=1)
        assert project.ann.get(address(project)).json == before

    def test_runs_of_one_are_nobody_elses(self, project):
        common = store(project)
        [own] = store(project, Actor("account", project.ann.account), count=1)
        assert listed(project, project.ann) == [own]
        assert own not in listed(project, project.ben)
        assert listed(project, project.max) == common


def draw(project, client, mask, image=0, **more):
    body = {"label": "dog", "color": "#1f77b4", "rle": encode_rle(mask), **more}
    answer = client.post(f"{project.path}/images/{project.images[image]}/annotations", json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def rectangle(left, right):
    mask = np.zeros((30, 40), bool)
    mask[2:6, left:right] = True
    return mask


def by_certainty(project, client):
    listed = client.get(f"{project.path}/images?sort=certainty").json["images"]
    return [project.images.index(each["id"]) for each in listed]


def likenesses(project):
    with project.services.db.read() as session:
        return {row.annotation_id: row.iou for row in session.scalars(select(NearestProposal))}


def test_images_come_first_whose_objects_are_unlike_proposals(project):
    """Proposals are 6 and 7 pixels wide from column 3 on; images without any are not compared."""
    store(project, image=1)
    store(project, image=2)
    draw(project, project.max, rectangle(20, 30), image=0)
    alike = draw(project, project.max, rectangle(3, 9), image=1)
    near = draw(project, project.max, rectangle(3, 13), image=2)
    project.services.likeness.look()
    assert likenesses(project) == {alike["id"]: 1.0, near["id"]: 0.7}
    assert by_certainty(project, project.max) == [2, 1, 0]
    address = f"{project.path}/images/{project.images[2]}/certainty"
    assert project.max.get(address).json["objects"] == [{"id": near["id"], "version": 1, "certainty": 0.85}]
    far = {"rle": encode_rle(rectangle(20, 30)), "version": alike["version"]}
    assert (
        project.max.patch(f"/api/annotations/{alike['id']}?project={project.id}", json=far).status_code == 200
    )
    assert by_certainty(project, project.max)[0] == 2  # not compared as it is now
    project.services.likeness.look()
    assert likenesses(project) == {alike["id"]: 0.0, near["id"]: 0.7}
    assert by_certainty(project, project.max) == [1, 2, 0]


def test_while_nobody_writes_nothing_is_asked(project, monkeypatch):
    asked, states = [], nearest.states
    monkeypatch.setattr(nearest, "states", lambda session: asked.append(1) or states(session))
    watcher = project.services.likeness
    watcher.look()
    watcher.look()
    assert len(asked) == 1
    draw(project, project.max, rectangle(3, 13))
    watcher.look()
    assert len(asked) == 2


def test_objects_are_compared_again_with_other_proposals(project):
    drawn = draw(project, project.max, rectangle(3, 13))
    store(project, count=1)
    project.services.likeness.look()
    assert likenesses(project) == {drawn["id"]: 0.6}
    store(project, count=2)
    assert likenesses(project) == {}
    project.services.likeness.look()
    assert likenesses(project) == {drawn["id"]: 0.7}
    store(project, count=0)
    project.services.likeness.look()
    assert likenesses(project) == {drawn["id"]: None}
    project.max.delete(f"/api/annotations/{drawn['id']}?project={project.id}&version=1")
    assert likenesses(project) == {}
