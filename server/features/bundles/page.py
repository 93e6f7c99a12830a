"""The page of a bundle, written as one file that carries all it needs, or as a folder with its files beside it."""

import base64
import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath

from jinja2 import Environment
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ...contract import to_json
from ...errors import Unavailable
from ...paths import TEMPLATES, VERSION
from ..annotations.schema import Annotation
from ..images.schema import Image
from ..segmenters.schema import Segmenter

WORKER, ENCODER_WORKER = WORKERS = ("js/workers/decoder.js", "js/workers/encoder.js")
_SCRIPT, _SHEET = "js/pages/demo.js", "css/pages/demo.css"
_ICONS, _EMBLEM = "icons/icons.svg", "icons/favicon.svg"
_RUNTIME = tuple(
    f"vendor/onnxruntime-web/{name}"
    for name in ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
)


def classic(worker: str) -> str:
    """The same for a page that is a file: browsers start no modules there."""
    return worker.replace(".js", ".classic.js")


_SHARED = (_SCRIPT, _SHEET, _ICONS, _EMBLEM, *_RUNTIME)
PARTS = (*_SHARED, *WORKERS, *map(classic, WORKERS))  # what bundles take of static/
_ALONE = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src blob:; "
    "img-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
)
_HOSTED = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; form-action 'none'; base-uri 'none'"
)
_PROJECT = "demo"  # which the page stands for: it does not know whose its images and objects are
_NOBODYS = {"project_id": _PROJECT, "created_by": None, "updated_by": None}
Read = Callable[[], bytes]


@dataclass(frozen=True)
class Words:
    """The page's language, and its texts by their English."""

    language: str
    messages: Mapping[str, str]


ENGLISH = Words("en", {})


@dataclass(frozen=True)
class Content:
    """What a bundle is made of. `files`: of the images and the decoder, by the names that the rest has for them; each
    is read when it is written."""

    title: str
    images: list[Image]
    labels: list[dict[str, object]]
    annotations: list[Annotation]
    segmenter: Segmenter
    files: Mapping[str, Read]
    encoder: Mapping[str, object] | None = None  # for images of whoever has the page
    words: Words = ENGLISH
    role: str = "annotator"  # what whoever looks at it may do there


def write_file(content: Content, static: Path) -> Iterator[bytes]:
    """One HTML file, piece by piece. Raises Unavailable where the program's own page was not built."""
    _check_built(static)
    pictures = {
        each.file_url: _data_url(each.file_url, content.files[each.file_url]()) for each in content.images
    }
    images = [
        to_json(each) | {"file_url": pictures[each.file_url], "thumbnail_url": ""} for each in content.images
    ]
    carried: dict[str, Callable[[], str]] = {
        name: partial(_packed, read) for name, read in content.files.items() if name not in pictures
    }
    carried |= {name: partial(_packed_file, static / name) for name in _RUNTIME}
    carried |= {name: partial(_packed_file, static / classic(name)) for name in _workers(content)}
    yield from _rendered(
        content,
        images,
        policy=_ALONE,
        emblem=_data_url(_EMBLEM, (static / _EMBLEM).read_bytes()),
        sheet=Markup((static / _SHEET).read_text("utf-8").replace("</", "<\\/")),
        script=Markup(_inline((static / _SCRIPT).read_text("utf-8"))),
        icons=Markup((static / _ICONS).read_text("utf-8").replace("<svg ", "<svg hidden ", 1)),
        carried=((name, packed()) for name, packed in carried.items()),
    )


def write_folder(content: Content, static: Path, target: Path) -> None:
    """A folder for a static host, `target`, which exists. Raises as `write_file`."""
    _check_built(static)
    for name in (*_SHARED, *_workers(content)):
        put(target / name, (static / name).read_bytes())
    for name, read in content.files.items():
        put(target / name, read())
    images = [to_json(each) for each in content.images]
    page = _rendered(
        content, images, policy=_HOSTED, emblem=_EMBLEM, sheet=None, script=None, icons="", carried=()
    )
    put(target / "index.html", b"".join(page))


def is_built(static: Path) -> bool:
    """Whether the browser's files there are those of a wheel."""
    return all((static / classic(worker)).is_file() for worker in WORKERS)


def _workers(content: Content) -> tuple[str, ...]:
    return WORKERS if content.encoder else (WORKER,)


def _check_built(static: Path) -> None:
    if not is_built(static):
        raise Unavailable(
            "This source checkout has no built pages to bundle.", hint="Install Samphire: pip install ."
        )


def _rendered(content: Content, images: list[dict[str, object]], **parts: object) -> Iterator[bytes]:
    words = content.words
    boot = boot_of(content, images) | {"messages": dict(words.messages), "languages": [words.language]}
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string((TEMPLATES / "bundle.html").read_text("utf-8"))
    for piece in page.generate(
        title=content.title,
        language=words.language,
        boot=htmlsafe_json_dumps(boot),
        t=lambda english: words.messages.get(english, english),
        **parts,
    ):
        yield piece.encode()


def boot_of(content: Content, images: list[dict[str, object]]) -> dict[str, object]:
    """What the page begins with, less its words."""
    settings = {"segmenter": None, "key_preset": "samphire", "require_attributes": False}
    return {
        "version": VERSION,
        "project": {"id": _PROJECT, "name": content.title, "role": content.role, "settings": settings},
        "image": None,
        "segmenters": [to_json(content.segmenter)],
        "segmenter": content.segmenter.id,
        "demo": {
            "images": images,
            "labels": content.labels,
            "annotations": [to_json(each) | _NOBODYS for each in content.annotations],
            "encoder": content.encoder,
        },
    }


def _inline(script: str) -> str:
    """So that it may stand in a page."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _packed(read: Read) -> str:
    return base64.b64encode(gzip.compress(read(), 9, mtime=0)).decode()


@lru_cache(maxsize=8)
def _packed_file(path: Path) -> str:
    """Of a file of the program, which stays as it is: packing the runtime takes seconds."""
    return _packed(path.read_bytes)


def _data_url(name: str, data: bytes) -> str:
    kind = {"jpg": "jpeg", "svg": "svg+xml"}.get(suffix := PurePosixPath(name).suffix[1:], suffix)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
