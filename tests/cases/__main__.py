"""Every case of a folder of cases, right or wrong: `python -m tests.cases FOLDER [NAME ...]`."""

import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cases import EXPECTED
from tests.cases.world import World


def main(folder: Path, names: list[str]) -> int:
    """0 when all are right. A folder without an expectation counts as wrong."""
    cases = [
        path.name for path in sorted(folder.iterdir()) if path.is_dir() and (not names or path.name in names)
    ]
    right = 0
    for name in cases:
        try:
            with TemporaryDirectory(prefix="samphire-case-") as data:
                EXPECTED[name](World(folder / name, Path(data)))
            right += 1
            print(f"right  {name}", flush=True)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            why = str(error).splitlines()[0][:240] if str(error) else frame.line
            print(f"wrong  {name}: {type(error).__name__}: {why}", flush=True)
    print(f"{right} of {len(cases)} right")
    return 0 if right == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
