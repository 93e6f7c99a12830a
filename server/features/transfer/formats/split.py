"""Train, validation and test parts of a dataset: by a hash of each image's id, so that they never change."""

import hashlib
from dataclasses import dataclass

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class Split:
    """Shares of the whole; what they leave of 1 goes to train. Adding images moves none that were there."""

    val: float = 0.1
    test: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.val <= 1 and 0 <= self.test <= 1 and self.val + self.test <= 1):
            raise ValueError(
                "Shares of validation and test images are between 0 and 1, and together at most 1."
            )

    def of(self, image_id: str) -> str:
        """ "train", "val" or "test"; the same for the same id (or sha256) everywhere and for ever."""
        digest = hashlib.sha256(image_id.encode("utf-8", "surrogatepass")).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64  # [0, 1)
        if place < self.test:
            return "test"
        return "val" if place < self.test + self.val else "train"
