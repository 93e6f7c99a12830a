"""A training that reaches the encoder, on drawn images, from beginning to end and in two goes."""

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest
import torch

from server.domain import embedding_codec
from server.domain.masks import encode_rle
from server.errors import InvalidDataset, Unavailable
from server.inference.catalog import open_catalog
from server.inference.encoder import Encoder
from server.inference.training_set import SetWriter, TrainingObject, pixels_of, read_set
from server.lab.learning import run
from server.lab.learning.judging import Judgement
from server.lab.learning.subjects import begun, check_device, in_training, installed
from server.modelkit.graphs.own_weights import read_weights
from server.modelkit.training.adapters import ADAPTER
from server.modelkit.training.examples import Examples
from server.modelkit.training.trainer import Plan, Trainer
from tests.torch.learning.conftest import HEIGHT, IMAGES, WIDTH, ask, drawing
from tests.torch.learning.tiny import TINY, install_tiny, same

SHORT = Plan("lora", episodes=3, steps=2, objects=1)


@pytest.fixture(autouse=True)
def with_gradients():
    with torch.enable_grad():
        yield


@pytest.fixture(scope="module", autouse=True)
def little_of_everything():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.lab.learning.measuring.CLICKS", 5)
        patch.setattr(run, "_SAME", 0.9)  # who knows nothing is so unsure that rounding changes masks
        patch.setattr(run, "judge", lambda *_: Judgement(True, 0.1, 0.0, "As it was judged."))
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """`data`, with the tiny segmenter in it, and `set`, of what it encoded."""
    place = tmp_path_factory.mktemp("with_encoder")
    with torch.no_grad():
        spec = install_tiny(place / "data")
    encoder, writer = Encoder(spec), SetWriter(place / "set", spec.id, spec.encoding)
    for number in range(IMAGES):
        rgb, masks = drawing(number)
        objects = [TrainingObject(label, label, encode_rle(mask)["counts"]) for label, mask in masks.items()]
        container = embedding_codec.encode(encoder.encode(rgb), spec.id, spec.encoding, (WIDTH, HEIGHT))
        pixels = pixels_of(rgb, spec.frame(WIDTH, HEIGHT))
        writer.add(f"image {number}", (WIDTH, HEIGHT), container, objects, pixels=pixels)
    writer.close()
    return place


@pytest.fixture(scope="module")
def done(place):
    """The folder of a training that was stopped on its way and went on, its result, and how far it was before."""
    folder = place / "run"
    shutil.copytree(place / "set", folder / "set")
    ask(folder, place / "data", base=TINY, what="lora")
    (folder / "plan.json").write_text(json.dumps(asdict(SHORT)), "utf-8")
    asked = []
    with torch.enable_grad():
        with pytest.raises(run.Stopped):
            learn(folder, lambda: asked.append(None) or len(asked) > 1)
        before = torch.load(folder / "checkpoint.pt", weights_only=False)["state"]["episode"]
        return folder, learn(folder), before


def learn(folder, stopped=lambda: False):
    return run.learn(folder, lambda **message: None, stopped)


def test_what_it_installs_has_an_encoder_of_its_own(done):
    folder, result, before = done
    assert (result["installed"], result["what"], before, result["steps"]) == (True, "lora", 1, 3)
    catalog = open_catalog(folder.parent / "data")
    base, trained = catalog.find(TINY), catalog.find("mine")
    assert trained.encoding == trained.weights != base.encoding
    assert trained.encoder_learns
    assert trained.sha256["encoder.onnx"] != base.sha256["encoder.onnx"]
    source = read_set(folder / "set")
    image = source.images[0]
    model = begun(base, "lora")
    model.load(torch.load(folder / "checkpoint.pt", weights_only=False)["state"]["best"])
    expected = in_training(model, source, base.resize).embed(image)["image_tokens"]
    made = installed(trained, source).embed(image)["image_tokens"]  # 8 bits a value
    assert np.abs(made - expected).max() < 0.03 * (expected.max() - expected.min())
    assert np.abs(source.tensors(image)["image_tokens"] - expected).mean() > np.abs(made - expected).mean()


def test_one_of_another_encoder_is_compared_with_its_own_embeddings(done, monkeypatch):
    """The set's are not the replaced one's: it encodes the images itself."""
    folder, first, _ = done
    for name in ("result.json", "checkpoint.pt"):
        (folder / name).unlink()
    ask(folder, folder.parent / "data", base=TINY, what="tokens", seed=1)
    (folder / "plan.json").write_text(
        json.dumps(asdict(Plan("tokens", episodes=2, seed=1, steps=2, objects=1))), "utf-8"
    )
    measured = []
    real = run.measure
    monkeypatch.setattr(
        run, "measure", lambda subject, *more: measured.append(subject) or real(subject, *more)
    )
    assert learn(folder)["weights"] != first["weights"]
    source = read_set(folder / "set")
    base, _, replaced = (subject.embed(source.images[0])["image_tokens"] for subject in measured)
    assert np.array_equal(base, source.tensors(source.images[0])["image_tokens"])
    assert not np.array_equal(base, replaced)


def test_only_adapters_and_tokens_learn_and_it_goes_on_where_it_stopped(place, tmp_path):
    spec = open_catalog(place / "data").find(TINY)
    source = read_set(place / "set")
    examples = Examples(source, spec.resize)

    def trainer(folder):
        folder.mkdir(exist_ok=True)
        model = begun(spec, "lora")
        return model, Trainer(model, examples, examples.images[:3], SHORT, lambda now: 0.5, folder)

    model, whole = trainer(tmp_path / "straight")
    frozen = {name: each.clone() for name, each in model.encoder.state_dict().items() if ADAPTER not in name}
    before = model.weights()
    list(whole.run(lambda: False))
    _, half = trainer(tmp_path / "halves")
    for state in half.run(lambda: False):
        if state.episode == 2:
            break
    half.store()
    resumed, rest = trainer(tmp_path / "halves")
    assert rest.left == 1
    list(rest.run(lambda: False))
    after = model.weights()
    for name, array in after.items():
        np.testing.assert_allclose(resumed.weights()[name], array, atol=1e-5)
    learnt = {name.split(".")[1] for name in after if not np.array_equal(after[name], before[name])}
    parts = {"iou_token", "mask_tokens", "output_hypernetworks_mlps", "iou_prediction_head", "blocks"}
    assert learnt == parts
    assert all(torch.equal(model.encoder.state_dict()[name], each) for name, each in frozen.items())
    assert same(begun(spec, "tokens").weights(), read_weights(spec))


def test_without_pixels_or_a_gpu_it_says_so(place, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    shutil.copytree(place / "set", folder / "set")
    ask(folder, place / "data", id="other", base=TINY, what="lora")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    described = json.loads((folder / "set" / "set.json").read_text("utf-8"))
    for each in described["images"]:
        each["pixels"] = None
    (folder / "set" / "set.json").write_text(json.dumps(described), "utf-8")
    with pytest.raises(InvalidDataset):
        learn(folder)
    check_device("decoder")
    with pytest.raises(Unavailable, match="needs a GPU"):
        check_device("lora")
