"""Sessions: what loads, which provider runs it, and what becomes of one that is wrong, slow or stops."""

import threading
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from server.errors import DecodingFailed, EncodingFailed, SegmenterNotFound
from server.inference import providers
from server.inference.providers import CPU, Verdict, accelerators, fixed_input
from server.inference.sessions import Session

CUDA, DML = "CUDAExecutionProvider", "DmlExecutionProvider"
Real = onnxruntime.InferenceSession
FEEDS = {"x": np.ones((2, 3), np.float32), "rows": np.array([1], np.int32)}


def write_network(path: Path, factor: float = 2.0) -> Path:
    """y = factor * x + rows; x has an open dimension, rows is whole numbers."""
    nodes = [
        helper.make_node("Mul", ["x", "factor"], ["scaled"]),
        helper.make_node("Cast", ["rows"], ["float_rows"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["scaled", "float_rows"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3]),
            helper.make_tensor_value_info("rows", TensorProto.INT32, [1]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor("factor", TensorProto.FLOAT, [], [factor])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.save(model, str(path))
    return path


class Machine:
    """An onnxruntime that offers more than the CPU; what it offers runs on the CPU and misbehaves as told."""

    def __init__(self) -> None:
        self.offered: list[str] = []
        self.wrong: dict[str, float] = {}  # provider -> what it adds to every answer
        self.broken: set[str] = set()  # does not load a network
        self.stops: set[str] = set()  # fails when it runs
        self.absent: set[str] = set()  # onnxruntime quietly takes the CPU instead
        self.opened: list[str] = []
        self.runs: list[str] = []

    def open(self, path, options, providers):
        name = providers[0]
        self.opened.append(name)
        if name in self.broken:
            raise RuntimeError("no driver\nand more")
        return Fake(self, Real(path, options, providers=[CPU]), CPU if name in self.absent else name)


class Fake:
    def __init__(self, machine: Machine, session, name: str) -> None:
        self.machine, self.session, self.name = machine, session, name
        self.get_inputs, self.get_outputs = session.get_inputs, session.get_outputs

    def get_providers(self):
        return [self.name, CPU]

    def run(self, outputs, feeds):
        self.machine.runs.append(self.name)
        if self.name in self.machine.stops:
            raise RuntimeError("out of device memory")
        return [value + self.machine.wrong.get(self.name, 0) for value in self.session.run(outputs, feeds)]


@pytest.fixture
def machine(monkeypatch) -> Machine:
    """Seconds are those of a clock by which every run takes one tick, unless a test turns it."""
    fake = Machine()
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [*fake.offered, CPU])
    monkeypatch.setattr(onnxruntime, "InferenceSession", fake.open)
    monkeypatch.setattr(providers, "_verdicts", {})
    monkeypatch.setattr(providers.time, "perf_counter", lambda: float(len(fake.runs)))
    return fake


def answer(session: Session) -> np.ndarray:
    return session.run(["y"], FEEDS)[0]


def test_onnx_and_ort_files_load_and_run(tmp_path):
    path = write_network(tmp_path / "net.onnx")
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "net.ort")
    options.add_session_config_entry("session.save_model_format", "ORT")
    Real(str(path), options, providers=[CPU])
    for file in (path, tmp_path / "net.ort"):
        session = Session(file, 1)
        assert answer(session).tolist() == [[3.0] * 3] * 2
        assert session.provider == CPU
        assert session.passed_over == ()


def test_what_cannot_be_loaded_or_run_is_told_in_the_callers_terms(tmp_path):
    with pytest.raises(SegmenterNotFound, match=r"net\.onnx is missing"):
        Session(tmp_path / "net.onnx", 1)
    (tmp_path / "net.onnx").write_bytes(b"not a network")
    with pytest.raises(EncodingFailed, match=r"net\.onnx could not be loaded"):
        Session(tmp_path / "net.onnx", 1, EncodingFailed)
    session = Session(write_network(tmp_path / "net.onnx"), 1)
    with pytest.raises(DecodingFailed, match="onnxruntime stopped"):
        session.run(["y"], {"x": np.ones((2, 4), np.float32), "rows": np.array([1], np.int32)})


def test_the_fixed_input_is_the_same_every_time_and_of_the_networks_shapes(tmp_path):
    session = Real(str(write_network(tmp_path / "net.onnx")), providers=[CPU])
    feeds = fixed_input(session)
    assert feeds["x"].shape == (1, 3)
    assert feeds["x"].dtype == np.float32
    assert feeds["rows"].tolist() == [8]
    assert feeds["rows"].dtype == np.int32
    assert all(np.array_equal(feeds[name], fixed_input(session)[name]) for name in feeds)


def test_the_fastest_provider_on_offer_is_taken(tmp_path, machine):
    machine.offered = [DML, "AzureExecutionProvider", CUDA]
    assert accelerators() == (CUDA, DML)
    session = Session(write_network(tmp_path / "net.onnx"), 1)
    assert session.provider == CUDA
    assert session.passed_over == ()
    assert DML not in machine.opened
    assert answer(session).tolist() == [[3.0] * 3] * 2


def test_a_provider_is_compared_with_the_cpu_once_for_each_file(tmp_path, machine):
    machine.offered = [CUDA]
    path = write_network(tmp_path / "net.onnx")
    Session(path, 1)
    compared = len(machine.runs)
    assert compared == 6  # three runs each
    assert Session(path, 1).provider == CUDA
    assert len(machine.runs) == compared
    Session(write_network(tmp_path / "other.onnx"), 1)
    assert len(machine.runs) == 2 * compared


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("wrong", "its y differs from the CPU's by"),
        ("not a number", "its y differs from the CPU's by nan"),
        ("broken", "no driver"),
        ("stops", "out of device memory"),
        ("absent", "onnxruntime could not start it on this machine"),
    ],
)
def test_a_provider_that_is_not_right_is_passed_over_with_one_reason(tmp_path, machine, fault, reason):
    machine.offered = [CUDA, DML]
    if fault in ("wrong", "not a number"):
        machine.wrong[CUDA] = 0.1 if fault == "wrong" else float("nan")
    else:
        getattr(machine, fault).add(CUDA)
    session = Session(write_network(tmp_path / "net.onnx"), 1)
    assert session.provider == DML
    (verdict,) = session.passed_over
    assert verdict.provider == CUDA
    assert verdict.reason.startswith(reason)
    machine.opened.clear()
    assert Session(tmp_path / "net.onnx", 1).passed_over == (verdict,)
    assert CUDA not in machine.opened  # remembered


