"""What is expected of the cases that import something: whose image it is, which format, nothing in part."""

from server.contract import to_json
from server.domain.policy import OWNER
from tests.cases.expecting import (
    CAT,
    ROW,
    SMALL,
    SQUARE,
    noted,
    of_another_folder,
    one_object,
    refused,
    whole,
)
from tests.cases.world import World

ROW_CAT = ("a.jpg", "cat", ROW)


def annotations_of_batch2(world: World) -> None:
    assert world.take(source="first").status == 0
    ran = world.take(source="second")
    assert ran.status != 0
    ran.told(r"batch2/0001\.jpg")
    world.holds()


def foreign(world: World) -> None:
    ran = world.take()
    assert ran.status != 0
    ran.told(r"recogni[sz]ed.*via\.json|via\.json.*recogni[sz]ed")
    ran.told("coco")


def in_utf_16(world: World) -> None:
    ran = world.take()
    if ran.status:
        ran.told(r"a\.json")
    else:
        world.holds(CAT)


def first_20_empty(world: World) -> None:
    assert world.take().status == 0
    world.holds(("025.jpg", "cat", ROW))
    assert len(world.images()) == 26


def linked_folder(world: World) -> None:
    ran = world.take()
    if ran.status:
        ran.told("link")
    else:
        world.holds(("a.jpg", "cat", ROW))


def identical_in_splits(world: World) -> None:
    ran = world.take()
    assert len(world.objects()) == 2 or ran.told("same|identical|duplicate") is None
    ran.told("same|identical|duplicate")


def identical(world: World) -> None:
    world.take()
    assert sorted(each.bbox for each in world.objects()) == [tuple(SQUARE), tuple(SMALL)]


def upload_with_spaces(world: World) -> None:
    ran = world.take()
    if ran.status:
        ran.told("my_photo_1|my photo")
    else:
        (seen,) = world.objects()
        assert seen.image.endswith("my photo (1).jpg")


def many_categories(world: World) -> None:
    ran = world.take()
    assert ran.status == 0, ran.err
    assert len(world.objects()) == 13
    with world.services() as services:
        (project,) = [each for each in services.projects.list(OWNER, "active") if each.name == "X"]
        listed = services.labels.of_project(project.id)
        assert len(listed.labels) >= 1300
        services.labels.replace(OWNER, project.id, to_json(listed))


def masks_folder(world: World) -> None:
    ran = world.take()
    assert not any("masks/" in name for name in world.images())
    if ran.status == 0:
        assert [each.image.endswith("a.jpg") for each in world.objects()] == [True]


def two_names(world: World) -> None:
    ran = world.take()
    if ran.status == 0:
        world.holds(("ds1/images/a.jpg", "cat", ROW), ("ds2/images/b.jpg", "dog", ROW))
    else:
        ran.told("names")


def pose(world: World) -> None:
    ran = world.take()
    if ran.status:
        ran.told("pose|key ?point")
    else:
        ran.told("key ?point")
        (seen,) = world.objects()
        assert seen.area in range(650, 780), seen  # 25.6 x 28.8 pixels
        assert seen.bbox[0] in (19, 20), seen


def voc_polygon(world: World) -> None:
    """A triangle of (10, 10), (30, 10) and (20, 30), not its rectangle of 400 pixels."""
    assert world.take().status == 0
    (seen,) = world.objects()
    assert 180 <= seen.area <= 221, seen


def tracker(*expected):
    def check(world: World) -> None:
        assert world.take().status == 0
        world.holds(*expected)

    return check


def zipped(*expected, legacy: bool = False):
    def check(world: World) -> None:
        ran = world.take(source="input.zip")
        if legacy and ran.status:
            ran.told("encod")
        else:
            assert ran.status == 0, ran.err
            world.holds(*expected)

    return check


EXPECTED = {
    "annotations-of-batch2-on-batch1": annotations_of_batch2,
    "auto-foreign-formats-silent": foreign,
    "auto-labelme-label-called-info": whole(("a.jpg", "info", SQUARE)),
    "auto-labelme-picture-first": one_object,
    "auto-sa1b-keys-sorted": one_object,
    "auto-utf-16": in_utf_16,
    "auto-yolo-class-as-float": whole(ROW_CAT),
    "auto-yolo-first-20-empty": first_20_empty,
    "coco-name-in-other-case": noted("case|IMG_1.JPG", ("IMG_1.JPG", "cat", SQUARE)),
    "coco-nfd-name": whole(("café.jpg", "cat", SQUARE)),
    "coco-presigned-url-name": whole(CAT),
    "coco-same-names-in-splits": whole(("train/0001.jpg", "cat", SQUARE), ("valid/0001.jpg", "cat", SMALL)),
    "cvat-dataset-subfolders": whole(
        ("cam1/0001.jpg", "car", [10, 10, 10, 10]), ("cam2/0001.jpg", "dog", [10, 10, 10, 10])
    ),
    "folder-that-is-a-link": linked_folder,
    "identical-picture-in-train-and-valid": identical_in_splits,
    "identical-pictures-lose-objects": identical,
    "label-studio-spaces-in-upload": upload_with_spaces,
    "labelme-json-of-another-folder": of_another_folder(r"b2/1"),
    "labelme-nfd-name": whole(("café.jpg", "cat", SQUARE)),
    "many-categories": many_categories,
    "masks-folder-becomes-pictures": masks_folder,
    "object-refused-only-while-writing": refused("label|name"),
    "size-mismatch-imports-in-part": refused("100 x 100"),
    "tiff-orientation-in-dataset": whole(("a.tif", "cat", [5, 6, 14, 13])),
    "voc-polygon-in-xml": voc_polygon,
    "yolo-labels-of-another-folder": of_another_folder(r"dogs/1"),
    "yolo-labels-txt": whole(ROW_CAT),
    "yolo-list-of-pictures": whole(ROW_CAT),
    "yolo-other-yaml": whole(ROW_CAT),
    "yolo-pose-rows": pose,
    "yolo-pose-rows-visibility": pose,
    "yolo-track-confidence-and-id": tracker(
        ("a.jpg", "car", [24, 18, 16, 12]), ("a.jpg", "car", [13, 10, 6, 4])
    ),
    "yolo-track-id": tracker(("a.jpg", "car", [24, 18, 16, 12])),
    "yolo-train-labels-on-val-picture": of_another_folder(
        r"train/labels/0001", rest=[("0002.jpg", "dog", ROW)]
    ),
    "yolo-two-datasets-two-name-lists": two_names,
    "zip-names-in-gbk": zipped((".jpg", "cat", SQUARE), legacy=True),
    "zip-names-with-dot-slash": zipped(CAT),
    "zip-of-windows-backslashes": zipped(ROW_CAT),
}
