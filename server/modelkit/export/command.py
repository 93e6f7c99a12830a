"""`export_models.py --checkpoint`: a public checkpoint to a folder the server can run, verified. torch comes in late.

The folder appears by a rename when all is written and verified; until then nothing of that name is there, and finished
steps lie in `<out>.partial`. An export that was killed goes on from them; Ctrl-C deletes them.
"""

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BadRequest, SamphireError, UnsupportedSegmenter
from .options import Options, add_arguments, options_of
from .progress import Progress

if TYPE_CHECKING:
    from .verify import Verification

__all__ = ["Options", "add_arguments", "export", "options_of", "run"]
_PACKAGES = 'pip install ".[export]"'
_TERMINATED = 143  # the exit status shells give SIGTERM


def run(words: argparse.Namespace, program: str = "export_models") -> int:
    """Export, and say what is happening on stderr and what was made on stdout; the program's exit status."""
    before = signal.signal(signal.SIGTERM, _terminate)
    options = None
    try:
        options = options_of(words)
        export(options)
    except SamphireError as error:
        return _failed(f"{program}: {error.message}\n{error.hint}")
    except ModuleNotFoundError as error:
        return _failed(f"{program}: {error.name} is missing: `{_PACKAGES}` brings it.")
    except OSError as error:
        where = error.filename or words.out
        return _failed(f"{program}: {where} could not be written ({error.strerror}).{_kept(options)}")
    except KeyboardInterrupt:
        return _failed(f"{program}: stopped; nothing was left behind.", 130)
    except SystemExit:
        return _failed(f"{program}: ended from outside.{_kept(options)}", _TERMINATED)
    finally:
        signal.signal(signal.SIGTERM, before)
    for path in sorted(options.out.iterdir()):
        print(f"{path}  {path.stat().st_size:,} bytes")
    return 0


def export(options: Options) -> "Verification":
    """Write the segmenter into the new or empty folder options.out, or raise; how well it answers.

    Finished steps lie in options.workspace meanwhile, where an earlier export of the same may have left some. They are
    deleted at the end, at a KeyboardInterrupt and with a SamphireError; anything else leaves them for the next one.
    Raises UnsupportedSegmenter for a file that is not what it should be and for a result below the threshold,
    UnsupportedImage, BadRequest for a folder in use, Conflict while another export uses it, OSError.
    """
    from .pictures import drawn, photograph, picture_files
    from .steps import Export, plan
    from .workspace import held, take

    if options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        raise BadRequest(f"{options.out} is not empty; name another folder.", hint="Nothing was changed.")
    trials = [*drawn(), *(photograph(path) for path in options.images)]
    pictures = drawn()
    if options.calibration:
        pictures = [photograph(path) for path in picture_files(options.calibration)]
    progress = Progress(plan(options, len(trials), len(pictures)))
    with held(options.workspace, progress) as workspace:
        steps = Export(options, workspace, progress)
        if options.quantize == "static" and not options.calibration:
            progress.say("calibrating with two drawn images; pass your own with --calibration")
        encoder = steps.encoder()
        if options.quantize != "none":
            encoder = steps.quantized(encoder, pictures)
        segmenter = steps.segmenter(encoder)
        verification = steps.verification(segmenter, trials)
        _judge(options, verification, segmenter, progress)
        if options.out.exists():
            options.out.rmdir()
        options.out.parent.mkdir(parents=True, exist_ok=True)
        take(segmenter, options.out)
    return verification


def _judge(options: Options, verification: "Verification", folder: Path, progress: Progress) -> None:
    """Say how good the export is, write the report, and raise UnsupportedSegmenter when it is not good enough."""
    from .report import write_report

    passed = verification.mean_mask_iou >= options.least_iou  # not a number is not passed
    verdict = verification.verdict
    progress.tell(verdict)
    if options.report is not None:
        page = write_report(options, verdict, passed, folder, verification)
        options.report.write_text(page, "utf-8")
        progress.tell(f"the comparison is in {options.report}")
    if passed:
        return
    mean = verification.mean_mask_iou
    sentence = f"The export is worse than asked: mean mask IoU {mean:.4f}, threshold {options.least_iou:g}."
    if not options.accept_worse:
        raise UnsupportedSegmenter(
            sentence + " Nothing was kept.", hint="--accept-worse keeps it; --storage fp32 is the most exact."
        )
    progress.tell(f"WARNING: {sentence} Kept because of --accept-worse.")


def _kept(options: Options | None) -> str:
    """A sentence on what an ended export left for the next one."""
    if options is None or not options.workspace.is_dir():
        return ""
    return f" Finished steps are kept in {options.workspace}: the same command goes on from them."


def _failed(text: str, status: int = 1) -> int:
    print(text, file=sys.stderr)
    return status


def _terminate(*_) -> None:
    raise SystemExit(_TERMINATED)