def test_a_small_difference_is_not_held_against_a_provider(tmp_path, machine):
    machine.offered, machine.wrong = [CUDA], {CUDA: 1e-3}  # of an answer around 8
    assert Session(write_network(tmp_path / "net.onnx"), 1).provider == CUDA


def test_a_provider_slower_than_the_cpu_is_passed_over(tmp_path, machine, monkeypatch):
    machine.offered = [CUDA]
    cost = {CUDA: 0.5, CPU: 0.25}
    monkeypatch.setattr(providers.time, "perf_counter", lambda: sum(cost[name] for name in machine.runs))
    session = Session(write_network(tmp_path / "net.onnx"), 1)
    assert session.provider == CPU
    assert session.passed_over == (Verdict(CUDA, "it is slower than the CPU: 0.500 s instead of 0.250 s"),)


def test_a_provider_that_stops_later_gives_way_to_the_cpu_for_good(tmp_path, machine):
    machine.offered = [CUDA]
    path = write_network(tmp_path / "net.onnx")
    session = Session(path, 1)
    machine.stops.add(CUDA)
    machine.runs.clear()
    assert answer(session).tolist() == [[3.0] * 3] * 2
    assert machine.runs == [CUDA, CPU]
    assert session.provider == CPU
    assert session.passed_over == (Verdict(CUDA, "it stopped: out of device memory"),)
    assert answer(session).tolist() == [[3.0] * 3] * 2
    assert machine.runs == [CUDA, CPU, CPU]
    assert Session(path, 1).provider == CPU


def test_many_threads_fall_back_to_one_session_of_the_cpu(tmp_path, machine):
    machine.offered = [CUDA]
    session = Session(write_network(tmp_path / "net.onnx"), 1)
    machine.stops.add(CUDA)
    answers: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: answers.append(answer(session))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.tolist() for one in answers] == [[[3.0] * 3] * 2] * 8
    assert session.provider == CPU
    assert len(session.passed_over) == 1


def test_a_fault_of_the_input_is_not_blamed_on_the_provider(tmp_path, machine):
    machine.offered = [CUDA]
    session = Session(write_network(tmp_path / "net.onnx"), 1)
    with pytest.raises(DecodingFailed, match="onnxruntime stopped"):
        session.run(["y"], {"x": np.ones((2, 4), np.float32), "rows": np.array([1], np.int32)})
    assert session.provider == CUDA
    assert session.passed_over == ()
