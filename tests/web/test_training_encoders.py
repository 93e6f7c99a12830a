"""Training the encoder, too: where it is offered, what is gathered for it, and room on the disk."""

import json
import shutil

from server.features.training import encoders
from server.inference.catalog import open_catalog
from server.inference.training_set import read_set
from tests.installing import install
from tests.web.training import ended, estimate, folder, plan, post, start, training_project, until

project = training_project


def gathered(project, run):
    until(project, run, lambda told: told["step"] == "training")
    return read_set(folder(project, run) / "set")


def test_it_is_offered_where_there_is_a_gpu_and_an_encoder_to_train(project):
    project.services.trainings.gpu = False
    assert estimate(project)["encoder"] == "no_gpu"
    answer = post(project, status=503, what="lora", id="a")
    assert "needs a GPU" in answer["error"]["message"]
    install(project.services.settings.data_path / "segmenters", "other", "5" * 64)
    assert estimate(project, segmenter="other")["encoder"] == "unreadable"
    project.services.trainings.gpu = True
    assert (estimate(project)["encoder"], estimate(project, what="lora")["encoder"]) == ("possible",) * 2
    answer = post(project, status=400, what="lora", id="a", segmenter="other")
    assert "can't be trained" in answer["error"]["message"]
    assert "MobileSAM" in answer["error"]["hint"]


def test_a_gpu_is_known_by_its_driver(tmp_path, monkeypatch):
    monkeypatch.setattr(encoders, "_DRIVERS", (str(tmp_path / "nvidiactl"),))
    assert not encoders.has_gpu()
    (tmp_path / "nvidiactl").touch()
    assert encoders.has_gpu()


def test_its_set_has_the_images(project):
    project.services.trainings.gpu = True
    plan(project, seconds=0.3)
    run = start(project, what="lora")
    found = gathered(project, run)
    assert json.loads((folder(project, run) / "request.json").read_text())["what"] == "lora"
    assert [found.rgb(image).shape for image in found.images] == [(30, 40, 3)] * 6
    assert len({found.rgb(image).tobytes() for image in found.images}) == 6
    done = ended(project, run)
    assert (done["state"], done["what"]) == ("done", "lora")


def test_others_have_none_unless_they_replace_one_of_another_encoder(project):
    plan(project, seconds=0.3)
    run = start(project)
    assert all(image.pixels is None for image in gathered(project, run).images)
    ended(project, run)
    data = project.services.settings.data_path
    base = open_catalog(data).find("mobile_sam")
    files = {name: base.path(name).read_bytes() for name in base.sha256}
    install(
        data / "segmenters", "streets_1", "6" * 64, files, source={"project": project.id, "trained_from": {}}
    )
    again = gathered(project, start(project))
    assert all(image.pixels is not None for image in again.images)
    assert again.rgb(again.images[0]).shape == (30, 40, 3)


def test_a_disk_without_room_is_told_before_anything_is_gathered(project, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 0, 205_000_000))
        run = start(project)
        failed = ended(project, run)
    assert failed["state"] == "failed"
    assert "needs 0.2 GB of disk space for its images; 0.2 GB are free" in failed["error"]["message"]
    assert failed["error"]["code"] == "storage_full"
    assert not (folder(project, run) / "set").exists()
    assert post(project, f"/{run['id']}/resume")["state"] in ("queued", "running")
    assert ended(project, run)["state"] == "done"
