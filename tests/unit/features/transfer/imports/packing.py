"""Pictures, and archives of whatever one likes."""

import io
import tarfile
import zipfile

import numpy as np
from PIL import Image as Picture


def picture(seed=0, kind="PNG", size=(8, 6)):
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    out = io.BytesIO()
    Picture.fromarray(pixels).save(out, kind)
    return out.getvalue()


def pack_zip(path, files, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def pack_tar(path, files, mode="w:gz", more=()):
    """`more`: TarInfos without contents."""
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in more:
            archive.addfile(info)
    return path
