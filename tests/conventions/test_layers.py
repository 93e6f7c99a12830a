"""Imports point downwards only, in both languages; CONTRIBUTING draws the same picture."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Lowest first; names on one row may not import each other.
PYTHON_LAYERS = (
    ("errors", "paths"),
    ("config", "domain"),
    ("storage", "inference", "jobs", "formats"),
    ("torch_sam",),
    ("services", "catalogue"),
    ("web",),
    ("app",),
    ("evaluation",),
    ("serve", "doctor", "bench"),
    ("commands",),
    ("project_commands",),
    ("dataset_commands",),
    ("cli",),
)
# What builds, installs or looks at the program stands beside the layers and is imported only from the top.
TOOLS = {"npm", "vendoring", "bundling", "chromium", "data_lock", "running_server"}

FORBIDDEN = {
    "domain": {"flask", "sqlalchemy", "onnxruntime", "torch", "gevent", "socketio", "flask_socketio"},
    "inference": {"flask", "sqlalchemy", "torch", "gevent", "flask_socketio"},
    "services": {"flask", "flask_socketio", "onnxruntime", "torch"},
    "formats": {"flask", "sqlalchemy", "torch"},
    "web": {"sqlalchemy", "numpy", "onnxruntime", "torch"},
}

JS_LAYERS = ("core", "geometry", "net", "segment", "scene", "render", "actions", "tools", "ui", "pages")
WORKERS = "workers"
WORKER_MAY_IMPORT = {"core", "geometry", "segment", "vendor"}


def python_imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(dotted name, whether it is imported at the top of the file) of every import."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in tree.body) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from ((f"{node.module}.{alias.name}", node in tree.body) for alias in node.names)


def python_room(path: Path) -> str:
    return path.relative_to(ROOT / "server").parts[0].removesuffix(".py")


PYTHON_FILES = [
    path for path in sorted((ROOT / "server").rglob("*.py")) if path != ROOT / "server/__init__.py"
]
RANK = {room: rank for rank, row in enumerate(PYTHON_LAYERS) for room in row}


def test_every_room_has_a_place():
    assert {python_room(path) for path in PYTHON_FILES} <= set(RANK) | TOOLS


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_imports_point_downwards(path):
    room = python_room(path)
    for name, _ in python_imports(path):
        package, _, rest = name.partition(".")
        assert package not in FORBIDDEN.get(room, ()), f"{room} must not know {package}"
        other = rest.partition(".")[0]
        if package != "server" or other == room or room in TOOLS or other in TOOLS:
            continue
        assert RANK[other] < RANK[room], f"{room} imports {name}, which is not below it"


def test_the_running_server_never_imports_torch_or_onnx():
    builders = ("onnx_builder", "build_segmenter", "reference_weights", "decoder_", "encoder_", "foreign_")
    exporting = "torch_sam"
    for path in PYTHON_FILES:
        if python_room(path) == exporting:
            continue
        at_top = [name for name, at_top in python_imports(path) if at_top]
        assert not any(name.startswith(f"server.{exporting}") for name in at_top), path
        packages = {name.partition(".")[0] for name, at_top in python_imports(path) if at_top}
        assert "torch" not in packages, path
        builds = python_room(path) == "catalogue" or path.stem.startswith(builders)
        assert builds or "onnx" not in packages, path
        assert (
            not any(name.startswith("server.catalogue") for name in at_top)
            or python_room(path) == "catalogue"
        )


JS = ROOT / "static" / "js"
JS_FILES = sorted(JS.rglob("*.js"))
JS_RANK = {room: rank for rank, room in enumerate(JS_LAYERS)}
JS_IMPORT = re.compile(
    r"""(?:^|\n)\s*(?:import|export)[^"';]*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)(?!\.)"""
)


def js_imports(path: Path) -> Iterator[Path]:
    """Files imported at run time; types in comments do not count."""
    code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    for match in JS_IMPORT.finditer(code):
        target = match[1] or match[2]
        assert target.startswith("."), f"{path.name} imports {target}: import maps do not reach workers"
        yield (path.parent / target).resolve()


def js_room(path: Path) -> str:
    if not path.is_relative_to(JS):
        return "vendor"
    return path.relative_to(JS).parts[0]


@pytest.mark.parametrize("path", JS_FILES, ids=lambda path: str(path.relative_to(JS)))
def test_javascript_imports_point_downwards(path):
    room = js_room(path)
    for target in js_imports(path):
        other = js_room(target)
        if room == WORKERS:
            assert other in WORKER_MAY_IMPORT, f"a worker imports {target.name}"
        elif other not in (room, "vendor"):
            assert JS_RANK[other] < JS_RANK[room], (
                f"{room} imports {other}/{target.name}, which is not below it"
            )


def worker_files() -> set[Path]:
    """Everything the workers load."""
    found, queue = set(), [*(JS / WORKERS).iterdir()]
    while queue:
        path = queue.pop()
        if path not in found and path.is_relative_to(JS):
            found.add(path)
            queue.extend(js_imports(path))
    return found


def test_the_workers_touch_no_page():
    for path in worker_files():
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.S)
        assert not re.search(r"\b(document|window|localStorage)\b", code), path
        assert js_room(path) in WORKER_MAY_IMPORT | {WORKERS}


def test_addresses_in_the_code_hold_in_a_bundle():
    """A bundle puts what asks for its own address anywhere, but always one folder below js/."""
    asking = [path for path in JS_FILES if "import.meta" in path.read_text("utf-8")]
    assert asking
    assert [path for path in asking if path.parent.parent != JS] == []
