"""What the folders of datasets say: which only sort files by kind, which name a split, which hold masks. Names only."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_EXACT_SUFFIXES = (".png", ".bmp", ".tif", ".tiff", ".gif")  # of files whose pixels come back as they were
_MASK_WORDS = {
    "annot", "annotation", "annotations", "groundtruth", "gt", "gtcoarse", "gtfine", "instance", "instances", "label",
    "labels", "mask", "masks", "panoptic", "segmentation", "segmentationclass", "segmentationclassaug",
    "segmentationclassraw", "segmentationmasks", "segmentationobject", "segmentations", "trimap", "trimaps",
}  # fmt: skip
_IMAGE_WORDS = {"image", "images", "img", "imgs", "jpegimages", "picture", "pictures", "photos"}
_LAYOUT_WORDS = _MASK_WORDS | {
    "ann", "anno", "annos", "anns", "bbox", "bboxes", "box", "boxes", "coco", "csv", "cvat", "data", "dataset",
    "datasets", "export", "exported", "exports", "file", "files", "frame", "frames", "image", "images", "img", "imgs",
    "jpeg", "jpegimages", "jpg", "json", "jsons", "labelme", "leftimg8bit", "media", "obj", "out", "output", "outputs",
    "photo", "photos", "pic", "pics", "picture", "pictures", "png", "polygon", "polygons", "result", "results", "txt",
    "txts", "upload", "uploads", "voc", "xml", "xmls", "yolo",
}  # fmt: skip
_SPLITS = {"valid": "val", "validation": "val", "training": "train", "testing": "test"}
_SPLIT = re.compile(r"(train|val|test)(\d{4})?")
_WORD = re.compile(r"[^\W_]+")
_GROUND_TRUTH = re.compile(r"ground[\W_]+truth")
_SPLIT_ANNOT = re.compile(r"\b(train|val|test)(annot)\b")  # as CamVid has it
_VERSION = re.compile(r"v\d+")


def plain(text: str) -> str:
    """Text as it is compared: macOS takes accents and Korean syllables apart (NFD), others do not."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def folder_key(folder: str) -> str:
    """What tells a folder from others of its kind: "" for `images`, "2" for `label_2`, "val" for `valid_masks`."""
    words = [_SPLITS.get(word, word) for word in _words(folder)]
    kept = [word for word in words if word not in _LAYOUT_WORDS]
    if len(kept) < len(words):
        kept = [word for word in kept if not _VERSION.fullmatch(word)]
    return " ".join(kept) if words else plain(folder).casefold()


def keys(folders: Sequence[str]) -> tuple[str, ...]:
    """The keys of folders, outermost first, without those that only sort by kind."""
    return tuple(key for folder in folders if folder != ".." and (key := folder_key(folder)))


def split_named(folders: Sequence[str]) -> str | None:
    """The split that one of the folders is called after: "train" of `train2017` and `train_images`."""
    found = (_SPLIT.fullmatch(word) for key in keys(folders) for word in key.split())
    return next((match[1] for match in found if match), None)


def for_images(folders: Sequence[str]) -> bool:
    """Whether one of the folders is called after images."""
    return any(not _IMAGE_WORDS.isdisjoint(_words(folder)) for folder in folders)


def is_mask(path: str) -> bool:
    """Whether a file lies where datasets keep masks, and could be one."""
    if not path.lower().endswith(_EXACT_SUFFIXES):
        return False
    return for_masks(path.split("/")[:-1])


def for_masks(folders: Sequence[str]) -> bool:
    """Whether one of the folders is called after masks."""
    return any(not _MASK_WORDS.isdisjoint(_words(folder)) for folder in folders)


def _words(folder: str) -> list[str]:
    """In lower case; `trainannot` as two, `ground_truth` as one."""
    text = _GROUND_TRUTH.sub("groundtruth", plain(folder).casefold())
    return _WORD.findall(_SPLIT_ANNOT.sub(r"\1 \2", text))
