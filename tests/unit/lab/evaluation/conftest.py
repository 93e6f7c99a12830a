"""Small datasets on disk."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def image_file(tmp_path) -> Callable[..., Path]:
    """Writes a grey gradient of width x height pixels to a path below the test's folder."""

    def write(name: str, width: int = 12, height: int = 8) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        row = np.linspace(0, 255, width).astype(np.uint8)
        Image.fromarray(np.tile(row[:, None].repeat(3, 1), (height, 1, 1))).save(path)
        return path

    return write


@pytest.fixture
def mask_file(tmp_path) -> Callable[..., Path]:
    """Writes an array as a picture; two values by default: a block of 255 on 0."""

    def write(name: str, values: np.ndarray | None = None, **save) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if values is None:
            values = np.zeros((8, 12), np.uint8)
            values[2:6, 3:9] = 255
        Image.fromarray(values).save(path, **save)
        return path

    return write
