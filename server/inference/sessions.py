"""onnxruntime sessions: threads, memory, and its errors turned into ours. Nobody above knows onnxruntime's."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from ..errors import DecodingFailed, SamphireError, SegmenterNotFound
from .providers import CPU, Verdict, choose, condemn, first_line


class Session:
    """One network, `.onnx` or `.ort`. `run` is thread-safe and releases the GIL.

    `provider` is what runs it; `passed_over` are the faster ones that do not, each with its reason.
    """

    def __init__(self, path: Path, threads: int, failure: type[SamphireError] = DecodingFailed) -> None:
        """`threads`: of one run; 0 means as many as there are cores. Raises SegmenterNotFound, `failure`."""
        if not path.is_file():
            raise SegmenterNotFound(
                f"The segmenter's file {path.name} is missing.", hint="Run `samphire doctor`."
            )
        self._path, self._threads, self._failure = path, threads, failure
        self._mend = threading.Lock()
        try:
            self._session, tried = choose(path, self._open)
        except Exception as error:  # onnxruntime's exceptions share no base class of their own
            raise failure(f"{path.name} could not be loaded: {first_line(error)}") from error
        self.provider: str = self._session.get_providers()[0]
        self.passed_over: tuple[Verdict, ...] = tuple(verdict for verdict in tried if verdict.reason)

    @property
    def outputs(self) -> list[str]:
        """Names, in the file's order."""
        return [output.name for output in self._session.get_outputs()]

    def run(self, outputs: Sequence[str], feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """The named outputs. Raises the session's failure.

        A provider that stops where the CPU does not is replaced by the CPU for the rest of the process.
        """
        session = self._session
        try:
            return _run(session, outputs, feeds)
        except Exception as error:
            try:
                return self._run_on_cpu(session, error, outputs, feeds)
            except Exception as last:
                raise self._failure(f"onnxruntime stopped: {first_line(last)}") from last

    def _run_on_cpu(
        self,
        failed: onnxruntime.InferenceSession,
        error: Exception,
        outputs: Sequence[str],
        feeds: Mapping[str, np.ndarray],
    ) -> list[np.ndarray]:
        """Raises `error` again when it came from the CPU, and the CPU's own when the fault is the input's."""
        provider = failed.get_providers()[0]
        if provider == CPU:
            raise error
        with self._mend:
            replacement = self._open((CPU,)) if self._session is failed else self._session
        values = _run(replacement, outputs, feeds)
        with self._mend:
            if self._session is failed:
                verdict = condemn(self._path, provider, f"it stopped: {first_line(error)}")
                self._session, self.provider = replacement, CPU
                self.passed_over = (*self.passed_over, verdict)
        return values

    def _open(self, providers: tuple[str, ...]) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # as fast, and an encoder needs 270 MB instead of 470
        # threads wait for each other's part of a run awake, which is quicker, but not for the next run
        options.add_session_config_entry("session.force_spinning_stop", "1")
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(self._path), options, providers=list(providers))


def _run(
    session: onnxruntime.InferenceSession, outputs: Sequence[str], feeds: Mapping[str, np.ndarray]
) -> list[np.ndarray]:
    return [np.asarray(value) for value in session.run(list(outputs), dict(feeds))]
