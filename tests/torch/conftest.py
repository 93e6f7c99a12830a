"""What needs PyTorch: skipped as a whole, with the sentence that says how to get it, where it is not installed."""

from importlib.util import find_spec
from pathlib import Path

import pytest

NEEDED = ("torch", "onnx", "onnxscript", "safetensors")
SENTENCE = 'pip install ".[test,export]" runs this too: it needs PyTorch'


class WithoutTorch(pytest.Module):
    """A file of tests that is not even imported."""

    def collect(self):
        pytest.skip(SENTENCE, allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent):
    if all(find_spec(name) for name in NEEDED):
        return None
    return WithoutTorch.from_parent(parent, path=module_path)


@pytest.fixture(autouse=True)
def without_gradients():
    import torch

    with torch.no_grad():
        yield


@pytest.fixture(scope="session")
def mobile_sam_state():
    """Tensors of MobileSAM under the public checkpoint's names."""
    from tests.torch.bundled import mobile_sam_state

    return mobile_sam_state()


@pytest.fixture(scope="session")
def mobile_sam(mobile_sam_state):
    """MobileSAM with its real weights in PyTorch."""
    from server.modelkit.torch_sam.build import build_sam
    from server.modelkit.torch_sam.sizes import ARCHITECTURES

    sam = build_sam(ARCHITECTURES["vit_t"].encoder)
    sam.load_state_dict(mobile_sam_state, strict=True)
    return sam.requires_grad_(False)


@pytest.fixture(scope="session")
def mobile_sam_checkpoint(mobile_sam_state, tmp_path_factory) -> Path:
    """The same as a file, as `torch.save` writes it."""
    import torch

    path = tmp_path_factory.mktemp("checkpoints") / "mobile_sam.pt"
    torch.save(mobile_sam_state, path)
    return path


@pytest.fixture(scope="session")
def exported(mobile_sam_checkpoint, tmp_path_factory) -> Path:
    """MobileSAM with its real weights, everything asked for; the report lies beside it."""
    from tests.torch.exporting import export

    out = tmp_path_factory.mktemp("export") / "sam"
    report = out.with_suffix(".html")
    more = ("--reference-decoder", "--report", str(report), "--id", "my_sam", "--title", "<Mine>")
    assert export(mobile_sam_checkpoint, out, *more) == 0
    return out


@pytest.fixture(scope="session")
def tiny_vit_structure():
    """What torch exports of TinyViT, in bytes."""
    from server.modelkit.export.encoder_graph import export_structure
    from server.modelkit.torch_sam.build import build_encoder
    from server.modelkit.torch_sam.sizes import ARCHITECTURES
    from server.modelkit.torch_sam.tiny_vit import fold_norms

    encoder = build_encoder(ARCHITECTURES["vit_t"].encoder).eval().requires_grad_(False)
    fold_norms(encoder)
    return export_structure(encoder).SerializeToString()


@pytest.fixture
def one_picture(monkeypatch, tiny_vit_structure):
    """Verify on the first drawn picture only, and do not ask torch for MobileSAM's structure again."""
    import onnx

    from server.modelkit.export import encoder_graph, pictures

    first = pictures.drawn()[:1]
    monkeypatch.setattr(pictures, "drawn", lambda: first)
    structure = onnx.ModelProto.FromString
    monkeypatch.setattr(encoder_graph, "export_structure", lambda _: structure(tiny_vit_structure))
