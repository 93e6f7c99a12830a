"""`export_models.py` writes what the installation wrote, and refuses in sentences."""

import filecmp
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "server" / "segmenters" / "mobile_sam"


def _export(out, program=ROOT / "export_models.py"):
    command = [sys.executable, program, "--out", out]
    return subprocess.run(command, capture_output=True, text=True, cwd=out.parent)


def test_it_builds_the_bundled_segmenter(tmp_path):
    run = _export(tmp_path / "out")
    assert run.returncode == 0, run.stderr
    made = tmp_path / "out" / "mobile_sam"
    files = ["segmenter.json", *json.loads((made / "segmenter.json").read_text("utf-8"))["files"]]
    assert sorted(files) == sorted(path.name for path in made.iterdir())
    assert filecmp.cmpfiles(made, BUNDLED, files, shallow=False) == (files, [], [])


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "out" / "mobile_sam").mkdir(parents=True)
    (tmp_path / "out" / "mobile_sam" / "mine.txt").touch()
    run = _export(tmp_path / "out")
    assert run.returncode == 1
    assert (
        run.stderr == f"export_models: {tmp_path / 'out' / 'mobile_sam'} is not empty; name another folder.\n"
    )


def test_a_tree_that_was_never_installed_says_what_to_run(tmp_path):
    program = tmp_path / "export_models.py"
    program.write_bytes((ROOT / "export_models.py").read_bytes())
    run = _export(tmp_path / "out", program)
    assert run.returncode == 1
    assert "run `pip install .` in this source tree first" in run.stderr
    assert not (tmp_path / "out").exists()
