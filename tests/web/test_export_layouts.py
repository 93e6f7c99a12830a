"""What lies where in an export, by the project's labels and the splits of its images."""

import io
import json
import zipfile

from server.storage.rows import project_images


def test_class_numbers_are_those_of_the_projects_list(client, upload, make_annotation):
    """All labels are there, used or not, in the project's order: the next export has the same numbers."""
    names = ["person", "car", "dog"]
    listed = [{"name": name, "color": "#d55e00"} for name in names]
    version = client.get("/api/projects/default/labels").json["version"]
    client.put("/api/projects/default/labels", json={"labels": listed, "version": version})
    client.post(f"/api/images/{upload()['id']}/annotations", json=make_annotation(label="dog"))
    coco = client.get("/api/export/coco").json
    assert [(each["id"], each["name"]) for each in coco["categories"]] == list(enumerate(names, start=1))
    assert [each["category_id"] for each in coco["annotations"]] == [3]
    yolo = zipfile.ZipFile(io.BytesIO(client.get("/api/export/yolo").data))
    assert yolo.read("labels/a.txt").startswith(b"2 ")
    assert b'names:\n  0: "person"\n  1: "car"\n  2: "dog"\n' in yolo.read("data.yaml")
    voc = zipfile.ZipFile(io.BytesIO(client.get("/api/export/voc").data))
    lines = voc.read("labelmap.txt").decode().splitlines()
    assert [line.partition(":")[0] for line in lines[1:]] == ["background", *names]


def test_splits_that_came_with_images_are_kept(app, client, make_picture, make_annotation):
    """Only the others are dealt; of one file of all, and of one image, there are no parts."""
    names = ["train/images/a.png", "valid/images/b.png", "images/c.png", "cam/images/d.png"]
    for seed, name in enumerate(names):
        data = {"file": (io.BytesIO(make_picture(seed=seed)), "x"), "path": name}
        image = client.post("/api/projects/default/images", data=data).json
        client.post(f"/api/images/{image['id']}/annotations", json=make_annotation(seed))
        split = {0: "train", 1: "val"}.get(seed)
        with app.extensions["samphire"].exports.database.write() as session:
            project_images.set_split(session, "default", image["id"], split)
    export = "/api/projects/default/export"

    def files(query, folder="images/"):
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"{export}/{query}").data))
        return archive, sorted(name for name in archive.namelist() if name.startswith(folder))

    archive, pictures = files("yolo?images=1")
    assert pictures == [
        "images/train/a.png",
        "images/train/c.png",
        "images/train/cam/d.png",
        "images/val/b.png",
    ]
    assert archive.read("data.yaml").startswith(b"train: images/train\nval: images/val\ntask: segment\n")
    assert files("yolo?images=1&split=0/0/1")[1] == [
        "images/test/c.png", "images/test/cam/d.png", "images/train/a.png", "images/val/b.png",
    ]  # fmt: skip
    archive, annotations = files("coco?images=1", "annotations/")
    assert annotations == ["annotations/instances_train.json", "annotations/instances_val.json"]
    listed = [each["file_name"] for each in json.loads(archive.read(annotations[0]))["images"]]
    assert listed == ["a.png", "c.png", "cam/d.png"]
    assert files("voc?images=1", "JPEGImages/")[1] == [
        "JPEGImages/c.png", "JPEGImages/cam/d.png", "JPEGImages/train/a.png", "JPEGImages/valid/b.png",
    ]  # fmt: skip
    assert files("cvat?images=1", "")[0].namelist()[:2] == ["train.xml", "val.xml"]
    alone = client.get(f"{export}/coco").json
    assert [each["file_name"] for each in alone["images"]] == names
    one = client.get(f"/api/projects/default/images/{image['id']}/export/yolo").data
    assert zipfile.ZipFile(io.BytesIO(one)).namelist() == ["labels/cam/d.txt", "data.yaml"]
