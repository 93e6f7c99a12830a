"""Which of onnxruntime's providers runs a network: the fastest that is offered and agrees with the CPU.

A provider for a graphics processor is tried once for each file and process: it must load the network, give the CPU's
answer to a fixed input, and be no slower. What came of it is remembered, and `samphire doctor` can ask.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

CPU = "CPUExecutionProvider"
# In order of speed. Each is offered by another build of onnxruntime; a build offers what it was made with.
PREFERRED = (
    "CUDAExecutionProvider",
    "CoreMLExecutionProvider",
    "DmlExecutionProvider",
    "OpenVINOExecutionProvider",
)
LARGEST_DIFFERENCE = (
    0.005  # of the answer's size, both as root mean squares; 10-bit mantissas (TF32) give 0.001
)
_OPEN_DIMENSION = (
    1  # what a dimension without a size gets in the fixed input; many exports only claim to take more
)
_WHOLE_NUMBER = 8  # every whole number in it; token extents, the only ones there are, run from 1 to 64

Open = Callable[[tuple[str, ...]], Any]  # providers -> onnxruntime's session


@dataclass(frozen=True)
class Verdict:
    """What came of trying a provider with a network. `reason` is empty when the provider is used."""

    provider: str
    reason: str = ""


_verdicts: dict[tuple[str, int, int, str], Verdict] = {}
_lock = threading.Lock()


def accelerators() -> tuple[str, ...]:
    """The providers beside the CPU that this onnxruntime offers, fastest first."""
    offered = onnxruntime.get_available_providers()
    return tuple(name for name in PREFERRED if name in offered)


def choose(path: Path, open_session: Open) -> tuple[Any, tuple[Verdict, ...]]:
    """A session of the network with the fastest provider that is right, and what came of each that was tried.

    The last resort is the CPU; raises what onnxruntime raises when even that cannot load the network.
    """
    tried: list[Verdict] = []
    for name in accelerators():
        session, verdict = _try(path, name, open_session)
        tried.append(verdict)
        if session is not None:
            return session, tuple(tried)
    return open_session((CPU,)), tuple(tried)


def condemn(path: Path, provider: str, reason: str) -> Verdict:
    """Remember that the provider stopped at run time: later sessions of this process pass it over."""
    verdict = Verdict(provider, reason)
    with _lock:
        _verdicts[_key(path, provider)] = verdict
    return verdict


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def _key(path: Path, provider: str) -> tuple[str, int, int, str]:
    stat = path.stat()
    return str(path.resolve()), stat.st_size, stat.st_mtime_ns, provider


def _try(path: Path, provider: str, open_session: Open) -> tuple[Any | None, Verdict]:
    """The session, or None with a reason. The comparison is made once; one thread makes it while others wait."""
    with _lock:
        known = _verdicts.get(key := _key(path, provider))
        if known is not None and known.reason:
            return None, known
        try:
            session = open_session((provider, CPU))
            reason = "" if known is not None else _compare(session, open_session)
        except Exception as error:  # onnxruntime's exceptions share no base class of their own
            session, reason = None, first_line(error)
        verdict = _verdicts[key] = Verdict(provider, reason)
    return (None if reason else session), verdict


def _compare(session: Any, open_session: Open) -> str:
    """Why the session may not replace one of the CPU; empty when it may."""
    if session.get_providers()[0] == CPU:  # onnxruntime falls back by itself where a driver is missing
        return "onnxruntime could not start it on this machine"
    feeds = fixed_input(session)
    reference = open_session((CPU,))
    expected, of_cpu = _timed(reference, feeds)
    found, of_provider = _timed(session, feeds)
    for output, right, other in zip(reference.get_outputs(), expected, found, strict=True):
        difference = _relative_difference(np.asarray(right, np.float64), np.asarray(other, np.float64))
        if not difference <= LARGEST_DIFFERENCE:  # also when it is not a number
            return f"its {output.name} differs from the CPU's by {difference:.2g} of its size"
    if of_provider > of_cpu:
        return f"it is slower than the CPU: {of_provider:.3f} s instead of {of_cpu:.3f} s"
    return ""


def fixed_input(session: Any) -> dict[str, np.ndarray]:
    """The same numbers every time, of the shapes the network asks for: floats around 0, whole numbers all 8."""
    generator = np.random.default_rng(0)
    feeds = {}
    for one in session.get_inputs():
        shape = [size if isinstance(size, int) else _OPEN_DIMENSION for size in one.shape]
        if "int" in one.type:
            feeds[one.name] = np.full(shape, _WHOLE_NUMBER, np.dtype(one.type[len("tensor(") : -1]))
        else:
            feeds[one.name] = generator.standard_normal(shape).astype(np.float32)
    return feeds


def _timed(session: Any, feeds: Mapping[str, np.ndarray]) -> tuple[list, float]:
    """Outputs, and the seconds of the better of two runs after a first one, which allocates and compiles."""
    outputs, seconds = session.run(None, dict(feeds)), []
    for _ in range(2):
        start = time.perf_counter()
        session.run(None, dict(feeds))
        seconds.append(time.perf_counter() - start)
    return outputs, min(seconds)


def _relative_difference(expected: np.ndarray, found: np.ndarray) -> float:
    if expected.shape != found.shape:
        return float("inf")
    size = np.sqrt(np.mean(expected**2)) or 1.0
    return float(np.sqrt(np.mean((expected - found) ** 2)) / size)
