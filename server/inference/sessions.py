"""onnxruntime sessions: providers, threads, and its errors turned into ours. Nobody above knows onnxruntime's."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from server.errors import DecodingFailed, SamphireError, SegmenterNotFound

# In onnxruntime's own order of speed. What is not offered on this machine is left out; the CPU always is.
_PROVIDERS = ("CUDAExecutionProvider", "DmlExecutionProvider", "CPUExecutionProvider")


class Session:
    """One ONNX network. `run` is thread-safe and releases the GIL."""

    def __init__(self, path: Path, threads: int, failure: type[SamphireError] = DecodingFailed) -> None:
        """`threads`: of one run; 0 means as many as there are cores. Raises SegmenterNotFound, `failure`."""
        if not path.is_file():
            raise SegmenterNotFound(
                f"The segmenter's file {path.name} is missing.", hint="Run `samphire doctor`."
            )
        self._failure = failure
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        offered = onnxruntime.get_available_providers()
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=[name for name in _PROVIDERS if name in offered]
            )
        except Exception as error:  # onnxruntime's exceptions share no base class of their own
            raise failure(f"{path.name} could not be loaded: {_first_line(error)}") from error

    @property
    def outputs(self) -> list[str]:
        """Names, in the file's order."""
        return [output.name for output in self._session.get_outputs()]

    def run(self, outputs: Sequence[str], feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """The named outputs. Raises the session's failure."""
        try:
            return [np.asarray(value) for value in self._session.run(list(outputs), dict(feeds))]
        except Exception as error:
            raise self._failure(f"onnxruntime stopped: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
