"""An odd value anywhere in a file is never an exception, costs no other object, and is told when it costs its own."""

import copy
import json
from collections import Counter
from xml.etree import ElementTree

import pytest

from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.datasets import files_of, image, label_list
from tests.unit.features.transfer.formats.drawings import ANNOTATION, IMAGE, POLYGON, REGION, drawn
from tests.unit.features.transfer.formats.test_round_trips import apart

KNOWN = {"a.jpg": (10, 8), "b.jpg": (10, 8), "c.jpg": (90, 60)}
MISSING = object()
ODD = (MISSING, None, True, -1, 7.5, 1e308, 10**400, float("nan"), "", "x", [], {}, [[[1]]], ["x"], [{}])
ODD += ({"a": {"b": [None]}},)
ODD_TEXTS = (None, "", "x", "-1", "1e308", "nan", "1,2;x,y", "7.5", "true", "99999999999999999999")
RLE = {"size": [8, 10], "counts": [18, 3, 5, 3, 5, 3, 5, 3, 35]}
SECOND = {**IMAGE, "id": 2, "file_name": "b.jpg"}
OF_SECOND = {"image_id": 2, "category_id": 4}
SHAPES = [
    POLYGON,
    {**POLYGON, "shape_type": "rectangle", "points": [[2, 2], [7, 6]], "score": 0.5, "flags": {"old": True}},
    {**POLYGON, "shape_type": "circle", "points": [[5, 4], [5, 2]], "group_id": 1, "description": "round"},
]
REGIONS = [
    {**REGION, "id": "r1", "meta": {"attributes": {"n": 1}}, "score": 0.5},
    {**drawn("rectangle", x=20, y=25, width=40, height=25, rotation=5), "id": "r2"},
    {**drawn("ellipse", x=40, y=43, radiusX=22, radiusY=21), "id": "r3"},
    {"id": "q", "type": "choices", "from_name": "good", "value": {"choices": ["yes"]}},
]
FILES = {
    "coco": {
        "info": {"version": "1.0"},
        "images": [IMAGE, SECOND],
        "categories": [{"id": 3, "name": "cup", "supercategory": "x", "color": "#102030"}, {"id": 4, "name": "dog"}],
        "annotations": [
            {**ANNOTATION, "iscrowd": 0, "area": 12, "attributes": {"n": 1}, "score": 0.5},
            {**ANNOTATION, "id": 8, "category_id": 4, "segmentation": [[1, 1, 9, 1, 9, 7]]},
            {**ANNOTATION, "id": 9, **OF_SECOND, "segmentation": RLE, "samphire": {"id": "annotation-1"}},
            {"id": 10, **OF_SECOND, "bbox": [1, 1, 4, 3], "keypoints": [1, 1, 2]},
        ],
    },
    "labelme": {"shapes": SHAPES, "imagePath": "a.jpg", "imageWidth": 10, "imageHeight": 8, "flags": {"night": True}},
    "label-studio": [
        {"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"id": 1, "result": REGIONS, "was_cancelled": False}]},
        {"id": 2, "data": {"image": "b.jpg"}, "predictions": [{"result": REGIONS[:1], "score": 0.5}]},
    ],
}  # fmt: skip


def places(value, path=()):
    """Paths to everything in a value of JSON; of long lists the first few entries."""
    if path:
        yield path
    items = (
        value.items() if isinstance(value, dict) else enumerate(value[:6]) if isinstance(value, list) else ()
    )
    for key, each in items:
        yield from places(each, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(value, path, odd):
    value = copy.deepcopy(value)
    holder = at(value, path[:-1])
    if odd is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = odd
    return value


def without_element(value, path):
    """Without the innermost entry of a list that the path leads into and that is an object; None when there is none."""
    for end in range(len(path), 0, -1):
        if isinstance(path[end - 1], int) and isinstance(at(value, path[:end]), dict):
            return changed(value, path[:end], MISSING)
    return None


def says_nothing(place, value, odd):
    """Whether fewer objects are what the file says then."""
    is_list = isinstance(value, list) and odd == []
    is_task = place[-1] in ("annotations", "predictions") and len(place) == 2 and (odd is MISSING or not odd)
    return is_list or is_task or (isinstance(place[-1], int) and odd is MISSING)


def objects(name, path, data):
    """The objects, counted, and how many problems are told. Every problem says where and what."""
    _, images, problems = datasets.read(name, Source.memory({path: data}, KNOWN))
    for problem in problems:
        assert problem.file, problem
        assert problem.found, problem
        assert len(str(problem)) < 400, problem
    found = Counter((one.file_name, each.label, each.counts) for one in images for each in one.objects)
    return found, problems


def check(name, path, whole, data, least, place):
    found, problems = objects(name, path, data)
    assert least <= found, (place, least - found, problems)
    lost = (whole - found).total()
    if found.total() < whole.total():
        assert problems, place
    assert len([problem for problem in problems if not problem.note]) <= 1 + lost, (place, problems)


def written(name):
    """What Samphire writes itself."""
    files = files_of(
        name,
        label_list(["thing", "other"]),
        [image("c.jpg", apart()[:2], ["thing", "other"], attributes={"n": 1})],
    )
    return next(iter(files.items()))


@pytest.mark.parametrize("name", ["coco", "labelme", "label-studio", "sa1b"])
def test_every_value_of_json(name):
    path, own = written(name)
    for text in [own, *([json.dumps(FILES[name])] if name in FILES else [])]:
        value = json.loads(text)
        whole, _ = objects(name, path, json.dumps(value).encode())
        assert whole
        for place in places(value):
            rest = without_element(value, place)
            least = Counter() if rest is None else objects(name, path, json.dumps(rest).encode())[0]
            for odd in ODD:
                if says_nothing(place, at(value, place), odd):
                    continue
                data = json.dumps(changed(value, place, odd)).encode()
                check(name, path, whole, data, least, (place, odd))


CVAT = """<annotations><meta><labels><label><name>cup</name><color>#102030</color><attributes>
<attribute><name>age</name><input_type>number</input_type><values>0
9</values></attribute></attributes></label><label><name>dog</name></label></labels></meta>
<image id="0" name="a.jpg" width="10" height="8" subset="train">
<polygon label="cup" points="2,2;6,2;6,5" z_order="0" occluded="0"><attribute name="age">4</attribute></polygon>
<box label="dog" xtl="2" ytl="2" xbr="6" ybr="5" rotation="4" group_id="1"/>
<ellipse label="dog" cx="4" cy="3.5" rx="2.2" ry="1.7" group_id="2"/>
<mask label="dog" rle="0, 12" left="2" top="2" width="4" height="3" z_order="1"/></image>
<image id="1" name="b.jpg" width="10" height="8"><box label="dog" xtl="2" ytl="2" xbr="6" ybr="5"/></image>
</annotations>"""


def test_every_value_of_xml():
    for path, text in [("a.xml", CVAT), ((own := written("cvat"))[0], own[1].decode())]:
        whole, _ = objects("cvat", path, text.encode())
        root = ElementTree.fromstring(text)
        parents = {child: parent for parent in root.iter() for child in parent}
        assert whole
        for element in root.iter():
            ends = [*walk_up(element, parents)]
            inner = next(
                (each for each in ends if each.tag in ("image", "polygon", "box", "ellipse", "mask")), None
            )
            least = Counter()
            if inner is not None:
                place = list(parents[inner]).index(inner)
                parents[inner].remove(inner)
                least = objects("cvat", path, ElementTree.tostring(root))[0]
                parents[inner].insert(place, inner)
            for key in (*element.attrib, None):
                was = element.text if key is None else element.attrib[key]
                for odd in ODD_TEXTS:
                    put(element, key, odd)
                    check("cvat", path, whole, ElementTree.tostring(root), least, (element.tag, key, odd))
                put(element, key, was)


def walk_up(element, parents):
    while element is not None:
        yield element
        element = parents.get(element)


def put(element, key, text):
    if key is None:
        element.text = text
    elif text is None:
        element.attrib.pop(key, None)
    else:
        element.set(key, text)
