"""Training needs the gradients that other tests with PyTorch do without."""

import pytest


@pytest.fixture(autouse=True)
def with_gradients(without_gradients):
    import torch  # which may not be there: then these tests are skipped

    with torch.enable_grad():
        yield
