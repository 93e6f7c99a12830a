"""Imports point downwards only, in both languages; docs/architecture.md draws the same picture."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Lowest first; names on one row may not import each other.
PYTHON_LAYERS = (
    ("errors", "paths", "addresses", "one_thread"),
    ("setting_rows",),
    ("config", "domain"),
    ("contract", "client"),
    ("runtime",),
    ("storage", "inference"),
    ("modelkit",),
    ("web",),
    ("features",),
    ("services",),
    ("routes", "openapi"),
    ("pages", "sockets"),
    ("app",),
    ("lab",),
    ("cli",),
)

# Packages that a room must not import itself.
FORBIDDEN = {
    "domain": {"flask", "sqlalchemy", "onnxruntime", "torch", "flask_socketio", "msgspec"},
    "contract": {"flask", "sqlalchemy", "onnxruntime", "flask_socketio"},
    "client": {"flask", "sqlalchemy", "onnxruntime", "flask_socketio"},
    "inference": {"flask", "sqlalchemy", "flask_socketio"},
    "features": {"flask", "flask_socketio", "onnxruntime"},
    "routes": {"sqlalchemy", "numpy", "onnxruntime"},
    "web": {"sqlalchemy", "numpy", "onnxruntime"},
    "modelkit": {"flask", "sqlalchemy", "flask_socketio"},
}
BUILDERS = {"onnx", "torch", "onnxscript"}  # for modelkit alone: a running server has none of them
KNOW_GEVENT = {"runtime", "web"}  # and what patches the standard library for them

JS_LAYERS = (
    ("core",),
    ("geometry",),
    ("net",),
    ("engine",),
    ("workers",),
    ("document/sync",),
    ("document",),
    ("editor",),
    ("editor/render",),
    ("editor/tools",),
    ("editor/actions",),
    ("pages/shared",),
    ("pages/annotate", "pages/home", "pages/people", "pages/project", "pages/trash"),
    ("pages", "later"),
)
WORKERS = "workers"
WORKER_MAY_IMPORT = {"core", "geometry", "engine", "vendor"}


def python_imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(dotted name, whether it is imported at the top of the file) of every import; relative ones from the root."""
    tree = ast.parse(path.read_text("utf-8"))
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in tree.body) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{module}.{alias.name}", node in tree.body) for alias in node.names)


def python_room(path: Path) -> str:
    """`routes` are those of a feature's files that know Flask, or ask all services."""
    room = path.relative_to(ROOT / "server").parts[0].removesuffix(".py")
    if room == "features" and any(
        name.startswith(("flask.", "server.services.")) for name, _ in python_imports(path)
    ):
        return "routes"
    return room


def feature(path: Path) -> str:
    return path.relative_to(ROOT / "server/features").parts[0]


def file_of(name: str) -> Path | None:
    """Of the module a dotted name lies in."""
    parts = name.split(".")
    for end in range(len(parts), 1, -1):
        path = ROOT.joinpath(*parts[:end])
        if path.with_suffix(".py").is_file():
            return path.with_suffix(".py")
        if (path / "__init__.py").is_file():
            return path / "__init__.py"
    return None


PYTHON_FILES = [
    path for path in sorted((ROOT / "server").rglob("*.py")) if path != ROOT / "server/__init__.py"
]
RANK = {room: rank for rank, row in enumerate(PYTHON_LAYERS) for room in row}
ROOMS = {path: python_room(path) for path in PYTHON_FILES}


def test_every_room_has_a_place():
    assert set(ROOMS.values()) <= set(RANK)


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_imports_point_downwards(path):
    room = ROOMS[path]
    for name, _ in python_imports(path):
        package = name.partition(".")[0]
        assert package not in FORBIDDEN.get(room, ()), f"{room} must not know {package}"
        target = file_of(name) if package == "server" else None
        if target is None or ROOMS.get(target, room) == room:
            continue
        assert RANK[ROOMS[target]] < RANK[room], f"{room} imports {name}, which is not below it"


def test_features_ask_each_other_without_circles():
    """Routes may ask any service; services of a feature only those of features that never ask back."""
    asks: dict[str, set[str]] = {}
    for path in PYTHON_FILES:
        if ROOMS[path] == "features":
            targets = [file_of(name) for name, _ in python_imports(path)]
            others = {feature(target) for target in targets if target and ROOMS.get(target) == "features"}
            asks.setdefault(feature(path), set()).update(others - {feature(path)})
    order = list(TopologicalSorter(asks).static_order())  # raises CycleError, which names the circle
    assert order


