"""What is expected of the cases with one odd element in COCO, CVAT, Label Studio and LabelMe files."""

from tests.cases.expecting import CAT, PERCENT, SQUARE, noted, refused, whole
from tests.cases.world import World


def iscrowd_as_text(world: World) -> None:
    assert world.take().status == 0
    (seen,) = world.objects()
    assert seen.entry["iscrowd"] == 0


def same_name_two_supercategories(world: World) -> None:
    ran = world.take()
    assert ran.status == 0, ran.err
    labels = {each.label for each in world.objects()}
    assert len(labels) == 2 or "supercategor" in ran.err


def cvat_group(world: World) -> None:
    ran = world.take("--keep-going")
    areas = {}
    for each in world.objects():
        areas.setdefault(each.label, []).append(each.area)
    assert areas["dog"] == [100], areas
    (dog,) = [each for each in world.objects() if each.label == "dog"]
    assert dog.bbox[:2] == (30, 30)
    assert areas.get("car") == [200] or ran.told("group|attribute|age") is None


def cvat_group_crash(world: World) -> None:
    ran = world.take()
    if ran.status:
        ran.told("attribute|age")
    else:
        assert [(each.label, each.area) for each in world.objects()] == [("car", 200)]


def per_region_choices(world: World) -> None:
    assert world.take().status == 0
    (seen,) = world.objects()
    assert seen.label == "cat"
    assert seen.entry["attributes"] == {"health": "sick"}


def label_studio_mask(world: World) -> None:
    ran = world.take()
    assert ran.status == 0, ran.err
    ran.told("key ?point")
    (seen,) = world.objects()
    assert seen.label == "cat"


def labelme_flags(world: World) -> None:
    ran = world.take()
    assert ran.status == 0, ran.err
    (seen,) = world.objects()
    assert seen.entry["samphire"]["predicted_iou"] == 0.83 or seen.entry.get("score") == 0.83
    assert "left ear torn" in str(seen.entry) or ran.told("description") is None
    assert "night" in str(world.coco()) or ran.told("night|flag") is None
    assert "difficult" in str(seen.entry) or ran.told("difficult") is None


def quadrilateral(world: World) -> None:
    assert world.take().status == 0
    (seen,) = world.objects()
    assert (seen.label, 330 <= seen.area <= 420) == ("car", True), seen
    assert seen.bbox[2] in range(19, 24), seen


def tiny_second_piece(world: World) -> None:
    """pycocotools fills both pieces, the second with no pixel or a few."""
    ran = world.take()
    assert ran.status == 0, ran.err
    (seen,) = world.objects()
    assert 400 <= seen.area <= 404, seen


EXPECTED = {
    "coco-captions-beside": noted("caption", CAT),
    "coco-empty-polygon-with-box": noted("box", CAT),
    "coco-float-category-id": whole(CAT),
    "coco-float-ids": whole(CAT),
    "coco-float-size": whole(CAT),
    "coco-iscrowd-as-text": iscrowd_as_text,
    "coco-keypoints-dropped": noted("key ?point", ("a.jpg", "person", SQUARE)),
    "coco-nan-in-unused-field": whole(CAT),
    "coco-same-name-two-supercategories": same_name_two_supercategories,
    "coco-tiny-second-piece": tiny_second_piece,
    "coco-two-images-one-id": refused("1"),
    "cvat-empty-number-attribute": whole(("a.jpg", "car", [10, 10, 10, 10])),
    "cvat-group-after-bad-attribute": cvat_group,
    "cvat-group-after-bad-attribute-crash": cvat_group_crash,
    "cvat-polygon-without-points": noted("polygon", ("a.jpg", "car", [1, 1, 8, 8])),
    "cvat-tag-and-polyline-beside": noted("polyline", ("a.jpg", "car", [10, 10, 10, 10])),
    "label-studio-json-min": whole(("a.jpg", "cat", PERCENT)),
    "label-studio-labels-apart": whole(("a.jpg", "cat", [6, 5, 13, 9])),
    "label-studio-labels-apart-polygon": whole(("a.jpg", "cat", PERCENT)),
    "label-studio-per-region-choices": per_region_choices,
    "label-studio-relation": noted("relation", ("a.jpg", "cat", PERCENT)),
    "label-studio-sam-backend": label_studio_mask,
    "label-studio-two-labels": noted("pet", ("a.jpg", "cat", PERCENT)),
    "labelme-flags-description-score-dropped": labelme_flags,
    "labelme-picture-inside-json": whole(CAT),
    "labelme-quadrilateral": quadrilateral,
    "labelme-stray-json": noted("class_colors", ("a.jpg", "c", [1, 1, 8, 8])),
    "labelme-two-point-polygon": noted("polygon|corner|point", CAT),
    "labelme-x-anylabeling-rotation": quadrilateral,
}
