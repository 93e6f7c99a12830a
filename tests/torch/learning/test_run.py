"""A training from beginning to end, on drawn images: what it leaves, what it refuses, and that it goes on."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict

import numpy as np
import pytest
import torch

from server.errors import BadRequest, Conflict, SegmenterNotFound
from server.inference.catalog import DEFAULT, open_catalog
from server.inference.decoder import Decoder as Installed
from server.inference.training_set import read_set
from server.lab.learning import run
from server.lab.learning.judging import Judgement
from server.lab.learning.subjects import begun
from server.modelkit.graphs.own_weights import read_weights
from server.modelkit.training.answering import InTraining
from server.modelkit.training.decoding import Decoder
from server.modelkit.training.examples import Examples
from server.modelkit.training.trainer import Plan, Trainer
from tests.torch.learning.conftest import ask

SHORT = Plan("tokens", episodes=3, steps=2, objects=1)


@pytest.fixture(autouse=True)
def with_gradients():
    with torch.enable_grad():
        yield


@pytest.fixture(autouse=True)
def little_of_everything(monkeypatch):
    monkeypatch.setattr("server.lab.learning.measuring.CLICKS", 5)


def plan(folder, chosen=SHORT):
    (folder / "plan.json").write_text(json.dumps(asdict(chosen)), "utf-8")


def learn(folder, told=None, stopped=lambda: False):
    return run.learn(folder, lambda **message: None if told is None else told.append(message), stopped)


def always(better):
    return lambda before, after: Judgement(better, 0.1 if better else -0.1, 0.0, "As it was judged.")


@pytest.fixture(scope="module")
def installed(drawn_set, tmp_path_factory):
    """The folder of a training that was judged better, its result, and all it told."""
    place = tmp_path_factory.mktemp("installed")
    folder, told = place / "run", []
    shutil.copytree(drawn_set, folder / "set")
    ask(folder, place / "data")
    plan(folder)
    with pytest.MonkeyPatch.context() as patch, torch.enable_grad():
        patch.setattr(run, "judge", always(True))
        patch.setattr("server.lab.learning.measuring.CLICKS", 5)
        return folder, learn(folder, told), told


def test_what_is_better_is_installed(installed):
    folder, result, told = installed
    assert result["installed"]
    assert result == json.loads((folder / "result.json").read_text("utf-8"))
    assert result["images"] == {"training": 4, "held_out": 2}
    assert result["objects"] == {"training": 8, "held_out": 4}
    assert len(result["before"]["miou"]) == 5
    steps = [message["step"] for message in told if "step" in message]
    assert sorted(set(steps), key=steps.index) == ["reading", "training", "before", "after", "installing"]
    points = [message["point"] for message in told if "point" in message]
    assert (points[0]["step"], points[-1]["step"]) == (0, 3)
    assert [point["step"] for point in points] == [point["step"] for point in result["curve"]]
    base, trained = (open_catalog(folder.parent / "data").find(name) for name in (DEFAULT, "mine"))
    assert trained.weights == result["weights"] != base.weights
    assert trained.encoding == base.weights
    assert trained.encoder_path.stat().st_ino == base.encoder_path.stat().st_ino
    assert trained.source["trained_from"]["segmenter"] == DEFAULT
    assert (trained.source["images"], trained.source["objects"], trained.source["project"]) == (4, 8, "Drawn")


def test_the_installed_decoder_answers_as_the_trained_one(installed):
    folder, _, _ = installed
    trained = open_catalog(folder.parent / "data").find("mine")
    state = torch.load(folder / "checkpoint.pt", weights_only=False)["state"]
    source = read_set(folder / "set")
    frame, tensors = trained.frame(320, 240), source.embedding(source.images[0]).tensors
    prompt = np.array([[400, 400], [0, 0]], np.float32), np.array([1, -1], np.float32)
    decoder, inside = Installed(trained), InTraining(Decoder(state["best"]))
    answer = decoder.decode(decoder.prepare(tensors), *prompt, frame)
    expected = inside.decode(inside.prepare(tensors), *prompt, frame)
    masks = answer.low_res_logits > 0, expected.low_res_logits > 0  # the installed weights are rounded
    assert np.count_nonzero(masks[0] & masks[1]) / np.count_nonzero(masks[0] | masks[1]) > 0.98
    assert np.abs(answer.predicted_iou - expected.predicted_iou).max() < 0.02


def test_what_is_not_better_is_not_installed_and_finishing_early_keeps_the_best(
    run_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(run, "judge", always(False))
    plan(run_folder, Plan("tokens", episodes=500, steps=2, objects=1))
    (run_folder / "finish").touch()
    result = learn(run_folder)
    assert (result["installed"], result["steps"]) == (False, 0)
    assert [point["step"] for point in result["curve"]] == [0]
    assert [spec.id for spec in open_catalog(tmp_path / "data").installed()] == [DEFAULT]
    report = (run_folder / "report.html").read_text("utf-8")
    assert "As it was judged. Not installed." in report
    assert "http" not in report


def test_one_of_its_own_is_replaced_and_another_is_not(installed, monkeypatch):
    folder, first, _ = installed
    monkeypatch.setattr(run, "judge", always(True))
    (folder / "result.json").unlink()
    ask(folder, folder.parent / "data", seed=1)
    plan(folder, Plan("tokens", episodes=2, seed=1, steps=2, objects=1))
    assert learn(folder)["weights"] != first["weights"]
    for changed in ({"id": DEFAULT}, {"project": "Another"}):
        ask(folder, folder.parent / "data", **changed)
        with pytest.raises(Conflict):
            learn(folder)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"base": "nobody"}, SegmenterNotFound),
        ({"what": "everything"}, BadRequest),
    ],
)
def test_what_cannot_be_is_refused(run_folder, tmp_path, changed, refusal):
    ask(run_folder, tmp_path / "data", **changed)
    with pytest.raises(refusal):
        learn(run_folder)


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("tokens", {"iou_token", "mask_tokens", "output_hypernetworks_mlps", "iou_prediction_head"}),
        ("choice", {"iou_prediction_head"}),
    ],
)
def test_a_trainer_goes_on_where_another_stopped(drawn_set, tmp_path, what, parts):
    spec = open_catalog(tmp_path).find(DEFAULT)
    examples = Examples(read_set(drawn_set), spec.resize)
    chosen = Plan(what, episodes=3, steps=2, objects=1)

    def trainer(folder):
        folder.mkdir(exist_ok=True)
        decoder = begun(spec, what)
        return decoder, Trainer(decoder, examples, examples.images[:3], chosen, lambda now: 0.5, folder)

    straight, whole = trainer(tmp_path / "straight")
    list(whole.run(lambda: False))
    _, half = trainer(tmp_path / "halves")
    for state in half.run(lambda: False):
        if state.episode == 1:
            break
    half.store()
    resumed, rest = trainer(tmp_path / "halves")
    assert rest.left == 2
    list(rest.run(lambda: False))
    assert [point.episode for point in rest.state.curve] == [point.episode for point in whole.state.curve]
    before = read_weights(spec)
    learnt = set()
    for name, array in straight.weights().items():
        np.testing.assert_allclose(resumed.weights()[name], array, atol=1e-5)
        if not np.array_equal(array, before[name]):
            learnt.add(name.split(".")[1])
    assert learnt == parts


def test_a_worker_stops_when_it_is_let_go_and_the_next_one_goes_on(run_folder):
    plan(run_folder, Plan("tokens", episodes=30, steps=2, objects=1))
    command = [sys.executable, "-m", "server.lab.learning.worker", str(run_folder)]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdin is not None
    for line in worker.stdout:
        if json.loads(line).get("step") == "training":
            break
    worker.stdin.close()
    assert worker.wait(60) == 130
    state = torch.load(run_folder / "checkpoint.pt", weights_only=False)["state"]
    assert 0 < state["episode"] < 30
    (run_folder / "finish").touch()
    again = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert again.stdout is not None
    messages = [json.loads(line) for line in again.stdout]
    assert messages[-1] == {"done": True}
    assert again.wait(60) == 0
    assert messages[-2]["result"]["steps"] == state["episode"]
