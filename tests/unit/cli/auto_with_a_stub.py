"""`samphire` with the words given, in a process of its own, and an engine that finds two squares after a moment."""

import sys
import time

import numpy as np

from server.cli.main import main
from server.domain.runs import Window
from server.features.mask_runs import automatic
from server.features.prediction.scenes import Scenes
from server.inference.automask_types import AutomaticMask

SECONDS = 0.03  # an image


def found(decoder, view, size, settings, **_):
    time.sleep(SECONDS)
    windows = [Window(np.ones((side, side), bool), 3, 3) for side in (5, 15)]
    return [AutomaticMask.of(each, size, 0.9, 0.97, (4.0, 4.0), (0, 0, *size)) for each in windows]


if __name__ == "__main__":
    automatic.automatic_masks = found
    Scenes.open_automatic = lambda *_: (None, None)
    Scenes.have_ready = lambda *_: None
    print("ready", flush=True)
    sys.exit(main(sys.argv[1:]))