def test_nothing_else_knows_gevent():
    for path in PYTHON_FILES:
        if ROOMS[path] not in KNOW_GEVENT and path != ROOT / "server/cli/serve.py":
            assert not any(name.startswith("gevent.") for name, _ in python_imports(path)), path


def test_a_running_server_imports_neither_modelkit_nor_what_it_needs():
    serving = {room for row in PYTHON_LAYERS for room in row if RANK[room] <= RANK["app"]}
    for path in PYTHON_FILES:
        if ROOMS[path] == "modelkit":
            continue
        names = list(python_imports(path))
        assert not BUILDERS & {name.partition(".")[0] for name, at_top in names if at_top}, path
        if ROOMS[path] in serving:  # the catalogue is asked for its offers when somebody looks at them
            kit = {name for name, _ in names if name.startswith("server.modelkit")}
            assert kit <= {"server.modelkit.catalogue.offers.offers"}, path


def test_the_package_does_not_name_itself():
    """Its folder is `server`, what is installed is `samphire`: modules import each other by relative names."""
    for path in PYTHON_FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not {name.partition(".")[0] for name in names} & {"server", "samphire"}, path


JS = ROOT / "static" / "js"
JS_FILES = sorted(JS.rglob("*.js"))
JS_RANK = {room: rank for rank, row in enumerate(JS_LAYERS) for room in row}
JS_IMPORT = re.compile(
    r"""(?:^|\n)\s*(?:import|export)[^"';]*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)(?!\.)"""
)
JS_TYPE = re.compile(r"""import\(\s*["'](\.[^"']+)["']\s*\)""")


def js_imports(path: Path) -> Iterator[Path]:
    """Files imported at run time; types in comments do not count."""
    code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    for match in JS_IMPORT.finditer(code):
        target = match[1] or match[2]
        assert target.startswith("."), f"{path.name} imports {target}: import maps do not reach workers"
        yield (path.parent / target).resolve()


def js_types(path: Path) -> Iterator[Path]:
    """Files whose types are named."""
    for match in JS_TYPE.finditer(path.read_text("utf-8")):
        yield (path.parent / match[1]).resolve()


def js_room(path: Path) -> str:
    """The folder, and the one inside it where a folder of `js` holds layers of its own."""
    if not path.is_relative_to(JS):
        return "vendor"
    parts = path.relative_to(JS).parts
    inside = "/".join(parts[:2])
    return inside if inside in JS_RANK else parts[0]


@pytest.mark.parametrize("path", JS_FILES, ids=lambda path: str(path.relative_to(JS)))
def test_javascript_imports_point_downwards(path):
    room = js_room(path)
    for target in {*js_imports(path), *js_types(path)}:
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


# Of a person or of the page, whatever is open in it. All other state is of a document, or of an editor.
GLOBAL = {
    "document/objects/specks.js": "whether this person drops specks",
    "editor/view-options.js": "how this person looks at images",
    "editor/actions/keymap.js": "which keys this page has: there is one keyboard",
}
STATE = re.compile(
    r"^(?:export )?(?:let|var) |^effect\("
    r"|^(?:export )?const \w+ =\s*(?:(?:signal|computed|create[A-Z]\w*|new (?:Map|Set))\(|\[\]|\{\})",
    re.MULTILINE,
)


def test_documents_and_editors_share_no_state():
    """Two are open at once. What a module remembers by an object itself, in a WeakMap, is nobody else's."""
    for path in JS_FILES:
        name = path.relative_to(JS).as_posix()
        if js_room(path).startswith(("document", "editor")):
            code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
            assert bool(STATE.search(code)) == (name in GLOBAL), name
    code = (JS / "core/state.js").read_text("utf-8")
    assert re.findall(r"const (\w+) = signal\(", code) == ["status", "online"]


def test_one_file_asks_for_its_own_address():
    """A bundle puts code anywhere, but always one folder below js/, as this file is."""
    assert [path for path in JS_FILES if "import.meta" in path.read_text("utf-8")] == [JS / "core/address.js"]
